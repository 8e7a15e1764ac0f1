package io.github.kubeproof.core.source;

/**
 * Why a document, or the whole file it stands in, cannot be read any further, and where; it becomes
 * the one problem of it.
 */
final class Refusal extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Problem.Kind kind;
  private final transient Span span;
  private final String reason;
  private final boolean wholeFile;

  private Refusal(Problem.Kind kind, Span span, String reason, boolean wholeFile) {
    // a refusal is an answer and not a fault: nobody reads its stack
    super(reason, null, false, false);
    this.kind = kind;
    this.span = span;
    this.reason = reason;
    this.wholeFile = wholeFile;
  }

  static Refusal syntax(Span span, String reason) {
    return new Refusal(Problem.Kind.SYNTAX, span, reason, false);
  }

  static Refusal limit(Span span, String reason) {
    return new Refusal(Problem.Kind.LIMIT, span, reason, false);
  }

  /** Takes the other documents of the file away, too. */
  static Refusal ofFile(Problem.Kind kind, Span span, String reason) {
    return new Refusal(kind, span, reason, true);
  }

  Problem.Kind kind() {
    return kind;
  }

  Span span() {
    return span;
  }

  boolean isOfWholeFile() {
    return wholeFile;
  }

  Problem problem(Source source) {
    return new Problem(kind, source, span, reason);
  }
}
