package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A table of tab-separated cells below a header.
 *
 * @param lines the number of each row's line in its file, from 1
 */
record Table(List<String> header, List<List<String>> rows, List<Integer> lines) {

  Table {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
    lines = List.copyOf(lines);
  }

  /**
   * Empty lines are left out, and a byte order mark is read over.
   *
   * @param name of the file, for messages
   * @throws UserError when a column that must be there is not in the header
   */
  static Table read(String text, String name, List<String> columns) {
    List<List<String>> rows = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    List<String> header = List.of();
    String[] all = text.substring(text.startsWith("\uFEFF") ? 1 : 0).split("\r?\n", -1);
    for (int i = 0; i < all.length; i++) {
      if (all[i].isEmpty()) {
        continue;
      }
      List<String> cells = List.of(all[i].split("\t", -1));
      if (header.isEmpty()) {
        header = cells;
      } else {
        rows.add(cells);
        lines.add(i + 1);
      }
    }
    for (String column : columns) {
      if (!header.contains(column)) {
        throw new UserError(
            name
                + ": no column \""
                + column
                + "\" in the header; it needs "
                + String.join(", ", columns)
                + ", separated by tabs");
      }
    }
    return new Table(header, rows, lines);
  }

  /** The same without some columns; a row that is too short gets empty cells. */
  Table without(Collection<String> columns) {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      if (!columns.contains(header.get(i))) {
        kept.add(i);
      }
    }
    return new Table(
        kept.stream().map(header::get).toList(),
        rows.stream()
            .map(row -> kept.stream().map(i -> i < row.size() ? row.get(i) : "").toList())
            .toList(),
        lines);
  }

  /** A cell of a row; empty where the row is too short. */
  String cell(List<String> row, String column) {
    int index = header.indexOf(column);
    return index >= 0 && index < row.size() ? row.get(index) : "";
  }
}
