package io.github.kubeproof.core.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text of one file as it was read, with the name it is shown under.
 *
 * <p>The name is the path as the user gave it, with forward slashes; {@code <stdin>} for the
 * standard input.
 */
public final class Source {

  public static final String STDIN = "<stdin>";

  private final String name;
  private final String root;
  private final String text;
  private int[] lineStarts = {};

  public Source(String name, String text) {
    this(name, name, text);
  }

  /**
   * @param root the argument of the user under which the file was found
   */
  public Source(String name, String root, String text) {
    this.name = name;
    this.root = root;
    this.text = text;
  }

  public String name() {
    return name;
  }

  /**
   * The argument of the user under which the file was found: itself, a folder above it, or {@link
   * #STDIN}.
   */
  public String root() {
    return root;
  }

  public String text() {
    return text;
  }

  /** The folder that the file is in, as given by the user; empty for the current one. */
  public String folder() {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  /** A line without its end, counted from 1; empty beyond the last one. */
  public String line(int number) {
    int[] starts = lineStarts();
    if (number < 1 || number > starts.length) {
      return "";
    }
    int end = number < starts.length ? starts[number] : text.length();
    int start = starts[number - 1];
    while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(start, end);
  }

  /** The offset of a character in the text; the end of the text for what lies beyond it. */
  int offset(int line, int column) {
    int[] starts = lineStarts();
    if (line > starts.length) {
      return text.length();
    }
    int start = starts[line - 1];
    int most = text.codePointCount(start, text.length());
    return text.offsetByCodePoints(start, Math.min(column - 1, most));
  }

  /** The stretch between two offsets. */
  Span span(int start, int end) {
    return at(start).to(at(end));
  }

  private Span at(int offset) {
    int found = Arrays.binarySearch(lineStarts(), offset);
    int line = found >= 0 ? found : -found - 2;
    return Span.at(line + 1, text.codePointCount(lineStarts()[line], offset) + 1);
  }

  public int lineCount() {
    return lineStarts().length;
  }

  /** The comments that speak to Kubeproof, in the order written; worked out at every call. */
  public List<Comment> comments() {
    return Comments.in(this);
  }

  // worked out when first asked for: most files have no finding, so nobody asks
  private synchronized int[] lineStarts() {
    if (lineStarts.length == 0) {
      List<Integer> starts = new ArrayList<>();
      starts.add(0);
      for (int i = nextLine(text, 0); i < text.length(); i = nextLine(text, i)) {
        starts.add(i);
      }
      lineStarts = starts.stream().mapToInt(Integer::intValue).toArray();
    }
    return lineStarts;
  }

  /**
   * The offset behind the next end of a line. Lines end as editors and SARIF viewers see them: with
   * LF, CRLF or CR; the further line ends of YAML 1.1 (NEL, LS, PS) count as characters.
   */
  static int nextLine(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        return i + 1;
      }
      if (c == '\r') {
        return i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
      }
    }
    return text.length();
  }

  @Override
  public String toString() {
    return name;
  }
}
