package io.github.kubeproof.core.source;

import java.io.Reader;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Feeds SnakeYAML's scanner from a string that is in memory anyway.
 *
 * <p>The reader that SnakeYAML brings moves a window of 1,024 characters and copies it for every
 * look ahead: one line of some megabytes takes minutes. Its marks count lines as YAML 1.1 does
 * (NEL, LS and PS end one) and skip byte order marks. Here marks count as {@link Span} does, while
 * the scanner keeps its own count, which decides about indentation.
 *
 * <p>An index is a UTF-16 offset: the scanner only compares indexes, and takes surrogates for
 * letters.
 */
final class TextReader extends StreamReader {

  private static final int[] NO_SNIPPET = {};

  private final char[] text;
  private final int end;
  private int at;
  private int line;
  private int column;
  private int shownLine;
  private int shownColumn;

  /**
   * @param shownLine the line of the file in which the text starts, from 0
   * @param shownColumn where in that line, from 0
   */
  TextReader(String text, int shownLine, int shownColumn) {
    super(Reader.nullReader());
    this.text = text.toCharArray();
    this.end = this.text.length;
    this.shownLine = shownLine;
    this.shownColumn = shownColumn;
  }

  @Override
  public Mark getMark() {
    return new Mark("", at, shownLine, shownColumn, NO_SNIPPET, 0);
  }

  /** The place of the next character. */
  Span here() {
    return Span.at(shownLine + 1, shownColumn + 1);
  }

  @Override
  public void forward() {
    if (at < end) {
      step();
    }
  }

  @Override
  public void forward(int length) {
    int stop = Math.min(end, at + length);
    while (at < stop) {
      step();
    }
  }

  private void step() {
    char c = text[at++];
    if (c == '\n' || (c == '\r' && (at == end || text[at] != '\n'))) {
      line++;
      column = 0;
      shownLine++;
      shownColumn = 0;
    } else if (c == '\u0085' || c == '\u2028' || c == '\u2029') {
      line++;
      column = 0;
      shownColumn++;
    } else if (!Character.isLowSurrogate(c)) {
      column += c == '\uFEFF' ? 0 : 1;
      shownColumn++;
    }
  }

  @Override
  public int peek() {
    return at < end ? text[at] : '\0';
  }

  @Override
  public int peek(int index) {
    return at + index < end ? text[at + index] : '\0';
  }

  @Override
  public String prefix(int length) {
    return new String(text, at, Math.min(length, end - at));
  }

  @Override
  public String prefixForward(int length) {
    String prefix = prefix(length);
    forward(length);
    return prefix;
  }

  @Override
  public int getColumn() {
    return column;
  }

  @Override
  public int getLine() {
    return line;
  }

  @Override
  public int getIndex() {
    return at;
  }

  @Override
  public int getDocumentIndex() {
    return at;
  }

  @Override
  public void resetDocumentIndex() {
    // a text is one document
  }
}
