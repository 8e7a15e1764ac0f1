package io.github.kubeproof.core.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way from the root of a document to a node, written as the API server writes fields: {@code
 * spec.ports[0].port}.
 */
public final class NodePath {

  public static final NodePath ROOT = new NodePath(null, null, -1);

  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

  private final @Nullable NodePath parent;
  private final @Nullable String key;
  private final int index;

  private NodePath(@Nullable NodePath parent, @Nullable String key, int index) {
    this.parent = parent;
    this.key = key;
    this.index = index;
  }

  public NodePath key(String name) {
    return new NodePath(this, name, -1);
  }

  /** The path of an item of a list; items count from 0. */
  public NodePath item(int number) {
    return new NodePath(this, null, number);
  }

  /** Keys and item numbers one after another: {@code path.then("spec", "ports", 0)}. */
  public NodePath then(Object... steps) {
    NodePath path = this;
    for (Object step : steps) {
      path = step instanceof Integer number ? path.item(number) : path.key((String) step);
    }
    return path;
  }

  /** Keys and item numbers from the root on; what {@link #then} takes. */
  public List<Object> steps() {
    Deque<Object> steps = new ArrayDeque<>();
    for (NodePath at = this; at.parent != null; at = at.parent) {
      steps.addFirst(at.key != null ? at.key : (Object) at.index);
    }
    return List.copyOf(steps);
  }

  /** The way on from a path above this one; empty when this one is not below it. */
  public Optional<NodePath> below(NodePath top) {
    List<Object> steps = steps();
    List<Object> above = top.steps();
    return steps.size() >= above.size() && steps.subList(0, above.size()).equals(above)
        ? Optional.of(ROOT.then(steps.subList(above.size(), steps.size()).toArray()))
        : Optional.empty();
  }

  public boolean isRoot() {
    return parent == null;
  }

  /** The path without its last step; null for the root. */
  @Nullable NodePath parent() {
    return parent;
  }

  /** The key of the last step; null for an item of a list and for the root. */
  @Nullable String lastKey() {
    return key;
  }

  /** The number of the last step, from 0; -1 when it is a key. */
  int lastIndex() {
    return index;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodePath path
        && index == path.index
        && Objects.equals(key, path.key)
        && Objects.equals(parent, path.parent);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Objects.hashCode(parent) + Objects.hashCode(key)) + index;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.toString();
  }

  private void write(StringBuilder text) {
    if (parent == null) {
      return;
    }
    parent.write(text);
    if (key == null) {
      text.append('[').append(index).append(']');
    } else if (PLAIN_KEY.matcher(key).matches()) {
      text.append(text.isEmpty() ? "" : ".").append(key);
    } else {
      text.append('[').append(key).append(']');
    }
  }
}
