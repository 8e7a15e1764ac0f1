package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Something the reader must know about the run itself: what was skipped, what a limit cut, what
 * could not be decided.
 *
 * @param source null when it concerns the whole run; then span is null, too
 * @param incomplete whether an answer is missing because of it
 */
public record Notice(
    @Nullable Source source, @Nullable Span span, String message, boolean incomplete) {

  /** Those of the whole run first, then by file, position and message. */
  static final Comparator<Notice> ORDER =
      Comparator.comparing((Notice notice) -> notice.source == null ? "" : notice.source.name())
          .thenComparing(notice -> notice.span == null ? Span.at(1, 1) : notice.span)
          .thenComparing(Notice::message);

  static Notice of(Problem problem) {
    return new Notice(
        problem.source(),
        problem.span(),
        problem.message(),
        problem.kind() != Problem.Kind.TEMPLATE);
  }

  static Notice ofRun(String message) {
    return new Notice(null, null, message, true);
  }
}
