package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   */
  record Pod(
      String id,
      int replica,
      String namespace,
      Map<String, String> namespaceLabels,
      Map<String, String> labels,
      Map<PortName, Integer> ports,
      List<Address> addresses)
      implements Endpoint {

    /** The replica of a pod that has no others beside it. */
    public static final int ONLY = -1;

    public Pod {
      namespaceLabels = Map.copyOf(namespaceLabels);
      labels = Map.copyOf(labels);
      ports = Map.copyOf(ports);
      addresses = List.copyOf(addresses);
    }

    /** Another of its replicas; itself where there is just one. */
    public Pod withReplica(int other) {
      return replica == ONLY
          ? this
          : new Pod(id, other, namespace, namespaceLabels, labels, ports, addresses);
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
   */
  record Host(String id, List<Address> addresses) implements Endpoint {
    public Host {
      addresses = List.copyOf(addresses);
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

  /**
   * Whether a block holds one of its addresses. What has no known address is taken to have an IPv4
   * address that lies in no block but the whole of IPv4.
   */
  default boolean isIn(Cidr block) {
    return addresses().isEmpty()
        ? block.equals(Cidr.ALL_V4)
        : addresses().stream().anyMatch(block::contains);
  }

  default Optional<Pod> asPod() {
    return this instanceof Pod pod ? Optional.of(pod) : Optional.empty();
  }
}
