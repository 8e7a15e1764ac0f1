package io.github.kubeproof.core.source;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a file at its document markers, before anything is parsed, so that a broken document cannot
 * take its neighbours with it.
 *
 * <p>A line that starts with {@code ---} is a marker wherever it stands: YAML allows it inside of
 * no scalar. Documents are numbered as a YAML stream counts them: an empty one between two markers
 * has a number, the nothing before the first marker has none. Pieces without content are left out.
 */
final class Pieces {

  /**
   * The text of one document.
   *
   * @param line the line of the file in which it starts, counted from 0
   * @param column where in that line it starts, counted from 0; only the second of two JSON values
   *     in one line has one
   * @param index the number of the document in its file, from 0
   */
  record Piece(String text, int line, int column, int index) {}

  private final String text;
  private final List<Piece> pieces = new ArrayList<>();
  private int index;

  // the document that is being collected: where it starts, and what has been seen of it
  private int start;
  private int startLine;
  private boolean marked;
  private boolean content;

  private Pieces(String text) {
    this.text = text;
  }

  static List<Piece> of(String text) {
    Pieces pieces = new Pieces(text);
    pieces.cut();
    return pieces.pieces;
  }

  private void cut() {
    int line = 0;
    for (int at = 0; at < text.length(); line++) {
      int next = Source.nextLine(text, at);
      if (isMarker("---", at)) {
        if (marked || content) {
          close(at);
          open(at, line);
        }
        marked = true;
        content = hasContent(at + 3, next);
      } else if (isMarker("...", at)) {
        close(at);
        open(next, line + 1);
      } else if (!content && !isDirective(at)) {
        content = hasContent(at, next);
      }
      at = next;
    }
    close(text.length());
  }

  private void open(int at, int line) {
    start = at;
    startLine = line;
    marked = false;
    content = false;
  }

  private void close(int end) {
    if (content) {
      add(text.substring(start, end));
    }
    if (content || marked) {
      index++;
    }
  }

  private void add(String document) {
    int line = startLine;
    int column = 0;
    int at = 0;
    // kubectl reads a stream of JSON values, one after another
    for (int end = Json.end(document, 0);
        end >= 0 && Json.startsAt(document, end);
        end = Json.end(document, at)) {
      pieces.add(new Piece(document.substring(at, end), line, column, index++));
      int lineStart = at;
      for (int next = Source.nextLine(document, at);
          next <= end;
          next = Source.nextLine(document, next)) {
        line++;
        column = 0;
        lineStart = next;
      }
      column += document.codePointCount(lineStart, end);
      at = end;
    }
    pieces.add(new Piece(document.substring(at), line, column, index));
  }

  private boolean isMarker(String marker, int at) {
    return text.startsWith(marker, at) && (at + 3 == text.length() || isBlank(text.charAt(at + 3)));
  }

  private boolean isDirective(int at) {
    return !marked && text.charAt(at) == '%';
  }

  private boolean hasContent(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isBlank(text.charAt(i))) {
        return text.charAt(i) != '#';
      }
    }
    return false;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
