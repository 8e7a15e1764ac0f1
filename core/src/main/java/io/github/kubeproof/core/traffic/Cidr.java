package io.github.kubeproof.core.traffic;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A block of addresses, from its first to its last.
 *
 * @param first the network address: host bits are cleared
 * @param length the number of leading bits that all addresses share
 */
public record Cidr(Address first, int length) {

  /** Every IPv4 address. */
  public static final Cidr ALL_V4 = new Cidr(new Address(false, BigInteger.ZERO), 0);

  /** Every IPv6 address. */
  public static final Cidr ALL_V6 = new Cidr(new Address(true, BigInteger.ZERO), 0);

  /** RFC 4291, section 2.5.5.2: {@code ::ffff:0:0/96} stands for all of IPv4. */
  private static final int MAPPED_BITS = 96;

  private static final BigInteger MAPPED_PREFIX = BigInteger.valueOf(0xffff);
  private static final long V4_MASK = 0xffffffffL;

  public Cidr {
    if (length < 0 || length > first.bits()) {
      throw new IllegalArgumentException("no such prefix length: " + length);
    }
    int hostBits = first.bits() - length;
    first = new Address(first.v6(), first.value().shiftRight(hostBits).shiftLeft(hostBits));
  }

  /**
   * The block that a text means to the API server, host bits ignored; empty for what it refuses.
   *
   * <p>Like Go, it reads {@code /08} as 8, and {@code ::ffff:10.0.0.0/104} as the IPv4 block that
   * it is mapped from.
   */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    Optional<Address> address = Address.parse(text.substring(0, slash));
    String length = text.substring(slash + 1);
    if (address.isEmpty() || !length.matches("0*[0-9]{1,3}")) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(length);
    if (bits > address.get().bits()) {
      return Optional.empty();
    }
    boolean mapped =
        address.get().v6()
            && bits >= MAPPED_BITS
            && address.get().value().shiftRight(32).equals(MAPPED_PREFIX);
    return Optional.of(
        mapped
            ? new Cidr(
                new Address(false, BigInteger.valueOf(address.get().value().intValue() & V4_MASK)),
                bits - MAPPED_BITS)
            : new Cidr(address.get(), bits));
  }

  /** The block of a text that is known to be one. */
  public static Cidr of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("no block: " + text));
  }

  /** The fewest blocks with just the addresses of some others, sorted as these were. */
  public static List<Cidr> fewest(List<Cidr> blocks) {
    List<Cidr> fewest = new ArrayList<>();
    for (Cidr block : blocks) {
      Cidr next = block;
      for (int i = 0; i < fewest.size(); i++) {
        Cidr other = fewest.get(i);
        if (other.contains(next)) {
          next = other;
        } else if (!next.contains(other)) {
          Optional<Cidr> twice = next.withItsOtherHalf(other);
          if (twice.isEmpty()) {
            continue;
          }
          next = twice.get();
        }
        fewest.remove(i);
        i = -1; // what it has become may hold those before, too
      }
      fewest.add(next);
    }
    return fewest;
  }

  /** The block that two halves make; empty when these are none. */
  private Optional<Cidr> withItsOtherHalf(Cidr other) {
    if (length == 0 || length != other.length || first.v6() != other.first.v6()) {
      return Optional.empty();
    }
    Cidr both = new Cidr(first, length - 1);
    return both.contains(other) ? Optional.of(both) : Optional.empty();
  }

  public Address last() {
    BigInteger host = BigInteger.ONE.shiftLeft(first.bits() - length).subtract(BigInteger.ONE);
    return new Address(first.v6(), first.value().or(host));
  }

  public boolean contains(Address address) {
    int hostBits = first.bits() - length;
    return address.v6() == first.v6()
        && address.value().shiftRight(hostBits).equals(first.value().shiftRight(hostBits));
  }

  /** Whether all addresses of another block are in this one. */
  public boolean contains(Cidr other) {
    return other.length >= length && contains(other.first);
  }

  /** Whether some address is in both. */
  public boolean meets(Cidr other) {
    return contains(other) || other.contains(this);
  }

  @Override
  public String toString() {
    return first + "/" + length;
  }
}
