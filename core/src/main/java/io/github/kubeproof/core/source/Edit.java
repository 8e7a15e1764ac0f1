package io.github.kubeproof.core.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch of a source text, and what is to stand there instead.
 *
 * @param span empty where something is only put in
 */
public record Edit(Source source, Span span, String text) {

  /** Whether both change the same text, so that only one of them can be made. */
  public boolean overlaps(Edit other) {
    return source == other.source
        && (start() == other.start() || (start() < other.end() && other.start() < end()));
  }

  /**
   * A text with all of its edits made.
   *
   * @param edits of this source, none of which overlaps another
   */
  public static String applied(Source source, Collection<Edit> edits) {
    List<Edit> sorted = edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList();
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (Edit edit : sorted) {
      if (edit.source != source || edit.start() < at) {
        throw new IllegalArgumentException("cannot be made: " + edit);
      }
      text.append(source.text(), at, edit.start()).append(edit.text);
      at = edit.end();
    }
    return text.append(source.text(), at, source.text().length()).toString();
  }

  int start() {
    return source.offset(span.line(), span.column());
  }

  int end() {
    return source.offset(span.endLine(), span.endColumn());
  }
}
