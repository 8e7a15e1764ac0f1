package io.github.kubeproof.core.source;

import java.util.Optional;

/**
 * Where something was written, kept as a path; line and column are worked out only when somebody is
 * shown them.
 */
public record Place(Document document, NodePath path) {

  /** The smallest thing to underline; for a field that is absent, the nearest key around it. */
  public Span span() {
    return document.span(path);
  }

  /** The key of what was written here: what to underline when that is wrong, and not its value. */
  public Span keySpan() {
    return document.keySpan(path);
  }

  /**
   * The whole of what was written here, key and value with all below it: what a suppression covers.
   */
  public Span extent() {
    return document.extent(path);
  }

  /**
   * A stretch of the text that is written here, such as a word of a program's configuration in a
   * block scalar; the {@linkplain #span() whole} where nobody can tell.
   *
   * @param line of the text, counted from 1
   * @param column in that line, in code points, counted from 1
   * @param length in code points
   */
  public Span within(int line, int column, int length) {
    return node()
        .flatMap(node -> ScalarText.find(source(), node, line, column))
        .map(start -> new Span(start.line(), start.column(), start.line(), start.column() + length))
        .orElseGet(this::span);
  }

  public Source source() {
    return document.source();
  }

  /** What was written here; absent when nothing was. */
  public Optional<Node> node() {
    return document.find(path);
  }

  /** A place below this one: {@code place.then("ports", 0, "endPort")}. */
  public Place then(Object... steps) {
    return new Place(document, path.then(steps));
  }

  /** {@code file.yaml:12:5}. */
  @Override
  public String toString() {
    Span span = span();
    return source().name() + ":" + span.line() + ":" + span.column();
  }
}
