package io.github.kubeproof.core.manifest;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.annotations.SerializedName;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads nodes into the official models as strictly as the API server does, but to the end: what it
 * does not understand goes to {@link Faults}, and the rest of the object is still read.
 *
 * <p>A value of the wrong type is read as it was evidently meant where that is plain ({@code port:
 * "80"}, {@code policyTypes: Ingress}), so that one fault does not look like several.
 */
final class Decoder {

  private static final String MODELS = "io.kubernetes.client.openapi.models";

  private final Gson gson =
      new GsonBuilder().registerTypeAdapterFactory(new ModelFactory()).disableJdkUnsafe().create();

  /** Reads an object, or the part of one that the model describes. */
  <T> T read(Class<T> model, Node.Mapping tree, NodePath path, Faults faults, Origins origins) {
    NodeReader reader = new NodeReader(tree, path, faults, origins);
    try {
      return gson.getAdapter(model).read(reader);
    } catch (IOException impossible) {
      throw new UncheckedIOException("no bytes are read here", impossible);
    }
  }

  /** Adapters for everything that the models are made of, each made when it is first met. */
  private static final class ModelFactory implements TypeAdapterFactory {

    // Gson's factory method is generic in T; the adapter found for a type reads that type
    @SuppressWarnings("unchecked")
    @Override
    public @Nullable <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
      Class<? super T> raw = type.getRawType();
      if (raw.getName().startsWith(MODELS)) {
        return new ModelAdapter<>(gson, this, type);
      }
      if (raw == List.class) {
        return (TypeAdapter<T>) new ListAdapter<>(gson.getAdapter(argument(type, 0)));
      }
      if (raw == Map.class) {
        return (TypeAdapter<T>) new MapAdapter<>(gson.getAdapter(argument(type, 1)));
      }
      return (TypeAdapter<T>) Leaves.adapter(raw);
    }

