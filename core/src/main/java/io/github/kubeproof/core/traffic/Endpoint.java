package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One end of a flow. */
public sealed interface Endpoint {

  /**
   * A pod on the pod network. Two pods with one id are the same pod.
   *
   * @param id {@code namespace/name} of the pod, or {@code Kind namespace/name} for any pod of a
   *     workload
   * @param namespaceLabels with {@code kubernetes.io/metadata.name}
   * @param ports what its containers declare under a name
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

    public Pod {
      namespaceLabels = Map.copyOf(namespaceLabels);
      labels = Map.copyOf(labels);
      ports = Map.copyOf(ports);
      addresses = List.copyOf(addresses);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * A node, or a pod on its node's network: no policy is enforced on it and no selector matches it.
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

  /** The addresses by which an ipBlock could match it. */
  default List<Address> blockAddresses() {
    if (this instanceof Outside outside) {
      return List.of(outside.address());
    }
    return this instanceof Host host ? host.addresses() : ((Pod) this).addresses();
  }

  default Optional<Pod> asPod() {
    return this instanceof Pod pod ? Optional.of(pod) : Optional.empty();
  }
}
