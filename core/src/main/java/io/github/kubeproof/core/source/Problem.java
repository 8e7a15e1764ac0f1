package io.github.kubeproof.core.source;

/**
 * Something about the input itself that keeps it from being read in full.
 *
 * @param span where in the source; line 1, column 1 when it concerns the whole file
 * @param message what is wrong, in one line
 */
public record Problem(Kind kind, Source source, Span span, String message) {

  /**
   * What happened; {@link #isFault()} tells a fault of the manifest from a choice of ours that is
   * said aloud.
   */
  public enum Kind {
    /** The file cannot be opened or is not text. */
    UNREADABLE,
    /** A limit of ours was reached: size, depth, aliases, links. */
    LIMIT,
    /** A raw template of Helm or Go, which is no manifest until it is rendered. */
    TEMPLATE,
    /** The text is not YAML, or not JSON. */
    SYNTAX,
    DUPLICATE_KEY,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    MISSING_FIELD;

    /** Whether the manifest itself is wrong, so that a rule speaks of it. */
    public boolean isFault() {
      return this != UNREADABLE && this != LIMIT && this != TEMPLATE;
    }
  }
}
