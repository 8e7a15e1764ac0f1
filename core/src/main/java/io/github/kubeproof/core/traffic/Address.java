package io.github.kubeproof.core.traffic;

import java.math.BigInteger;
import java.util.Optional;

/**
 * An IP address.
 *
 * @param v6 the family
 * @param value the address as a number: 32 bits for IPv4, 128 for IPv6
 */
public record Address(boolean v6, BigInteger value) implements Comparable<Address> {

  public Address {
    if (value.signum() < 0 || value.bitLength() > (v6 ? 128 : 32)) {
      throw new IllegalArgumentException("no such address: " + value);
    }
  }

  public int bits() {
    return v6 ? 128 : 32;
  }

  /** The address behind it; empty behind the last one of its family. */
  public Optional<Address> next() {
    BigInteger behind = value.add(BigInteger.ONE);
    return behind.bitLength() > bits() ? Optional.empty() : Optional.of(new Address(v6, behind));
  }

  /**
   * The address that a text means to the API server, which reads {@code 010.0.0.1} as {@code
   * 10.0.0.1}; empty for nonsense.
   */
  public static Optional<Address> parse(String text) {
    return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
  }

  /** The address of a text that is known to be one. */
  public static Address of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("no address: " + text));
  }

  private static Optional<Address> parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    long value = 0;
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 15
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Optional.empty();
      }
      long octet = Long.parseLong(part);
      if (octet > 255) {
        return Optional.empty();
      }
      value = value << 8 | octet;
    }
    return Optional.of(new Address(false, BigInteger.valueOf(value)));
  }

  /** RFC 4291, section 2.2; a zone is no part of an address here. */
  private static Optional<Address> parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    String head = gap < 0 ? text : text.substring(0, gap);
    String tail = gap < 0 ? "" : text.substring(gap + 2);
    Optional<BigInteger> headBits = groups(head);
    Optional<BigInteger> tailBits = groups(tail);
    if (headBits.isEmpty() || tailBits.isEmpty()) {
      return Optional.empty();
    }
    // each group sequence is kept with a leading 1, so that its length is known
    int headLength = headBits.get().bitLength() - 1;
    int tailLength = tailBits.get().bitLength() - 1;
    int length = headLength + tailLength;
    if (gap < 0 ? length != 128 : length > 112) {
      return Optional.empty();
    }
    BigInteger high = headBits.get().clearBit(headLength).shiftLeft(128 - headLength);
    return Optional.of(new Address(true, high.or(tailBits.get().clearBit(tailLength))));
  }

  private static Optional<BigInteger> groups(String text) {
    BigInteger bits = BigInteger.ONE;
    if (text.isEmpty()) {
      return Optional.of(bits);
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        Optional<Address> v4 = parseV4(parts[i]);
        if (v4.isEmpty()) {
          return Optional.empty();
        }
        bits = bits.shiftLeft(32).or(v4.get().value());
      } else if (parts[i].matches("0*[0-9a-fA-F]{1,4}")) {
        bits = bits.shiftLeft(16).or(new BigInteger(parts[i], 16));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(bits);
  }

  @Override
  public int compareTo(Address other) {
    return v6 != other.v6 ? Boolean.compare(v6, other.v6) : value.compareTo(other.value);
  }

  /** Dotted for IPv4; for IPv6 as RFC 5952 wants it. */
  @Override
  public String toString() {
    return v6 ? writeV6() : writeV4();
  }

  private String writeV4() {
    int bits = value.intValue();
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }

  private String writeV6() {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = value.shiftRight(112 - 16 * i).intValue() & 0xffff;
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > bestLength) {
        bestStart = i;
        bestLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
      } else {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
