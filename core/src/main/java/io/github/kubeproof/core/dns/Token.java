package io.github.kubeproof.core.dns;

/**
 * A word of a Corefile, as its lexer cuts it: quotes are gone, variables are not yet replaced.
 *
 * @param line where it starts, counted from 1
 * @param column the code point that it starts at, counted from 1
 * @param length how many code points were written for it on its first line
 */
public record Token(String text, int line, int column, int length) {

  Token withText(String other) {
    return new Token(other, line, column, length);
  }

  boolean is(String word) {
    return text.equals(word);
  }

  /** The line that a token behind this one is on when no line ends between them. */
  int lastLine() {
    return line + (int) text.chars().filter(c -> c == '\n').count();
  }
}
