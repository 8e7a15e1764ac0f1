package io.github.kubeproof.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two texts as {@code diff -u} compares them, by Myers' algorithm: an O(ND) difference algorithm.
 */
final class UnifiedDiff {

  private static final int CONTEXT = 3;

  /**
   * One line of the comparison.
   *
   * @param sign {@code ' '}, {@code '-'} or {@code '+'}
   * @param before how many lines of the old text stand above it
   * @param after how many of the new one
   */
  private record Line(char sign, String text, int before, int after) {}

  private final List<String> before;
  private final List<String> after;

  private UnifiedDiff(String before, String after) {
    this.before = lines(before);
    this.after = lines(after);
  }

  /** The difference, ready for {@code patch}; empty where there is none. */
  static String of(String file, String before, String after) {
    List<Line> lines = new UnifiedDiff(before, after).compared();
    StringBuilder diff = new StringBuilder();
    for (int from = next(lines, 0); from < lines.size(); ) {
      int last = from;
      int next = next(lines, from + 1);
      while (next < lines.size() && next - last <= 2 * CONTEXT + 1) {
        last = next;
        next = next(lines, last + 1);
      }
      int start = Math.max(0, from - CONTEXT);
      int end = Math.min(lines.size(), last + CONTEXT + 1);
      hunk(lines.subList(start, end), diff);
      from = next;
    }
    return diff.isEmpty() ? "" : "--- " + file + "\n+++ " + file + "\n" + diff;
  }

  /** The next line that differs. */
  private static int next(List<Line> lines, int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).sign == ' ') {
      at++;
    }
    return at;
  }

  private static void hunk(List<Line> lines, StringBuilder diff) {
    long old = lines.stream().filter(line -> line.sign != '+').count();
    long fresh = lines.stream().filter(line -> line.sign != '-').count();
    Line first = lines.get(0);
    diff.append("@@ -")
        .append(first.before + (old == 0 ? 0 : 1))
        .append(',')
        .append(old)
        .append(" +")
        .append(first.after + (fresh == 0 ? 0 : 1))
        .append(',')
        .append(fresh)
        .append(" @@\n");
    for (Line line : lines) {
      diff.append(line.sign).append(line.text);
      if (!line.text.endsWith("\n")) {
        diff.append("\n\\ No newline at end of file\n");
      }
    }
  }

  /** Each with its end, so that a missing or another end is a difference. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.add(text.substring(start, end + 1));
      start = end + 1;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  private List<Line> compared() {
    List<int[]> trace = trace();
    List<Line> lines = new ArrayList<>();
    int x = before.size();
    int y = after.size();
    for (int d = trace.size() - 1; d >= 0; d--) {
      int[] furthest = trace.get(d);
      int middle = furthest.length / 2;
      int k = x - y;
      boolean isDown = k == -d || (k != d && furthest[middle + k - 1] < furthest[middle + k + 1]);
      int previous = d == 0 ? 0 : furthest[middle + (isDown ? k + 1 : k - 1)];
      int startX = d == 0 ? 0 : previous;
      int startY = d == 0 ? 0 : previous - (isDown ? k + 1 : k - 1);
      while (x > startX && y > startY) {
        x--;
        y--;
        lines.add(new Line(' ', before.get(x), x, y));
      }
      if (d > 0 && isDown) {
        y--;
        lines.add(new Line('+', after.get(y), x, y));
      } else if (d > 0) {
        x--;
        lines.add(new Line('-', before.get(x), x, y));
      }
    }
    Collections.reverse(lines);
    return lines;
  }

  /** For each number of differences, how far one gets on every diagonal with one fewer. */
  private List<int[]> trace() {
    int most = before.size() + after.size();
    int[] furthest = new int[2 * most + 3];
    int middle = most + 1;
    List<int[]> trace = new ArrayList<>();
    for (int d = 0; d <= most; d++) {
      int[] kept = new int[2 * d + 3];
      System.arraycopy(furthest, middle - d - 1, kept, 0, kept.length);
      trace.add(kept);
      for (int k = -d; k <= d; k += 2) {
        boolean isDown = k == -d || (k != d && furthest[middle + k - 1] < furthest[middle + k + 1]);
        int x = isDown ? furthest[middle + k + 1] : furthest[middle + k - 1] + 1;
        int y = x - k;
        while (x < before.size() && y < after.size() && before.get(x).equals(after.get(y))) {
          x++;
          y++;
        }
        furthest[middle + k] = x;
        if (x >= before.size() && y >= after.size()) {
          return trace;
        }
      }
    }
    throw new IllegalStateException("no way from one text to the other");
  }
}
