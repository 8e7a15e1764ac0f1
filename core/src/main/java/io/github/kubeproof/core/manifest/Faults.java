package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.Spelling;
import java.util.ArrayList;
import java.util.List;
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
    add(
        Problem.Kind.UNKNOWN_FIELD,
        level.path().key(entry.key()),
        entry.keySpan(),
        "unknown field \"" + readable(name) + "\" in " + kind + hint);
    return Spelling.nearest(entry.key(), level.shape().fields());
  }

  /**
   * A value of the wrong type.
   *
   * @param wanted what it must be, as in {@code a number}
   */
  void mistyped(NodePath at, Node value, String wanted) {
    String name = field(at);
    add(
        Problem.Kind.WRONG_TYPE,
        at,
        document.at(at).span(),
        (name.isEmpty() ? "the object" : readable(name))
            + " is "
            + described(value)
            + ", but must be "
            + wanted);
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
