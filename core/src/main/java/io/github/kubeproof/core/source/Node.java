package io.github.kubeproof.core.source;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a YAML document as kubectl sees it: aliases and merges are resolved, scalars typed as
 * go-yaml types them, and everything knows where it was written.
 *
 * <p>An alias shares the node of its anchor, so one node may stand under several paths; its span is
 * the anchor's.
 */
public sealed interface Node {

  Span span();

  /** What kind of node it is, as a reader of the manifest would say: "a string", "a list", ... */
  String described();

  /**
   * A leaf.
   *
   * @param value a {@link String}, {@link Boolean}, {@link Long}, {@link Double} or null
   * @param text the text as written, without quotes
   */
  record Scalar(@Nullable Object value, String text, Span span) implements Node {

    public boolean isNull() {
      return value == null;
    }

    @Override
    public String described() {
      if (value == null) {
        return "null";
      }
      if (value instanceof Boolean) {
        return "the boolean " + value;
      }
      return value instanceof String ? "the string \"" + value + "\"" : "the number " + text;
    }
  }

  /** A list. */
  record Sequence(List<Node> items, Span span) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String described() {
      return "a list";
    }
  }

  /** A map, in the order written; of duplicate keys only the last is kept, as kubectl does. */
  record Mapping(List<Entry> entries, Span span) implements Node {
    public Mapping {
      entries = List.copyOf(entries);
    }

    /** The value of a key; absent when the key is not there. A null value is a {@link Scalar}. */
    public Optional<Node> get(String key) {
      return entry(key).map(Entry::value);
    }

    /** The key and value; absent when the key is not there. */
    public Optional<Entry> entry(String key) {
      for (Entry entry : entries) {
        if (entry.key().equals(key)) {
          return Optional.of(entry);
        }
      }
      return Optional.empty();
    }

    /** The string under a key; absent when the key is missing or its value is not a string. */
    public Optional<String> string(String key) {
      return get(key).flatMap(Node::asString);
    }

    /** The map under a key; absent when the key is missing or its value is no map. */
    public Optional<Mapping> mapping(String key) {
      return get(key).flatMap(Node::asMapping);
    }

    /** The items of the list below some keys; none where it is missing. */
    public List<Node> items(String... keys) {
      Optional<Node> at = Optional.of(this);
      for (String key : keys) {
        at = at.flatMap(Node::asMapping).flatMap(mapping -> mapping.get(key));
      }
      return at.map(Node::asItems).orElse(List.of());
    }

    @Override
    public String described() {
      return "a map";
    }
  }

  /**
   * A key of a map with its value; the key is text, as in JSON (an unquoted {@code y} is {@code
   * true}).
   */
  record Entry(String key, Span keySpan, Node value) {}

  default Optional<String> asString() {
    return this instanceof Scalar scalar && scalar.value() instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  default Optional<Mapping> asMapping() {
    return this instanceof Mapping mapping ? Optional.of(mapping) : Optional.empty();
  }

  /** Whether another node has the same values, wherever they were written; keys in any order. */
  default boolean hasValuesOf(Node other) {
    if (this instanceof Mapping mapping && other instanceof Mapping theirs) {
      return mapping.entries().size() == theirs.entries().size()
          && mapping.entries().stream()
              .allMatch(
                  entry -> theirs.get(entry.key()).filter(entry.value()::hasValuesOf).isPresent());
    }
    if (this instanceof Sequence sequence && other instanceof Sequence theirs) {
      boolean same = sequence.items().size() == theirs.items().size();
      for (int i = 0; same && i < sequence.items().size(); i++) {
        same = sequence.items().get(i).hasValuesOf(theirs.items().get(i));
      }
      return same;
    }
    return this instanceof Scalar scalar
        && other instanceof Scalar theirs
        && Objects.equals(scalar.value(), theirs.value());
  }

  /** The items of a list; empty for anything else. */
  default List<Node> asItems() {
    return this instanceof Sequence sequence ? sequence.items() : List.of();
  }
}
