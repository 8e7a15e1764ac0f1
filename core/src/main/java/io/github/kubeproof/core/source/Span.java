package io.github.kubeproof.core.source;

/**
 * A stretch of a source text: from its first character to the one after its last.
 *
 * <p>Lines and columns count from 1; a column is a Unicode code point, as in SARIF's {@code
 * unicodeCodePoints}.
 */
public record Span(int line, int column, int endLine, int endColumn) implements Comparable<Span> {

  public Span {
    if (line < 1 || column < 1 || endLine < line || (endLine == line && endColumn < column)) {
      throw new IllegalArgumentException(
          "no such span: " + line + ":" + column + "-" + endLine + ":" + endColumn);
    }
  }

  /** The empty stretch before a character. */
  public static Span at(int line, int column) {
    return new Span(line, column, line, column);
  }

  /** Whether a line, counted from 1, is touched by this span. */
  public boolean covers(int otherLine) {
    return line <= otherLine
        && (otherLine < endLine || (otherLine == endLine && (endColumn > 1 || line == endLine)));
  }

  /** The stretch from the start of this one to the end of a later one. */
  public Span to(Span later) {
    return new Span(line, column, later.endLine, later.endColumn);
  }

  @Override
  public int compareTo(Span other) {
    int byStart =
        line != other.line
            ? Integer.compare(line, other.line)
            : Integer.compare(column, other.column);
    if (byStart != 0) {
      return byStart;
    }
    return endLine != other.endLine
        ? Integer.compare(endLine, other.endLine)
        : Integer.compare(endColumn, other.endColumn);
  }
}
