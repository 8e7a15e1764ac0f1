package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields and types of kinds that have no official model: Gateway API and the admin policies.
 *
 * <p>They are read from {@code catalogue.txt}, whose header says how it is written.
 */
final class Catalogue {

  /** What a value may be. */
  private sealed interface Type {}

  private enum Leaf implements Type {
    STRING,
    INT,
    BOOL,
    /** Anything: status is not ours to judge. */
    ANY,
    OBJECT_META
  }

  private record ListOf(Type items) implements Type {}

  private record MapOf(Type values) implements Type {}

  /** A shape by its name: shapes may come in any order in the file. */
  private record Named(String shape) implements Type {}

  private record FieldType(Type type, boolean required) {}

  private final class FieldShape implements Shape {
    private final Map<String, FieldType> fields = new LinkedHashMap<>();

    @Override
    public Set<String> fields() {
      return fields.keySet();
    }

    @Override
    public Optional<Shape> below(String field) {
      FieldType found = fields.get(field);
      Type type = found == null ? Leaf.ANY : found.type();
      if (type instanceof ListOf list) {
        type = list.items();
      }
      return type instanceof Named named ? Optional.of(shape(named)) : Optional.empty();
    }
  }

  /** The shape of each kind, by apiVersion and kind with a space between. */
  private final Map<String, Named> kinds = new HashMap<>();

  private final Map<String, FieldShape> shapes = new HashMap<>();
  private final Decoder decoder;

  /**
   * @param decoder reads the metadata, which is the same for all kinds
   */
  Catalogue(Decoder decoder) {
    this.decoder = decoder;
    InputStream bytes = Catalogue.class.getResourceAsStream("catalogue.txt");
    if (bytes == null) {
      throw new IllegalStateException("catalogue.txt is not beside its class");
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String line) {
    int colon = line.indexOf(": ");
    String name = line.substring(0, colon);
    String rest = line.substring(colon + 2);
    if (name.contains(" ")) {
      kinds.put(name, new Named(rest));
      return;
    }
    FieldShape shape = new FieldShape();
    for (String field : rest.split(" ", -1)) {
      int equals = field.indexOf('=');
      boolean required = field.charAt(equals - 1) == '!';
      shape.fields.put(
          field.substring(0, required ? equals - 1 : equals),
          new FieldType(type(field.substring(equals + 1)), required));
    }
    shapes.put(name, shape);
  }

  private static Type type(String text) {
    String inner = text.substring(1, Math.max(1, text.length() - 1));
    if (text.startsWith("[")) {
      return new ListOf(type(inner));
    }
    if (text.startsWith("{")) {
      return new MapOf(type(inner));
    }
    return switch (text) {
      case "string" -> Leaf.STRING;
      case "int" -> Leaf.INT;
      case "bool" -> Leaf.BOOL;
      case "any" -> Leaf.ANY;
      case "ObjectMeta" -> Leaf.OBJECT_META;
      default -> new Named(text);
    };
  }

  private FieldShape shape(Named name) {
    FieldShape shape = shapes.get(name.shape());
    if (shape == null) {
      throw new IllegalStateException("catalogue.txt has no line for " + name.shape());
    }
    return shape;
  }

  /** Checks an object of a kind that stands in the catalogue; does nothing for any other. */
  void check(String apiVersion, String kind, Node.Mapping tree, NodePath path, Faults faults) {
    Named known = kinds.get(apiVersion + " " + kind);
    if (known != null) {
      check(known, tree, path, null, faults);
    }
  }

  private void check(Type type, Node node, NodePath path, @Nullable Level outer, Faults faults) {
    if (NodeReader.isNull(node) || type == Leaf.ANY) {
      return;
    }
    if (type == Leaf.OBJECT_META || type instanceof Named) {
      if (!(node instanceof Node.Mapping map)) {
        faults.mistyped(path, node, "a map");
      } else if (type instanceof Named named) {
        checkFields(map, new Level(shape(named), path, outer), faults);
      } else {
        decoder.read(V1ObjectMeta.class, map, path, faults, new Origins());
      }
    } else if (type instanceof ListOf list) {
      if (!(node instanceof Node.Sequence sequence)) {
        faults.mistyped(path, node, "a list");
        return;
      }
      for (int i = 0; i < sequence.items().size(); i++) {
        check(list.items(), sequence.items().get(i), path.item(i), outer, faults);
      }
    } else if (type instanceof MapOf free) {
      if (!(node instanceof Node.Mapping map)) {
        faults.mistyped(path, node, "a map");
        return;
      }
      for (Node.Entry entry : map.entries()) {
        check(free.values(), entry.value(), path.key(entry.key()), outer, faults);
      }
    } else {
      checkLeaf((Leaf) type, node, path, faults);
    }
  }

  private void checkFields(Node.Mapping map, Level level, Faults faults) {
    FieldShape shape = (FieldShape) level.shape();
    Set<String> misspelt = new HashSet<>();
    for (Node.Entry entry : map.entries()) {
      FieldType field = shape.fields.get(entry.key());
      if (field == null) {
        faults.unknown(level, entry).ifPresent(misspelt::add);
      } else {
        check(field.type(), entry.value(), level.path().key(entry.key()), level, faults);
      }
    }
    shape.fields.forEach(
        (name, field) -> {
          if (field.required() && !misspelt.contains(name) && Decoder.isUnset(map, name)) {
            faults.missing(level.path(), name);
          }
        });
  }

  private static void checkLeaf(Leaf leaf, Node node, NodePath path, Faults faults) {
    Object value = node instanceof Node.Scalar scalar ? scalar.value() : null;
    switch (leaf) {
      case STRING -> {
        if (!(value instanceof String)) {
          faults.mistyped(path, node, "a string");
        }
      }
      case BOOL -> {
        if (!(value instanceof Boolean)) {
          faults.mistyped(path, node, "true or false");
        }
      }
      case INT -> {
        if (node instanceof Node.Scalar scalar) {
          Leaves.whole(scalar, path, Long.MIN_VALUE, Long.MAX_VALUE, faults);
        } else {
          faults.mistyped(path, node, "a number");
        }
      }
      case ANY, OBJECT_META -> throw new IllegalStateException(leaf + " is no leaf");
    }
  }
}
