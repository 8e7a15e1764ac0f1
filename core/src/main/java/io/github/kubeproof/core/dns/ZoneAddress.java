package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.dns.CorefileFault.Phase;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A zone that is served, and how it is reached.
 *
 * @param zone in lower case, with a dot at its end
 * @param port as CoreDNS reads it: any number
 * @param key the word it was written as
 */
public record ZoneAddress(String transport, String zone, long port, Token key) {

  private static final int MOST_ZONES = 256;

  /** The port of a transport that names none; empty for what is no transport. */
  private static Optional<Integer> defaultPort(String transport) {
    return switch (transport) {
      case "dns" -> Optional.of(53);
      case "tls", "quic" -> Optional.of(853);
      case "grpc", "https", "https3" -> Optional.of(443);
      default -> Optional.empty();
    };
  }

  /** What a key of a server block stands for; empty where it stands for nothing valid. */
  static List<ZoneAddress> of(Token key) {
    try {
      return read(key);
    } catch (Misuse misuse) {
      return List.of();
    }
  }

  static Optional<CorefileFault> fault(Token key) {
    try {
      read(key);
      return Optional.empty();
    } catch (Misuse misuse) {
      return Optional.of(misuse.in(Phase.KEYS));
    }
  }

  private static List<ZoneAddress> read(Token key) throws Misuse {
    String text = key.text();
    int scheme = text.indexOf("://");
    String transport = scheme < 0 ? "dns" : text.substring(0, scheme).toLowerCase(Locale.ROOT);
    Optional<Integer> usual = defaultPort(transport);
    // what is no scheme belongs to the zone
    String rest = scheme < 0 || usual.isEmpty() ? text : text.substring(scheme + 3);
    transport = usual.isEmpty() ? "dns" : transport;
    long port = usual.orElse(53);
    String host = rest;
    int colon = rest.lastIndexOf(':');
    if (colon >= 0 && colon == rest.length() - 1) {
      throw new Misuse(key, "a port is missing after the colon of \"" + text + "\"");
    }
    if (colon >= 0 && rest.substring(colon + 1).matches("[-+]?[0-9]{1,18}")) {
      port = Long.parseLong(rest.substring(colon + 1));
      host = rest.substring(0, colon);
    }
    if (host.length() > 255) {
      throw new Misuse(key, "the zone has " + host.length() + " characters, and 255 are the most");
    }
    if (!isDomainName(host)) {
      throw new Misuse(key, "\"" + host + "\" is no name of a zone");
    }
    List<ZoneAddress> zones = new ArrayList<>();
    for (String zone : zones(host)) {
      zones.add(new ZoneAddress(transport, zone, port, key));
    }
    return zones;
  }

  /** The zones that a name or a network stands for; a name is one zone. */
  public static List<String> zones(String host) {
    Optional<Cidr> network = host.contains("/") ? network(host) : Optional.empty();
    return network.isEmpty() ? List.of(normal(host)) : reverse(network.get());
  }

  /** In lower case, with a dot at its end. */
  static String normal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower : lower + ".";
  }

  private static Optional<Cidr> network(String text) {
    int slash = text.indexOf('/');
    String length = text.substring(slash + 1);
    Optional<Address> address = Address.parse(text.substring(0, slash));
    if (address.isEmpty() || !length.matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(length);
    if (bits > address.get().bits()) {
      return Optional.empty();
    }
    int host = address.get().bits() - bits;
    BigInteger first = address.get().value().shiftRight(host).shiftLeft(host);
    return Optional.of(new Cidr(new Address(address.get().v6(), first), bits));
  }

  /** The zones of a network, whole bytes (IPv4) or half ones (IPv6) at a time. */
  private static List<String> reverse(Cidr network) {
    boolean v6 = network.first().v6();
    int step = v6 ? 4 : 8;
    int labels = Math.max(1, (network.length() + step - 1) / step);
    int bits = network.first().bits();
    long count = 1L << (labels * step - network.length());
    List<String> zones = new ArrayList<>();
    BigInteger first = network.first().value().shiftRight(bits - labels * step);
    for (long i = 0; i < Math.min(count, MOST_ZONES); i++) {
      StringBuilder zone = new StringBuilder();
      BigInteger rest = first.add(BigInteger.valueOf(i));
      for (int label = 0; label < labels; label++) {
        int part = rest.intValue() & ((1 << step) - 1);
        zone.append(v6 ? Integer.toHexString(part) : String.valueOf(part)).append('.');
        rest = rest.shiftRight(step);
      }
      zones.add(zone.append(v6 ? "ip6.arpa." : "in-addr.arpa.").toString());
    }
    return zones;
  }

  /** Labels of up to 63 characters, none of them empty; any character will do. */
  static boolean isDomainName(String name) {
    if (name.isEmpty()) {
      return false;
    }
    if (name.equals(".")) {
      return true;
    }
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    for (String label : bare.split("\\.", -1)) {
      if (label.isEmpty() || label.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 63) {
        return false;
      }
    }
    return true;
  }

  /** Whether a name, with a dot at its end, is a zone or below it. */
  public static boolean isBelow(String name, String zone) {
    return zone.equals(".") || name.equals(zone) || name.endsWith("." + zone);
  }

  /** {@code dns://example.org.:53}. */
  @Override
  public String toString() {
    return transport + "://" + zone + ":" + port;
  }
}
