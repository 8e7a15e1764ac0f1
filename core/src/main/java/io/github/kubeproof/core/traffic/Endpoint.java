package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One end of a flow. */
public sealed interface Endpoint {

  /**
   * A pod on the pod network.
   *
   * @param id {@code namespace/name} of the pod, or {@code Kind namespace/name} for any pod of a
   *     workload
   * @param replica tells pods of one id apart; {@link #ONLY} where there is just one
   * @param namespaceLabels with {@code kubernetes.io/metadata.name}
   * @param ports what its containers declare under a name
   * @param addresses one of each family at most; empty when nobody knows them
   * @param ranges the blocks that addresses which nobody knows are from; empty when nobody knows
   *     these either
   */
  record Pod(
      String id,
      int replica,
      String namespace,
      Map<String, String> namespaceLabels,
      Map<String, String> labels,
      Map<PortName, Integer> ports,
      List<Address> addresses,
      List<Cidr> ranges)
      implements Endpoint {

    /** The replica of a pod that has no others beside it. */
    public static final int ONLY = -1;

    public Pod {
      namespaceLabels = Map.copyOf(namespaceLabels);
      labels = Map.copyOf(labels);
      ports = Map.copyOf(ports);
      addresses = List.copyOf(addresses);
      ranges = List.copyOf(ranges);
    }

    /** One of whose addresses nobody knows more than what is told. */
    public Pod(
        String id,
        int replica,
        String namespace,
        Map<String, String> namespaceLabels,
        Map<String, String> labels,
        Map<PortName, Integer> ports,
        List<Address> addresses) {
      this(id, replica, namespace, namespaceLabels, labels, ports, addresses, List.of());
    }

    /** Another of its replicas; itself where there is just one. */
    public Pod withReplica(int other) {
      return replica == ONLY
          ? this
          : new Pod(id, other, namespace, namespaceLabels, labels, ports, addresses, ranges);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * A node, or a pod on its node's network: no policy is enforced on it and no selector matches it.
   *
   * @param addresses empty when nobody knows them
   * @param ranges as those of a pod
   */
  record Host(String id, List<Address> addresses, List<Cidr> ranges) implements Endpoint {
    public Host {
      addresses = List.copyOf(addresses);
      ranges = List.copyOf(ranges);
    }

    /** One of whose addresses nobody knows more than what is told. */
    public Host(String id, List<Address> addresses) {
      this(id, addresses, List.of());
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /** Something outside of the cluster. */
  record Outside(Address address) implements Endpoint {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * The name of a container port together with its protocol: one name may stand for two numbers.
   */
  record PortName(String name, Protocol protocol) {}

  /** The addresses it is known by. */
  default List<Address> addresses() {
    return this instanceof Outside outside ? List.of(outside.address()) : List.of();
  }

  /** The blocks that its addresses are from, where these are not known. */
  default List<Cidr> ranges() {
    return List.of();
  }

  /** The addresses it is known by, or else one of each family in its ranges, for all of these. */
  default List<Address> takenAddresses() {
    if (!addresses().isEmpty() || ranges().isEmpty()) {
      return addresses();
    }
    return Stream.of(false, true)
        .flatMap(
            v6 -> ranges().stream().map(Cidr::first).filter(first -> first.v6() == v6).limit(1))
        .toList();
  }

  /**
   * Whether a block holds one of its addresses. What has no known address is taken to have an IPv4
   * address that lies in no block but the whole of IPv4, or, where its ranges are known, to have
   * the first one of these: {@link #isSureOf} tells whether that makes a difference.
   */
  default boolean isIn(Cidr block) {
    List<Address> taken = takenAddresses();
    return taken.isEmpty() ? block.equals(Cidr.ALL_V4) : taken.stream().anyMatch(block::contains);
  }

  /**
   * Whether it is known of each of some blocks if it holds the endpoint's address, as far as that
   * bears on all of them together. An address of which nothing is told is taken to be a private
   * one.
   *
   * @param whole blocks that count with all their addresses, no two of which make a larger one
   * @param others further blocks, and exceptions from them
   */
  default boolean isSureOf(List<Cidr> whole, List<Cidr> others) {
    if (!addresses().isEmpty() || (whole.isEmpty() && others.isEmpty())) {
      return true;
    }
    if (ranges().isEmpty()) {
      return whole.contains(Cidr.ALL_V4)
          || Stream.concat(whole.stream(), others.stream())
              .allMatch(block -> block.equals(Cidr.ALL_V4) || !AddressSpace.PRIVATE.meets(block));
    }
    boolean inSome =
        ranges().stream().allMatch(range -> whole.stream().anyMatch(b -> b.contains(range)));
    return inSome
        || Stream.concat(whole.stream(), others.stream())
            .allMatch(
                block ->
                    ranges().stream()
                        .filter(range -> range.first().v6() == block.first().v6())
                        .allMatch(
                            range -> isIn(block) ? block.contains(range) : !block.meets(range)));
  }

  default Optional<Pod> asPod() {
    return this instanceof Pod pod ? Optional.of(pod) : Optional.empty();
  }
}
