package io.github.kubeproof.core.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something about the input itself that keeps it from being read in full.
 *
 * @param span where in the source; line 1, column 1 when it concerns the whole file
 * @param message what is wrong, in one line
 * @param place the field that is wrong, which need not be there; null where the text could not be
 *     read so far
 * @param remedy what was meant instead, where that is beyond doubt; otherwise empty
 */
public record Problem(
    Kind kind, Source source, Span span, String message, @Nullable Place place, List<Edit> remedy) {

  public Problem {
    remedy = List.copyOf(remedy);
  }

  /** Something that concerns a text, not a field. */
  public Problem(Kind kind, Source source, Span span, String message) {
    this(kind, source, span, message, null, List.of());
  }

  /** Something that concerns a field. */
  public static Problem at(Kind kind, Place place, Span span, String message) {
    return new Problem(kind, place.source(), span, message, place, List.of());
  }

  /** The same problem, with what was meant instead. */
  public Problem withRemedy(List<Edit> edits) {
    return new Problem(kind, source, span, message, place, edits);
  }

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
    /** A kustomization or chart that could not be rendered, so its parts stand for it. */
    UNRENDERED,
    /** The text is not YAML, or not JSON. */
    SYNTAX,
    DUPLICATE_KEY,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    MISSING_FIELD,
    /** A value of the right type that the schema of its kind does not take. */
    INVALID_VALUE,
    /** Values that the schema of their kind does not take together. */
    CONTRADICTION;

    /** Whether the manifest itself is wrong, so that a rule speaks of it. */
    public boolean isFault() {
      return this != UNREADABLE && this != LIMIT && this != TEMPLATE && this != UNRENDERED;
    }
  }
}
