package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Addresses of one family from first to last, both included. */
public record AddressRange(Address first, Address last) implements Comparable<AddressRange> {

  public AddressRange {
    if (first.v6() != last.v6() || first.compareTo(last) > 0) {
      throw new IllegalArgumentException("no range: " + first + " to " + last);
    }
  }

  /** Every address there is. */
  public static final List<AddressRange> ALL =
      List.of(
          new AddressRange(Cidr.ALL_V4.first(), Cidr.ALL_V4.last()),
          new AddressRange(Cidr.ALL_V6.first(), Cidr.ALL_V6.last()));

  /**
   * What is in some ranges and not in others.
   *
   * @param ranges in their order, where none overlaps the next, as those that are taken away
   */
  static List<AddressRange> without(List<AddressRange> ranges, List<AddressRange> taken) {
    List<AddressRange> left = new ArrayList<>();
    int next = 0;
    for (AddressRange range : ranges) {
      while (next < taken.size() && taken.get(next).last.compareTo(range.first) < 0) {
        next++;
      }
      Optional<AddressRange> rest = Optional.of(range);
      for (int at = next;
          rest.isPresent() && at < taken.size() && taken.get(at).first.compareTo(range.last) <= 0;
          at++) {
        AddressRange cut = taken.get(at);
        Address from = rest.get().first;
        if (from.compareTo(cut.first) < 0) {
          left.add(new AddressRange(from, plus(cut.first, -1)));
        }
        rest =
            cut.last.compareTo(range.last) < 0
                ? Optional.of(new AddressRange(plus(cut.last, 1), range.last))
                : Optional.empty();
      }
      rest.ifPresent(left::add);
    }
    return left;
  }

  private static Address plus(Address address, long number) {
    return new Address(address.v6(), address.value().add(BigInteger.valueOf(number)));
  }

  /** Adds a range behind others that all lie before it; it joins the last when they touch. */
  static void append(AddressRange range, List<AddressRange> ranges) {
    AddressRange before = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
    boolean touches =
        before != null
            && before.last.v6() == range.first.v6()
            && before.last.value().add(BigInteger.ONE).equals(range.first.value());
    if (before != null && touches) {
      ranges.set(ranges.size() - 1, new AddressRange(before.first, range.last));
    } else {
      ranges.add(range);
    }
  }

  /** The part of it that lies in a block; empty when none does. */
  Optional<AddressRange> in(Cidr block) {
    Address from = first.compareTo(block.first()) < 0 ? block.first() : first;
    Address to = last.compareTo(block.last()) < 0 ? last : block.last();
    return first.v6() == block.first().v6() && from.compareTo(to) <= 0
        ? Optional.of(new AddressRange(from, to))
        : Optional.empty();
  }

  /** The fewest blocks that hold just these addresses, in order. */
  public List<Cidr> blocks() {
    List<Cidr> blocks = new ArrayList<>();
    BigInteger at = first.value();
    while (at.compareTo(last.value()) <= 0) {
      int hostBits = at.signum() == 0 ? first.bits() : Math.min(at.getLowestSetBit(), first.bits());
      BigInteger left = last.value().subtract(at).add(BigInteger.ONE);
      hostBits = Math.min(hostBits, left.bitLength() - 1);
      blocks.add(new Cidr(new Address(first.v6(), at), first.bits() - hostBits));
      at = at.add(BigInteger.ONE.shiftLeft(hostBits));
    }
    return blocks;
  }

  @Override
  public int compareTo(AddressRange other) {
    int byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : last.compareTo(other.last);
  }

  /** {@code 10.0.0.0/8} where it is one block, {@code 10.0.0.1-10.0.0.7} otherwise. */
  @Override
  public String toString() {
    List<Cidr> blocks = blocks();
    return blocks.size() == 1 ? blocks.get(0).toString() : first + "-" + last;
  }
}
