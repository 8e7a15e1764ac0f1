package io.github.kubeproof.core.report;

import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Lines of one source, with marks below what is spoken of.
 *
 * @param gutter how many digits the line numbers of the whole finding need
 * @param primary paints the mark of the finding itself; the others look like the frame
 */
record Snippet(Source source, int gutter, Ink ink, UnaryOperator<String> primary) {

  /** Longer lines are cut, with an ellipsis. */
  private static final int WIDTH = 100;

  /** What stays visible before a mark where the start of its line is cut off. */
  private static final int LEAD = 30;

  private static final String ELLIPSIS = "…";

  /**
   * A stretch of the source to mark.
   *
   * @param label stands behind the mark; empty for none
   */
  record Mark(Span span, String label, boolean primary) {}

  void write(List<Mark> marks, StringBuilder out) {
    Map<Integer, List<Mark>> rows = new TreeMap<>();
    for (Mark mark : marks) {
      rows.computeIfAbsent(mark.span().line(), line -> new ArrayList<>()).add(mark);
      if (mark.primary() && isContext(mark.span().line() - 1)) {
        rows.computeIfAbsent(mark.span().line() - 1, line -> new ArrayList<>());
      }
    }
    out.append(bar()).append('\n');
    int last = 0;
    for (Map.Entry<Integer, List<Mark>> row : rows.entrySet()) {
      int line = row.getKey();
      if (last > 0 && line == last + 2) {
        writeRow(line - 1, List.of(), out);
      } else if (last > 0 && line > last + 2) {
        out.append(ink.frame("...")).append('\n');
      }
      writeRow(line, row.getValue(), out);
      last = line;
    }
    out.append(bar()).append('\n');
  }

  /** The frame below the line numbers. */
  String bar() {
    return " ".repeat(gutter + 1) + ink.frame("|");
  }

  private boolean isContext(int line) {
    String text = source.line(line);
    return line >= 1 && !text.isBlank() && !text.startsWith("---");
  }

  private void writeRow(int line, List<Mark> marks, StringBuilder out) {
    List<Mark> sorted =
        marks.stream()
            .sorted(Comparator.comparing(Mark::primary).reversed().thenComparing(Mark::span))
            .toList();
    int start = sorted.isEmpty() ? 1 : sorted.get(0).span().column();
    Line text = Line.of(source.line(line), start);
    String number = Integer.toString(line);
    out.append(ink.frame(" ".repeat(gutter - number.length()) + number + " |"))
        .append((" " + text.shown()).stripTrailing())
        .append('\n');
    for (Mark mark : sorted) {
      Span span = mark.span();
      int end = span.endLine() == span.line() ? span.endColumn() : Integer.MAX_VALUE;
      int from = text.offset(span.column());
      int width = Math.max(1, text.offset(end) - from);
      String run = (mark.primary() ? "^" : "-").repeat(width);
      String label = mark.label().isEmpty() ? "" : " " + mark.label();
      out.append(bar())
          .append(" ".repeat(from + 1))
          .append(mark.primary() ? primary.apply(run + label) : ink.frame(run + label))
          .append('\n');
    }
  }

  /**
   * What is shown of a line.
   *
   * @param cells one for each code point of the line, as it is shown
   * @param from the first cell that is shown, from 0
   * @param to behind the last one
   */
  private record Line(List<String> cells, int from, int to) {

    static Line of(String text, int column) {
      List<String> cells = text.codePoints().mapToObj(Printable::of).toList();
      if (cells.size() <= WIDTH) {
        return new Line(cells, 0, cells.size());
      }
      int from = column < WIDTH - LEAD ? 0 : Math.min(column - 1, cells.size()) - LEAD;
      return new Line(cells, from, Math.min(cells.size(), from + WIDTH));
    }

    String shown() {
      return (from > 0 ? ELLIPSIS : "")
          + String.join("", cells.subList(from, to))
          + (to < cells.size() ? ELLIPSIS : "");
    }

    /** How far from the left a column is shown. */
    int offset(int column) {
      int end = Math.max(from, Math.min(column - 1, to));
      int offset = from > 0 ? 1 : 0;
      for (String cell : cells.subList(from, end)) {
        offset += cell.codePointCount(0, cell.length());
      }
      return offset;
    }
  }
}
