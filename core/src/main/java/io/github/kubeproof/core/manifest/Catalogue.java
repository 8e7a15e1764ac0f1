package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of kinds that have no official model: Gateway API and the admin policies.
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
    private final List<String> lines = new ArrayList<>();
    // read late, for few of the shapes are ever met; reading them twice does no harm
    private volatile @Nullable Facts facts;

    Facts facts() {
      Facts read = facts;
      if (read == null) {
        read = Facts.of(lines);
        facts = read;
      }
      return read;
    }

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

  /** What is asked of a value: the facts of a shape about one of its fields, or about itself. */
  private record Asked(Facts facts, String field) {
    Asked items() {
      return new Asked(facts, field + "[]");
    }

    Asked values() {
      return new Asked(facts, field + "{}");
    }
  }

  /** The way through one object: its faults, and the rules to ask when it has none. */
  private record Walk(Faults faults, List<Runnable> rules) {
    /** What is asked of a value whose type is right. */
    void ask(Asked asked, Node value, NodePath path) {
      asked.facts().check(asked.field(), value, path, faults);
      if (asked.facts().hasRules(asked.field())) {
        rules.add(() -> asked.facts().checkRules(asked.field(), value, path, faults));
      }
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
      FieldShape shape = new FieldShape();
      for (String line : lines.lines().filter(line -> !line.isEmpty()).toList()) {
        if (line.startsWith("- ")) {
          shape.lines.add(line.substring(2));
        } else if (!line.startsWith("#")) {
          shape = add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shape that a line tells of; a new one for a kind, of which nothing more is said. */
  private FieldShape add(String line) {
    int colon = line.indexOf(": ");
    String name = line.substring(0, colon);
    String rest = line.substring(colon + 2);
    if (name.contains(" ")) {
      kinds.put(name, new Named(rest));
      return new FieldShape();
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
    return shape;
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
    if (known == null) {
      return;
    }
    Walk walk = new Walk(faults, new ArrayList<>());
    Asked nothing = new Asked(Facts.of(List.of()), Facts.SELF);
    check(known, nothing, complete(known, tree), path, null, walk);
    // the server, too, asks its rules only of what is sound; unknown fields it has dropped by then
    if (faults.problems().stream()
        .allMatch(problem -> problem.kind() == Problem.Kind.UNKNOWN_FIELD)) {
      walk.rules().forEach(Runnable::run);
    }
  }

  /**
   * A value with the defaults that the server fills in, at any depth; a null is given them, too.
   */
  private Node complete(Type type, Node node) {
    if (type instanceof ListOf list && node instanceof Node.Sequence sequence) {
      return new Node.Sequence(
          sequence.items().stream().map(item -> complete(list.items(), item)).toList(),
          node.span());
    }
    if (type instanceof MapOf free && node instanceof Node.Mapping map) {
      return new Node.Mapping(
          map.entries().stream()
              .map(e -> new Node.Entry(e.key(), e.keySpan(), complete(free.values(), e.value())))
              .toList(),
          node.span());
    }
    if (!(type instanceof Named named) || !(node instanceof Node.Mapping map)) {
      return node;
    }
    FieldShape shape = shape(named);
    List<Node.Entry> entries = new ArrayList<>();
    for (Node.Entry entry : map.entries()) {
      FieldType field = shape.fields.get(entry.key());
      Node value = entry.value();
      if (field != null && NodeReader.isNull(value)) {
        value = shape.facts().defaultOf(entry.key()).orElse(value);
      }
      entries.add(
          field == null
              ? entry
              : new Node.Entry(entry.key(), entry.keySpan(), complete(field.type(), value)));
    }
    for (String name : shape.facts().fieldsWithDefaults()) {
      FieldType field = shape.fields.get(name);
      if (field != null && map.get(name).isEmpty()) {
        Node value = complete(field.type(), shape.facts().defaultOf(name).orElseThrow());
        entries.add(new Node.Entry(name, map.span(), value));
      }
    }
    return new Node.Mapping(entries, map.span());
  }

  private void check(
      Type type, Asked asked, Node node, NodePath path, @Nullable Level outer, Walk walk) {
    if (type == Leaf.ANY) {
      return;
    }
    if (type == Leaf.OBJECT_META || type instanceof Named) {
      if (!(node instanceof Node.Mapping map)) {
        walk.faults().mistyped(path, node, "a map");
      } else if (type instanceof Named named) {
        checkFields(asked, map, new Level(shape(named), path, outer), walk);
      } else {
        decoder.read(V1ObjectMeta.class, map, path, walk.faults(), new Origins());
      }
    } else if (type instanceof ListOf list) {
      if (!(node instanceof Node.Sequence sequence)) {
        walk.faults().mistyped(path, node, "a list");
        return;
      }
      for (int i = 0; i < sequence.items().size(); i++) {
        check(list.items(), asked.items(), sequence.items().get(i), path.item(i), outer, walk);
      }
      walk.ask(asked, sequence, path);
    } else if (type instanceof MapOf free) {
      if (!(node instanceof Node.Mapping map)) {
        walk.faults().mistyped(path, node, "a map");
        return;
      }
      for (Node.Entry entry : map.entries()) {
        if (!NodeReader.isNull(entry.value())) {
          NodePath below = path.key(entry.key());
          check(free.values(), asked.values(), entry.value(), below, outer, walk);
        }
      }
      walk.ask(asked, map, path);
    } else if (checkLeaf((Leaf) type, node, path, walk.faults())) {
      walk.ask(asked, node, path);
    }
  }

  private void checkFields(Asked asked, Node.Mapping map, Level level, Walk walk) {
    FieldShape shape = (FieldShape) level.shape();
    Faults faults = walk.faults();
    Set<String> misspelt = new HashSet<>();
    for (Node.Entry entry : map.entries()) {
      FieldType field = shape.fields.get(entry.key());
      if (field == null) {
        faults.unknown(level, entry).ifPresent(misspelt::add);
      } else if (!NodeReader.isNull(entry.value())) {
        NodePath below = level.path().key(entry.key());
        Asked next = new Asked(shape.facts(), entry.key());
        check(field.type(), next, entry.value(), below, level, walk);
      }
    }
    shape.fields.forEach(
        (name, field) -> {
          if (field.required() && !misspelt.contains(name) && Decoder.isUnset(map, name)) {
            faults.missing(level.path(), name);
          }
        });
    walk.ask(asked, map, level.path());
    walk.ask(new Asked(shape.facts(), Facts.SELF), map, level.path());
  }

  /** Whether a value has the type of a leaf. */
  private static boolean checkLeaf(Leaf leaf, Node node, NodePath path, Faults faults) {
    Object value = node instanceof Node.Scalar scalar ? scalar.value() : null;
    boolean right =
        switch (leaf) {
          case STRING -> value instanceof String;
          case BOOL -> value instanceof Boolean;
          case INT -> {
            if (!(node instanceof Node.Scalar scalar) || scalar.isNull()) {
              faults.mistyped(path, node, "a number");
              yield false;
            }
            // says itself what is wrong
            yield Leaves.whole(scalar, path, Long.MIN_VALUE, Long.MAX_VALUE, faults) != null;
          }
          case ANY, OBJECT_META -> throw new IllegalStateException(leaf + " is no leaf");
        };
    if (!right && leaf != Leaf.INT) {
      faults.mistyped(path, node, leaf == Leaf.STRING ? "a string" : "true or false");
    }
    return right && value != null;
  }
}
