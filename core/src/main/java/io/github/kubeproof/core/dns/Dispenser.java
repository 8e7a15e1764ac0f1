package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.dns.CorefileFault.Kind;
import io.github.kubeproof.core.source.Spelling;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands out words one after another, as CoreDNS hands them to its plugins. Mutable: it stands at a
 * word.
 */
class Dispenser {

  final List<Token> tokens;
  int cursor = -1;
  private int nesting;

  Dispenser(List<Token> tokens) {
    this.tokens = new ArrayList<>(tokens);
  }

  /** The word that it stands at; before the first one and without any, an empty one. */
  Token token() {
    return cursor >= 0 && cursor < tokens.size()
        ? tokens.get(cursor)
        : tokens.isEmpty()
            ? new Token("", 1, 1, 0)
            : tokens.get(cursor < 0 ? 0 : tokens.size() - 1);
  }

  String val() {
    return cursor >= 0 && cursor < tokens.size() ? tokens.get(cursor).text() : "";
  }

  /** To the next word, wherever it is. */
  boolean next() {
    if (cursor < tokens.size() - 1) {
      cursor++;
      return true;
    }
    return false;
  }

  /** To the next word when it stands on the same line. */
  boolean nextArg() {
    if (cursor < 0) {
      cursor++;
      return true;
    }
    if (cursor < tokens.size() - 1
        && tokens.get(cursor).lastLine() == tokens.get(cursor + 1).line()) {
      cursor++;
      return true;
    }
    return false;
  }

  /**
   * Into the block that opens on this line, and then from word to word until it closes or the words
   * end. CoreDNS goes on for ever at such an end: see {@link #isInBlock}.
   */
  boolean nextBlock() {
    if (nesting > 0) {
      boolean more = next();
      if (val().equals("}")) {
        nesting--;
        return false;
      }
      return more;
    }
    if (!nextArg()) {
      return false;
    }
    if (!val().equals("{")) {
      cursor--;
      return false;
    }
    next();
    if (val().equals("}")) {
      return false;
    }
    nesting++;
    return true;
  }

  /** Whether a block is open: after {@link #nextBlock} has found no more, one that never closes. */
  boolean isInBlock() {
    return nesting > 0;
  }

  /** The words up to the end of the line or the start of a block. */
  List<Token> remaining() {
    List<Token> args = new ArrayList<>();
    while (nextArg()) {
      if (val().equals("{")) {
        cursor--;
        break;
      }
      args.add(token());
    }
    return args;
  }

  boolean isNewLine() {
    if (cursor < 1) {
      return true;
    }
    return cursor < tokens.size() && tokens.get(cursor - 1).lastLine() < tokens.get(cursor).line();
  }

  Misuse misuse(String message) {
    return new Misuse(token(), message);
  }

  /** Too few words, or too many. */
  Misuse wrongCount() {
    return misuse(
        val().equals("{")
            ? "a block opens where a value is expected"
            : "too few or too many values: the line ends or goes on unexpectedly after "
                + quoted());
  }

  /**
   * A property that a plugin does not know.
   *
   * @param known those that it does
   */
  Misuse unknownProperty(String plugin, List<String> known) {
    return new Misuse(
        token(),
        plugin + " has no property " + quoted() + Spelling.hint(val(), known),
        Kind.UNKNOWN_PROPERTY);
  }

  String quoted() {
    return "\"" + val() + "\"";
  }
}
