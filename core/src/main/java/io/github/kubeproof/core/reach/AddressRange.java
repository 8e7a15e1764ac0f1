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
