package io.github.kubeproof.core.dns;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a Corefile into words. Its quirks are those of CoreDNS: a carriage return is nothing, {@code
 * #} also starts a comment inside a word, and a blank ends such a comment again.
 */
final class Lexer {

  private static final int BOM = 0xfeff;

  private final int[] text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int column = 1;

  private Lexer(String text) {
    this.text = text.codePoints().toArray();
  }

  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    if (lexer.text.length > 0 && lexer.text[0] == BOM) {
      lexer.advance();
    }
    while (lexer.at < lexer.text.length) {
      lexer.word();
    }
    return lexer.tokens;
  }

  /** One word, or what is left when there is none. */
  private void word() {
    StringBuilder word = new StringBuilder();
    boolean comment = false;
    int startLine = line;
    int startColumn = column;
    int end = column;
    while (at < text.length) {
      int c = text[at];
      if (c == '\r') {
        advance();
        continue;
      }
      if (isSpace(c)) {
        if (!word.isEmpty()) {
          break;
        }
        comment = comment && c != '\n';
        advance();
        continue;
      }
      if (c == '#' || comment) {
        comment = true;
        advance();
        continue;
      }
      if (word.isEmpty()) {
        startLine = line;
        startColumn = column;
        if (c == '"') {
          quoted(startLine, startColumn);
          return;
        }
      }
      word.appendCodePoint(c);
      advance();
      end = column;
    }
    if (!word.isEmpty()) {
      tokens.add(new Token(word.toString(), startLine, startColumn, end - startColumn));
    }
  }

  private void quoted(int startLine, int startColumn) {
    StringBuilder word = new StringBuilder();
    boolean escaped = false;
    int end = startColumn + 1;
    boolean closed = false;
    advance();
    while (at < text.length && !closed) {
      int c = text[at];
      advance();
      if (line == startLine) {
        end = column;
      }
      if (!escaped && c == '\\') {
        escaped = true;
        continue;
      }
      closed = !escaped && c == '"';
      if (!closed) {
        // only quotes are escaped
        word.append(escaped && c != '"' ? "\\" : "").appendCodePoint(c);
      }
      escaped = false;
    }
    if (closed || !word.isEmpty()) {
      tokens.add(new Token(word.toString(), startLine, startColumn, end - startColumn));
    }
  }

  private void advance() {
    if (text[at] == '\n') {
      line++;
      column = 1;
    } else {
      column++;
    }
    at++;
  }

  // unicode.IsSpace
  private static boolean isSpace(int c) {
    return (c >= '\t' && c <= '\r')
        || c == ' '
        || c == 0x85
        || c == 0xa0
        || Character.isSpaceChar(c);
  }
}
