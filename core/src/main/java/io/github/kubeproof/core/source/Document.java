package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Sequence;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One YAML or JSON document of a file: its tree of nodes, and its number in the file, counted from
 * 0.
 *
 * <p>What a kustomization or a chart is rendered to is a document, too: of the file that it was
 * made from, with the values as they were rendered, each at the place that comes nearest to it.
 */
public final class Document {

  private final Source source;
  private final int index;
  private final Node root;
  private final @Nullable Document renderedBy;

  public Document(Source source, int index, Node root) {
    this(source, index, root, null);
  }

  private Document(Source source, int index, Node root, @Nullable Document renderedBy) {
    this.source = source;
    this.index = index;
    this.root = root;
    this.renderedBy = renderedBy;
  }

  /**
   * An object that was not written as it is.
   *
   * @param source the file that most of it comes from
   * @param by the kustomization or the chart
   */
  public static Document rendered(Source source, int index, Node root, Document by) {
    return new Document(source, index, root, by);
  }

  public Source source() {
    return source;
  }

  public int index() {
    return index;
  }

  public Node root() {
    return root;
  }

  /**
   * The {@code kustomization.yaml} or {@code Chart.yaml} whose rendering this is; empty for what
   * was written so, which is all that can be edited.
   */
  public Optional<Document> renderedBy() {
    return Optional.ofNullable(renderedBy);
  }

  /** The file that says where this is deployed: its own, or that of what rendered it. */
  public Source home() {
    return renderedBy == null ? source : renderedBy.source;
  }

  public Place at(NodePath path) {
    return new Place(this, path);
  }

  /** The node at a path; absent when nothing was written there. */
  public Optional<Node> find(NodePath path) {
    return Optional.ofNullable(walk(path));
  }

  /**
   * The span to underline for a path: a scalar's value, the key of a map or list, the nearest
   * ancestor of what is absent.
   */
  Span span(NodePath path) {
    for (NodePath at = path; at != null; at = at.parent()) {
      Node node = walk(at);
      if (node != null) {
        return at.equals(path) ? pointAt(at, node) : keyOrStart(at, node);
      }
    }
    return root.span();
  }

  /** The span of the key of a path; what {@link #span} says where it has none. */
  Span keySpan(NodePath path) {
    Node node = walk(path);
    return node == null ? span(path) : keyOrStart(path, node);
  }

  /**
   * Everything that belongs to a path: from its key, or the start of its item, to the end of its
   * value.
   */
  Span extent(NodePath path) {
    Node node = walk(path);
    if (node == null) {
      return span(path);
    }
    if (path.lastKey() == null) {
      return node.span();
    }
    Span start = keyOrStart(path, node);
    // an alias points back to where its anchor stands
    return start.compareTo(node.span()) <= 0 ? start.to(node.span()) : start;
  }

  private Span pointAt(NodePath path, Node node) {
    Span key = keyOrStart(path, node);
    boolean readable =
        node instanceof Node.Scalar scalar
            && !scalar.text().isEmpty()
            && key.line() == node.span().line();
    return readable ? node.span() : key;
  }

  private Span keyOrStart(NodePath path, Node node) {
    String key = path.lastKey();
    NodePath parent = path.parent();
    if (key != null && parent != null && walk(parent) instanceof Mapping mapping) {
      Optional<Entry> entry = mapping.entry(key);
      if (entry.isPresent()) {
        return entry.get().keySpan();
      }
    }
    if (node instanceof Mapping mapping && !mapping.entries().isEmpty()) {
      return mapping.entries().get(0).keySpan();
    }
    return node.span();
  }

  private @Nullable Node walk(NodePath path) {
    NodePath parent = path.parent();
    if (parent == null) {
      return root;
    }
    Node node = walk(parent);
    String key = path.lastKey();
    if (key != null) {
      return node instanceof Mapping mapping ? mapping.get(key).orElse(null) : null;
    }
    if (node instanceof Sequence sequence && path.lastIndex() < sequence.items().size()) {
      return sequence.items().get(path.lastIndex());
    }
    return null;
  }

  @Override
  public String toString() {
    return source.name() + "#" + index;
  }
}
