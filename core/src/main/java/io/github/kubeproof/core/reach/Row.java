package io.github.kubeproof.core.reach;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * The flows to one destination: which sources may use which of its ports.
 *
 * <p>INVARIANT: no two pieces share a source or have equal ports, and none is empty; so two rows
 * are the same set of flows exactly when they have the same pieces. Neither are the sets changed.
 */
record Row(List<Piece> pieces) {

  static final Row EMPTY = new Row(List.of());

  Row {
    pieces = List.copyOf(pieces);
  }

  /** Some sources, all of which may use just these ports. */
  record Piece(RoaringBitmap from, PortSet ports) {}

  static Row of(RoaringBitmap from, PortSet ports) {
    return from.isEmpty() || ports.isEmpty() ? EMPTY : new Row(List.of(new Piece(from, ports)));
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** The ports that one source may use. */
  PortSet from(int source) {
    for (Piece piece : pieces) {
      if (piece.from().contains(source)) {
        return piece.ports();
      }
    }
    return PortSet.NONE;
  }

  Row or(Row other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    Gathering gathering = new Gathering();
    List<Piece> rest = new ArrayList<>(pieces);
    for (Piece theirs : other.pieces) {
      RoaringBitmap left = theirs.from();
      for (int i = 0; i < rest.size() && !left.isEmpty(); i++) {
        Piece ours = rest.get(i);
        RoaringBitmap common = RoaringBitmap.and(ours.from(), left);
        if (!common.isEmpty()) {
          gathering.add(common, ours.ports().or(theirs.ports()));
          rest.set(i, new Piece(RoaringBitmap.andNot(ours.from(), common), ours.ports()));
          left = RoaringBitmap.andNot(left, common);
        }
      }
      gathering.add(left, theirs.ports());
    }
    rest.forEach(piece -> gathering.add(piece.from(), piece.ports()));
    return gathering.row();
  }

  Row and(Row other) {
    Gathering gathering = new Gathering();
    for (Piece ours : pieces) {
      for (Piece theirs : other.pieces) {
        PortSet ports = ours.ports().and(theirs.ports());
        if (!ports.isEmpty()) {
          gathering.add(RoaringBitmap.and(ours.from(), theirs.from()), ports);
        }
      }
    }
    return gathering.row();
  }

  Row minus(Row other) {
    if (isEmpty() || other.isEmpty()) {
      return this;
    }
    Gathering gathering = new Gathering();
    for (Piece ours : pieces) {
      RoaringBitmap left = ours.from();
      for (Piece theirs : other.pieces) {
        RoaringBitmap common = RoaringBitmap.and(left, theirs.from());
        if (!common.isEmpty()) {
          gathering.add(common, ours.ports().minus(theirs.ports()));
          left = RoaringBitmap.andNot(left, common);
        }
      }
      gathering.add(left, ours.ports());
    }
    return gathering.row();
  }

  /** Collects pieces that share no source, and joins those with equal ports. */
  private static final class Gathering {
    private final Map<PortSet, RoaringBitmap> byPorts = new LinkedHashMap<>();

    void add(RoaringBitmap from, PortSet ports) {
      if (!from.isEmpty() && !ports.isEmpty()) {
        byPorts.merge(ports, from, (a, b) -> RoaringBitmap.or(a, b));
      }
    }

    Row row() {
      List<Piece> pieces = new ArrayList<>();
      byPorts.forEach((ports, from) -> pieces.add(new Piece(from, ports)));
      return pieces.isEmpty() ? EMPTY : new Row(pieces);
    }
  }
}