    private static TypeToken<?> argument(TypeToken<?> type, int number) {
      Type[] arguments = ((ParameterizedType) type.getType()).getActualTypeArguments();
      return TypeToken.get(arguments[number]);
    }
  }

  /** An adapter that only reads. */
  abstract static class ReadingAdapter<T> extends TypeAdapter<T> {

    abstract @Nullable T read(NodeReader reader) throws IOException;

    @Override
    public final @Nullable T read(JsonReader in) throws IOException {
      return read((NodeReader) in);
    }

    @Override
    public final void write(JsonWriter out, T value) {
      throw new UnsupportedOperationException("models are never written");
    }
  }

  /** A model: a map of fixed fields, filled by Gson's own reflective adapter. */
  private static final class ModelAdapter<T> extends ReadingAdapter<T> implements Shape {
    private final Gson gson;
    private final TypeAdapterFactory factory;
    private final TypeToken<T> type;
    // made late: a Pod has 40 kinds of volumes, but hardly any manifest has more than four
    private volatile @Nullable Made<T> made;

    ModelAdapter(Gson gson, TypeAdapterFactory factory, TypeToken<T> type) {
      this.gson = gson;
      this.factory = factory;
      this.type = type;
    }

    /** What reading the first of a kind needs. */
    private record Made<T>(Set<String> fields, Set<String> required, TypeAdapter<T> filler) {}

    private Made<T> made() {
      Made<T> known = made;
      if (known == null) {
        known =
            new Made<>(
                names("openapiFields"),
                Required.of(type.getRawType().getSimpleName(), names("openapiRequiredFields")),
                gson.getDelegateAdapter(factory, type));
        made = known;
      }
      return known;
    }

    @SuppressWarnings("unchecked") // the generator of the models declares it so
    private Set<String> names(String constant) {
      try {
        return (Set<String>) type.getRawType().getField(constant).get(null);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(type + " is not a generated model", e);
      }
    }

    @Override
    @Nullable T read(NodeReader reader) throws IOException {
      NodePath path = reader.path();
      Node node = reader.node();
      if (NodeReader.isNull(node)) {
        // null as an item of a list: an object without any field, as in Go
        node = new Node.Mapping(List.of(), node.span());
        reader.replace(node);
      }
      if (!(node instanceof Node.Mapping map)) {
        reader.faults().mistyped(path, node, "a map");
        reader.skipValue();
        return null;
      }
      check(map, reader);
      reader.expect(this);
      T model = made().filler().read(reader);
      reader.origins().put(model, new Place(reader.faults().document(), path));
      return model;
    }

    private void check(Node.Mapping map, NodeReader reader) {
      Set<String> misspelt = new HashSet<>();
      for (Node.Entry entry : map.entries()) {
        if (!fields().contains(entry.key())) {
          Level level = new Level(this, reader.path(), reader.level());
          reader.faults().unknown(level, entry).ifPresent(misspelt::add);
        }
      }
      for (String field : made().required()) {
        if (!reader.insideStatus() && !misspelt.contains(field) && isUnset(map, field)) {
          reader.faults().missing(reader.path(), field);
        }
      }
    }

    @Override
    public Set<String> fields() {
      return made().fields();
    }

    @Override
    public Optional<Shape> below(String name) {
      for (Field field : type.getRawType().getDeclaredFields()) {
        SerializedName written = field.getAnnotation(SerializedName.class);
        if (written != null && written.value().equals(name)) {
          Type below = field.getGenericType();
          if (field.getType() == List.class) {
            below = ((ParameterizedType) below).getActualTypeArguments()[0];
          }
          return gson.getAdapter(TypeToken.get(below)) instanceof ModelAdapter<?> model
              ? Optional.of(model)
              : Optional.empty();
        }
      }
      return Optional.empty();
    }

    /** Whether a map looks like this model: every field known, none missing. */
    boolean fits(Node.Mapping map) {
      return !map.entries().isEmpty()
          && map.entries().stream().allMatch(entry -> fields().contains(entry.key()))
          && made().required().stream().allMatch(field -> map.get(field).isPresent());
    }
  }

  /** Whether a field is absent, or null, which is the same to the API server. */
  static boolean isUnset(Node.Mapping map, String field) {
    return map.get(field).filter(value -> !NodeReader.isNull(value)).isEmpty();
  }

  private static final class ListAdapter<E> extends ReadingAdapter<List<E>> {
    private final TypeAdapter<E> items;

    ListAdapter(TypeAdapter<E> items) {
      this.items = items;
    }

    @Override
    List<E> read(NodeReader reader) throws IOException {
      List<E> list = new ArrayList<>();
      Node node = reader.node();
      if (node instanceof Node.Sequence) {
        reader.beginArray();
        while (reader.hasNext()) {
          add(items.read(reader), list);
        }
        reader.endArray();
        return list;
      }
      if (NodeReader.isNull(node)) {
        reader.take();
        return list;
      }
      reader.faults().mistyped(reader.path(), node, "a list");
      if (isOneItem(node)) {
        add(items.read(reader), list);
      } else {
        reader.take();
      }
      return list;
    }

    // what could not be read was reported; a null would only trip up those who walk the list
    private static <E> void add(@Nullable E item, List<E> list) {
      if (item != null) {
        list.add(item);
      }
    }

    /** Whether a value was written where a list of just this value was meant. */
    private boolean isOneItem(Node node) {
      if (items instanceof ModelAdapter<?> model) {
        return node instanceof Node.Mapping map && model.fits(map);
      }
      return items == Leaves.STRING && node.asString().isPresent();
    }
  }

  private static final class MapAdapter<V> extends ReadingAdapter<Map<String, V>> {
    private final TypeAdapter<V> values;

    MapAdapter(TypeAdapter<V> values) {
      this.values = values;
    }

    @Override
    Map<String, V> read(NodeReader reader) throws IOException {
      Map<String, V> map = new LinkedHashMap<>();
      Node node = reader.node();
      if (!(node instanceof Node.Mapping)) {
        if (!NodeReader.isNull(node)) {
          reader.faults().mistyped(reader.path(), node, "a map");
        }
        reader.take();
        return map;
      }
      reader.beginObject();
      while (reader.hasNext()) {
        String key = reader.nextName();
        V value = values.read(reader);
        if (value != null) {
          map.put(key, value);
        }
      }
      reader.endObject();
      return map;
    }
  }
}
