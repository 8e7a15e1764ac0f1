package io.github.kubeproof.core.traffic;

import java.util.List;

/**
 * Addresses that people think of together: those of some blocks but not of some others.
 *
 * @param family the family of the addresses, as people write it
 */
public record AddressSpace(String family, List<Cidr> within, List<Cidr> without) {

  /** Every IPv4 address. */
  public static final AddressSpace IPV4 = of("IPv4", List.of("0.0.0.0/0"), List.of());

  /** Every IPv6 address. */
  public static final AddressSpace IPV6 = of("IPv6", List.of("::/0"), List.of());

  /**
   * What hosts of the internet have: no private network, no multicast, nothing that IANA set aside
   * for a special purpose.
   */
  public static final AddressSpace INTERNET_IPV4 =
      of(
          "IPv4",
          List.of("0.0.0.0/0"),
          List.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3"));

  /** The same for IPv6: global unicast without what is set aside. */
  public static final AddressSpace INTERNET_IPV6 =
      of(
          "IPv6",
          List.of("2000::/3"),
          List.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"));

  /**
   * Private, shared and link-local addresses of both families: where the nodes and the Services of
   * a cluster usually are.
   */
  public static final AddressSpace PRIVATE =
      of(
          "private",
          List.of(
              "10.0.0.0/8",
              "100.64.0.0/10",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "fc00::/7",
              "fe80::/10"),
          List.of());

  public AddressSpace {
    within = List.copyOf(within);
    without = List.copyOf(without);
  }

  private static AddressSpace of(String family, List<String> within, List<String> without) {
    return new AddressSpace(
        family, within.stream().map(Cidr::of).toList(), without.stream().map(Cidr::of).toList());
  }

  /** Whether it has an address of a block; what is left out of it does not count. */
  boolean meets(Cidr block) {
    return within.stream().anyMatch(block::meets);
  }

  /** Flows with something at an end that is no pod and has such an address. */
  public Traffic at(End end) {
    return Traffic.allOf(
        new Traffic.Not(new Traffic.IsPod(end)),
        inSome(end, within),
        new Traffic.Not(inSome(end, without)));
  }

  private static Traffic inSome(End end, List<Cidr> blocks) {
    return Traffic.anyOf(
        blocks.stream().<Traffic>map(block -> new Traffic.InBlock(end, block)).toList());
  }
}
