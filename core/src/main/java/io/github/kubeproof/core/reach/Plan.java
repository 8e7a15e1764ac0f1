package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.TierPolicy.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/** Some traffic, made ready to tell the flows to one destination after another. */
sealed interface Plan {

  /** The flows to a class of destinations. */
  Row row(int to);

  /** Flows from each of some classes to each of others on each of some ports. */
  record Box(RoaringBitmap from, RoaringBitmap to, PortSet ports) {
    boolean isEmpty() {
      return from.isEmpty() || to.isEmpty() || ports.isEmpty();
    }
  }

  /**
   * A union of boxes. Nearly all that policies say is one: everything that depends on one end
   * alone, or on ports alone, is a single box, and so is "these may reach those there".
   *
   * <p>Boxes with the same destinations are one column, and the columns of each destination are
   * looked up; destinations of the same columns share their row.
   */
  final class Region implements Plan {
    private final List<Box> boxes;
    private final List<Row> columns = new ArrayList<>();
    private final Map<Integer, List<Integer>> columnsOf = new HashMap<>();
    private final Map<List<Integer>, Row> rows = new HashMap<>();
    private boolean indexed;

    Region(List<Box> boxes) {
      this.boxes = List.copyOf(boxes);
    }

    List<Box> boxes() {
      return boxes;
    }

    @Override
    public Row row(int to) {
      if (!indexed) {
        index();
      }
      return rows.computeIfAbsent(
          columnsOf.getOrDefault(to, List.of()),
          numbers -> {
            Row row = Row.EMPTY;
            for (int number : numbers) {
              row = row.or(columns.get(number));
            }
            return row;
          });
    }

    private void index() {
      Map<RoaringBitmap, Map<PortSet, RoaringBitmap>> byDestinations = new LinkedHashMap<>();
      for (Box box : joined(boxes)) {
        byDestinations
            .computeIfAbsent(box.to(), t -> new LinkedHashMap<>())
            .merge(box.ports(), box.from(), (a, b) -> RoaringBitmap.or(a, b));
      }
      byDestinations.forEach(
          (to, sources) -> {
            int number = columns.size();
            Row column = Row.EMPTY;
            for (Map.Entry<PortSet, RoaringBitmap> source : sources.entrySet()) {
              column = column.or(Row.of(source.getValue(), source.getKey()));
            }
            columns.add(column);
            to.forEach(
                (int one) -> columnsOf.computeIfAbsent(one, o -> new ArrayList<>()).add(number));
          });
      indexed = true;
    }

    /** Boxes with the same sources and ports become one. */
    private static List<Box> joined(List<Box> boxes) {
      record Side(RoaringBitmap from, PortSet ports) {}
      Map<Side, RoaringBitmap> joined = new LinkedHashMap<>();
      for (Box box : boxes) {
        joined.merge(new Side(box.from(), box.ports()), box.to(), (a, b) -> RoaringBitmap.or(a, b));
      }
      List<Box> result = new ArrayList<>();
      joined.forEach((side, to) -> result.add(new Box(side.from(), to, side.ports())));
      return result;
    }
  }

  record And(List<Plan> parts) implements Plan {
    @Override
    public Row row(int to) {
      Row row = parts.get(0).row(to);
      for (int i = 1; i < parts.size() && !row.isEmpty(); i++) {
        row = row.and(parts.get(i).row(to));
      }
      return row;
    }
  }

  record Or(List<Plan> parts) implements Plan {
    @Override
    public Row row(int to) {
      Row row = Row.EMPTY;
      for (Plan part : parts) {
        row = row.or(part.row(to));
      }
      return row;
    }
  }

  record Not(Row all, Plan part) implements Plan {
    @Override
    public Row row(int to) {
      return all.minus(part.row(to));
    }
  }

  /** What each case decides of that which the cases before it have left. */
  record FirstMatch(Row all, List<Case> cases, Plan otherwise) implements Plan {

    record Case(Plan when, Action action) {}

    @Override
    public Row row(int to) {
      Row left = all;
      Row allowed = Row.EMPTY;
      Row passed = Row.EMPTY;
      for (Case step : cases) {
        Row matched = step.when().row(to).and(left);
        if (!matched.isEmpty()) {
          left = left.minus(matched);
          allowed = step.action() == Action.ALLOW ? allowed.or(matched) : allowed;
          passed = step.action() == Action.PASS ? passed.or(matched) : passed;
        }
      }
      return allowed.or(left.or(passed).and(otherwise.row(to)));
    }
  }
}
