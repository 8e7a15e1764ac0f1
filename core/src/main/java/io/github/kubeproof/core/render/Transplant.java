package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Node.Sequence;
import io.github.kubeproof.core.source.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives the parts of a rendered object the places that they have in the object as it was written:
 * what was taken over its own place, what was changed the place of what it was before, and what was
 * added the place around it.
 */
final class Transplant {

  /** What items of lists are known by, as in patches. */
  private static final List<List<String>> KEYS =
      List.of(
          List.of("name"),
          List.of("containerPort", "protocol"),
          List.of("port", "protocol"),
          List.of("key"),
          List.of("host"),
          List.of("path"),
          List.of("mountPath"),
          List.of("ip"));

  private Transplant() {}

  /**
   * The rendered values at written places.
   *
   * @param around where to point for what was added
   */
  static Node onto(Node written, Node rendered, Span around) {
    if (rendered.hasValuesOf(written)) {
      return written;
    }
    if (rendered instanceof Mapping mapping && written instanceof Mapping old) {
      List<Entry> entries = new ArrayList<>();
      for (Entry was : old.entries()) { // in the order written, as the first key is pointed at
        mapping
            .get(was.key())
            .map(value -> onto(was.value(), value, was.keySpan()))
            .ifPresent(value -> entries.add(new Entry(was.key(), was.keySpan(), value)));
      }
      for (Entry entry : mapping.entries()) {
        if (old.get(entry.key()).isEmpty()) {
          entries.add(new Entry(entry.key(), around, all(entry.value(), around)));
        }
      }
      return new Mapping(entries, old.span());
    }
    if (rendered instanceof Sequence list && written instanceof Sequence old) {
      Node[] partners = partners(list.items(), old.items());
      List<Node> items = new ArrayList<>();
      for (int i = 0; i < partners.length; i++) {
        Node item = list.items().get(i);
        @Nullable Node partner = partners[i];
        items.add(partner == null ? all(item, around) : onto(partner, item, start(partner)));
      }
      return new Sequence(items, old.span());
    }
    return rendered instanceof Scalar scalar && written instanceof Scalar old
        ? new Scalar(scalar.value(), scalar.text(), old.span())
        : all(rendered, around);
  }

  /** Everything at one place. */
  static Node all(Node node, Span span) {
    if (node instanceof Mapping mapping) {
      return new Mapping(
          mapping.entries().stream()
              .map(entry -> new Entry(entry.key(), span, all(entry.value(), span)))
              .toList(),
          span);
    }
    if (node instanceof Sequence sequence) {
      return new Sequence(sequence.items().stream().map(item -> all(item, span)).toList(), span);
    }
    Scalar scalar = (Scalar) node;
    return new Scalar(scalar.value(), scalar.text(), span);
  }

  /** What to underline for an object or an item: its first key, or the whole of what has none. */
  static Span start(Node node) {
    return node instanceof Mapping mapping && !mapping.entries().isEmpty()
        ? mapping.entries().get(0).keySpan()
        : node.span();
  }

  /** For each item the one that it was before; null for one that was added. */
  private static @Nullable Node[] partners(List<Node> items, List<Node> written) {
    @Nullable Node[] partners = new @Nullable Node[items.size()];
    BitSet taken = new BitSet();
    for (int i = 0; i < items.size(); i++) {
      for (int j = 0; j < written.size() && partners[i] == null; j++) {
        if (!taken.get(j) && items.get(i).hasValuesOf(written.get(j))) {
          partners[i] = written.get(j);
          taken.set(j);
        }
      }
    }
    for (int i = 0; i < items.size(); i++) {
      for (int j = 0; j < written.size() && partners[i] == null; j++) {
        if (!taken.get(j) && isOneItem(items.get(i), written.get(j))) {
          partners[i] = written.get(j);
          taken.set(j);
        }
      }
    }
    if (items.size() == written.size()) {
      for (int i = 0; i < items.size(); i++) {
        if (partners[i] == null && !taken.get(i)) {
          partners[i] = written.get(i);
        }
      }
    }
    return partners;
  }

  private static boolean isOneItem(Node item, Node written) {
    if (!(item instanceof Mapping mapping && written instanceof Mapping old)) {
      return false;
    }
    for (List<String> keys : KEYS) {
      if (mapping.get(keys.get(0)).isPresent() || old.get(keys.get(0)).isPresent()) {
        return keys.stream().allMatch(key -> isSame(mapping.get(key), old.get(key)));
      }
    }
    return false;
  }

  private static boolean isSame(Optional<Node> one, Optional<Node> other) {
    return one.isPresent() == other.isPresent()
        && (one.isEmpty() || one.get().hasValuesOf(other.orElseThrow()));
  }
}
