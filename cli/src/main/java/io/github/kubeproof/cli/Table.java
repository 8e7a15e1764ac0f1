package io.github.kubeproof.cli;

import io.github.kubeproof.core.source.UserError;
import java.util.ArrayList;
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
   * Empty lines are left out.
   *
   * @param name of the file, for messages
   * @throws UserError when a column that must be there is not in the header
   */
  static Table read(String text, String name, List<String> columns) {
    List<List<String>> rows = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    List<String> header = List.of();
    String[] all = text.split("\r?\n", -1);
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

  /** A cell of a row; empty where the row is too short. */
  String cell(List<String> row, String column) {
    int index = header.indexOf(column);
    return index >= 0 && index < row.size() ? row.get(index) : "";
  }
}
