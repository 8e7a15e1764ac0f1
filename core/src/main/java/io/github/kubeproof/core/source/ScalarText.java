package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Node.Scalar;
import java.util.Optional;

/** Finds where a character of a scalar's text was written. */
final class ScalarText {

  private ScalarText() {}

  /**
   * The start of a character.
   *
   * @param line of the text, counted from 1
   * @param column in code points, counted from 1
   * @return empty where the text was written otherwise: folded, or with escapes that we do not
   *     follow
   */
  static Optional<Span> find(Source source, Node node, int line, int column) {
    if (!(node instanceof Scalar scalar)) {
      return Optional.empty();
    }
    String[] lines = scalar.text().split("\n", -1);
    if (line < 1 || line > lines.length) {
      return Optional.empty();
    }
    String first = source.line(scalar.span().line());
    int start = first.offsetByCodePoints(0, Math.min(scalar.span().column() - 1, length(first)));
    start = behindProperties(first, start);
    char style = start < first.length() ? first.charAt(start) : ' ';
    return switch (style) {
      case '|', '>' -> inBlock(source, scalar.span().line() + line, lines[line - 1], column);
      case '"' -> inQuotes(scalar.span().line(), first, start, new Goal(line, column));
      default -> onOneLine(scalar.span().line(), first, start, lines, column);
    };
  }

  private record Goal(int line, int column) {}

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** An anchor and a tag stand before the text. */
  private static int behindProperties(String line, int start) {
    int at = start;
    while (at < line.length() && (line.charAt(at) == '&' || line.charAt(at) == '!')) {
      while (at < line.length() && line.charAt(at) != ' ') {
        at++;
      }
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
    }
    return at;
  }

  /** A line of a literal is the line of the file without its indentation. */
  private static Optional<Span> inBlock(Source source, int line, String text, int column) {
    String written = source.line(line);
    if (!written.endsWith(text)
        || !written.substring(0, written.length() - text.length()).isBlank()) {
      return Optional.empty();
    }
    int indentation = length(written) - length(text);
    return Optional.of(Span.at(line, indentation + column));
  }

  private static Optional<Span> onOneLine(
      int line, String written, int start, String[] lines, int column) {
    boolean quoted = start < written.length() && written.charAt(start) == '\'';
    int from = quoted ? start + 1 : start;
    return lines.length == 1 && written.startsWith(lines[0], from)
        ? Optional.of(Span.at(line, written.codePointCount(0, from) + column))
        : Optional.empty();
  }

  /** Follows the escapes of a string that stands on one line of the file, as in JSON. */
  private static Optional<Span> inQuotes(int fileLine, String written, int start, Goal goal) {
    int line = 1;
    int column = 1;
    int at = start + 1;
    while (at < written.length() && written.charAt(at) != '"') {
      if (line == goal.line() && column == goal.column()) {
        return Optional.of(Span.at(fileLine, written.codePointCount(0, at) + 1));
      }
      int c = written.codePointAt(at);
      boolean escape = c == '\\' && at + 1 < written.length();
      boolean ends = escape && written.charAt(at + 1) == 'n';
      line += ends ? 1 : 0;
      column = ends ? 1 : column + 1;
      at += escape ? escapeLength(written.charAt(at + 1)) : Character.charCount(c);
    }
    return Optional.empty();
  }

  private static int escapeLength(char kind) {
    return switch (kind) {
      case 'x' -> 4;
      case 'u' -> 6;
      case 'U' -> 10;
      default -> 2;
    };
  }
}
