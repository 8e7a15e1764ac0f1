package io.github.kubeproof.core.cluster;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The ways in which some units may be deployed together. */
final class Together {

  private final List<Cluster> units;
  // apart[i] holds the numbers of the units that unit i is never deployed with
  private final BitSet[] apart;

  /**
   * @param units sorted, so that answers come in a fixed order
   */
  Together(List<Cluster> units, BiPredicate<Cluster, Cluster> areApart) {
    this.units = List.copyOf(units);
    this.apart = new BitSet[units.size()];
    for (int i = 0; i < apart.length; i++) {
      apart[i] = new BitSet(apart.length);
      for (int j = 0; j < i; j++) {
        if (areApart.test(units.get(i), units.get(j))) {
          apart[i].set(j);
          apart[j].set(i);
        }
      }
    }
  }

  /**
   * The largest sets of units around one of them in which no two are apart.
   *
   * @return empty when there are more of them than the limit
   */
  Optional<List<Alternative>> around(Cluster unit, int limit) {
    int number = units.indexOf(unit);
    BitSet chosen = new BitSet();
    chosen.set(number);
    BitSet open = new BitSet();
    open.set(0, units.size());
    open.clear(number);
    open.andNot(apart[number]);
    List<Alternative> found = new ArrayList<>();
    return extend(chosen, open, new BitSet(), limit, found) ? Optional.of(found) : Optional.empty();
  }

  /**
   * Bron and Kerbosch's enumeration.
   *
   * @param open what may still be chosen
   * @param done what may be chosen, too, but was already
   * @return false when there are too many sets
   */
  private boolean extend(
      BitSet chosen, BitSet open, BitSet done, int limit, List<Alternative> found) {
    if (open.isEmpty()) {
      if (done.isEmpty()) {
        found.add(new Alternative(chosen.stream().mapToObj(units::get).toList()));
      }
      return found.size() <= limit;
    }
    BitSet remaining = (BitSet) open.clone();
    BitSet finished = (BitSet) done.clone();
    BitSet branches = branches(open, done);
    for (int i = branches.nextSetBit(0); i >= 0; i = branches.nextSetBit(i + 1)) {
      remaining.clear(i);
      BitSet more = (BitSet) chosen.clone();
      more.set(i);
      if (!extend(more, without(remaining, i), without(finished, i), limit, found)) {
        return false;
      }
      finished.set(i);
    }
    return true;
  }

  /** Every largest set holds the unit that fits the most others, or one that is apart from it. */
  private BitSet branches(BitSet open, BitSet done) {
    BitSet candidates = (BitSet) open.clone();
    candidates.or(done);
    BitSet fewest = open;
    for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
      BitSet branches = (BitSet) apart[i].clone();
      branches.set(i);
      branches.and(open);
      if (branches.cardinality() < fewest.cardinality()) {
        fewest = branches;
      }
      if (fewest.cardinality() <= 1) {
        break;
      }
    }
    return fewest;
  }

  private BitSet without(BitSet set, int unit) {
    BitSet rest = (BitSet) set.clone();
    rest.andNot(apart[unit]);
    return rest;
  }
}
