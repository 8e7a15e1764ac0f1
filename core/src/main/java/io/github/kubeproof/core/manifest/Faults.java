package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is wrong with one object; it grows while the object is read. */
final class Faults {

  /** Longer texts are cut in messages, which are one line. */
  private static final int READABLE = 120;

  private final Document document;
  private final String kind;
  private final int prefix;
  private final List<Problem> problems = new ArrayList<>();
  private boolean patch;

  /**
   * @param object the path of the object, which is not the root for an item of a list
   */
  Faults(Document document, String kind, NodePath object) {
    this.document = document;
    this.kind = readable(kind);
    this.prefix = object.toString().length();
  }

  List<Problem> problems() {
    return problems;
  }

  /** Whether a directive of a strategic merge patch was met: then this is no object. */
  boolean isPatch() {
    return patch;
  }

  Document document() {
    return document;
  }

  /**
   * A key that the map at {@code level} does not have.
   *
   * @return the field that it was probably meant to be, when it looks like a slip of the finger
   */
  Optional<String> unknown(Level level, Node.Entry entry) {
    if (entry.key().startsWith("$")) {
      patch = true;
    }
    // the API server writes unknown keys as they are, with dots
    String parent = field(level.path());
    String name = parent.isEmpty() ? entry.key() : parent + "." + entry.key();
    String hint = Hints.forField(entry, level, this);
    NodePath at = level.path().key(entry.key());
    Optional<String> meant = Spelling.nearest(entry.key(), level.shape().fields());
    Problem problem =
        Problem.at(
            Problem.Kind.UNKNOWN_FIELD,
            document.at(at),
            entry.keySpan(),
            "unknown field \"" + readable(name) + "\" in " + kind + hint);
    problems.add(
        meant
            .filter(field -> isOnlyNeighbour(field, entry.key(), level))
            .map(field -> problem.withRemedy(Edits.rename(document.at(at), field)))
            .orElse(problem));
    return meant;
  }

  /** Whether one letter, or the case of some, tells a field from what is written, and no other. */
  private static boolean isOnlyNeighbour(String field, String written, Level level) {
    return isNeighbour(field, written)
        && level.shape().fields().stream().filter(one -> isNeighbour(one, written)).count() == 1;
  }

  private static boolean isNeighbour(String field, String written) {
    return field.length() >= 4
        && Spelling.distance(field.toLowerCase(Locale.ROOT), written.toLowerCase(Locale.ROOT)) <= 1;
  }

  /**
   * A value of the wrong type.
   *
   * @param wanted what it must be, as in {@code a number}
   */
  void mistyped(NodePath at, Node value, String wanted) {
    String name = field(at);
    Problem problem =
        Problem.at(
            Problem.Kind.WRONG_TYPE,
            document.at(at),
            document.at(at).span(),
            (name.isEmpty() ? "the object" : readable(name))
                + " is "
                + described(value)
                + ", but must be "
                + wanted);
    problems.add(
        meant(value, wanted)
            .map(meant -> problem.withRemedy(Edits.value(document.at(at), meant)))
            .orElse(problem));
  }

  /** The same value in the type that is wanted, where its text says the same in both. */
  private static Optional<Object> meant(Node value, String wanted) {
    if (!(value instanceof Node.Scalar scalar) || scalar.isNull()) {
      return Optional.empty();
    }
    String text = scalar.text();
    boolean isText = scalar.value() instanceof String;
    return switch (wanted) {
      // 1_000 and 0x1F are numbers whose text nobody would expect
      case "a string" ->
          !isText && text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?|true|false")
              ? Optional.of(text)
              : Optional.empty();
      case "a number" ->
          isText && text.matches("0|[1-9][0-9]{0,8}")
              ? Optional.of(Long.valueOf(text))
              : Optional.empty();
      case "true or false" ->
          isText && text.matches("true|false")
              ? Optional.of(Boolean.valueOf(text))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** A required field that is absent or null. */
  void missing(NodePath object, String field) {
    NodePath at = object.key(field);
    add(
        Problem.Kind.MISSING_FIELD,
        at,
        document.at(at).span(),
        "required field \"" + readable(field(at)) + "\" is missing in " + kind);
  }

  /** A kind that its apiVersion does not have. */
  void misnamed(NodePath at, String message) {
    add(Problem.Kind.WRONG_TYPE, at, document.at(at).span(), message);
  }

  /**
   * A value of the right type that is not taken.
   *
   * @param flaw what is wrong with it, as the end of a sentence that begins with the field
   */
  void invalid(NodePath at, String flaw) {
    add(Problem.Kind.INVALID_VALUE, at, document.at(at).span(), readable(field(at)) + " " + flaw);
  }

  /** Values at or below a field that are not taken together. */
  void contradictory(NodePath at, String message) {
    String name = field(at);
    String where = name.isEmpty() ? kind : readable(name);
    add(Problem.Kind.CONTRADICTION, at, document.at(at).span(), where + ": " + message);
  }

  private void add(Problem.Kind what, NodePath at, Span span, String message) {
    problems.add(Problem.at(what, document.at(at), span, message));
  }

  /** A path within the object, as the API server writes it; empty for the object itself. */
  String field(NodePath at) {
    String below = at.toString().substring(prefix);
    return below.startsWith(".") ? below.substring(1) : below;
  }

  static String described(Node value) {
    String text = value.described();
    if (value instanceof Node.Scalar scalar
        && scalar.value() instanceof Boolean
        && !scalar.text().equals(String.valueOf(scalar.value()))) {
      // a label "app: yes" surprises those who wrote it
      return text + " (written " + scalar.text() + ")";
    }
    String line = readable(text);
    return line.endsWith("...") && value.asString().isPresent() ? line + "\"" : line;
  }

  /** A text of the input, fit for a message: one line, not too long. */
  static String readable(String text) {
    if (text.length() <= READABLE && text.indexOf('\n') < 0) {
      return text;
    }
    String line = text.replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= READABLE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, READABLE)) + "...";
  }
}
