package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Attachment;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Settings.Dns;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What primary networks of OVN-Kubernetes keep apart, said as {@link Traffic}.
 *
 * <p>Pods of a network reach no pod that is on another one or on the default network of the
 * cluster, and are reached by none, whatever policies say; but they do reach the DNS of the
 * cluster, where policies are taken to hold as for any pod. On a network, policies hold as
 * anywhere, and so they do for what is outside.
 *
 * @see "ovn-kubernetes docs/okeps/okep-5193-user-defined-networks.md: Services, Network Policy;
 *     docs/features/user-defined-networks/user-defined-networks.md"
 */
public final class Networks {

  /** Made by the API server itself, and so without the label, which cannot be added later. */
  private static final Set<String> NEVER_ASKING =
      Set.of("default", "kube-node-lease", "kube-public", "kube-system");

  private static final String OPEN_PORTS = "k8s.ovn.org/open-default-ports";

  private Networks() {}

  /** The flows that a network keeps from one end, or the other end from it. */
  static Traffic apart(Network network, Direction direction) {
    End guarded = End.guarded(direction);
    End other = guarded.other();
    Traffic elsewhere =
        new Traffic.IsPod(other).without(new Traffic.NamespaceLabels(other, network.namespaces()));
    Traffic apart = new Traffic.NamespaceLabels(guarded, network.namespaces()).and(elsewhere);
    // "pods that are connected to user-defined networks are still able to access KAPI and DNS
    // services that reside on the cluster default network"; the API server is no pod to us
    return direction == Direction.EGRESS
        ? apart.without(dns(network.cluster().settings().dns()))
        : apart;
  }

  /** Queries of the cluster's DNS. */
  private static Traffic dns(Dns dns) {
    List<Traffic> servers = new ArrayList<>();
    dns.selectors()
        .forEach(labels -> servers.add(new Traffic.PodLabels(End.TO, Selector.ofLabels(labels))));
    List<Traffic> ports = new ArrayList<>();
    for (int port : dns.ports()) {
      ports.add(new Traffic.Ports(Protocol.UDP, port, port));
      ports.add(new Traffic.Ports(Protocol.TCP, port, port));
    }
    Traffic queries = Traffic.anyOf(servers).and(Traffic.anyOf(ports));
    return dns.namespace().isEmpty()
        ? queries
        : new Traffic.InNamespace(End.TO, dns.namespace()).and(queries);
  }

  /**
   * What keeps an input from telling which network pods are on, or who else gets to them: also by
   * way of networks that they are attached to besides.
   */
  static List<Gap> gaps(Inventory inventory) {
    List<Gap> gaps = new ArrayList<>();
    List<Network> networks =
        inventory.networks().stream().filter(network -> !network.isRefused()).toList();
    for (Network network : networks) {
      undecided(network, inventory)
          .forEach(
              namespace ->
                  gaps.add(
                      new Gap(
                          network.place(),
                          network
                              + (inventory.namespaces().containsKey(namespace)
                                  ? " is not made, because namespace "
                                      + namespace
                                      + " lacks the label "
                                  : " may not be made: no manifest shows whether namespace "
                                      + namespace
                                      + " has the label ")
                              + Network.NAMESPACE_LABEL,
                          in(namespace))));
    }
    for (Resource namespace : inventory.asking()) {
      List<Network> own =
          networks.stream()
              .filter(n -> n.namespaces().matches(inventory.namespaceLabels(namespace.name())))
              .toList();
      if (own.isEmpty()) {
        gaps.add(
            new Gap(
                namespace.at("metadata", "labels", Network.NAMESPACE_LABEL),
                "pods of namespace "
                    + namespace.name()
                    + " are on a primary network of their own that is not in the input",
                in(namespace.name())));
      } else if (own.size() > 1) {
        gaps.add(
            new Gap(
                own.get(1).place(),
                own.get(1)
                    + " is for namespace "
                    + namespace.name()
                    + ", which has "
                    + own.get(0)
                    + " and may have one primary network only, so new pods do not start",
                in(namespace.name())));
      }
    }
    for (Workload workload : inventory.workloads()) {
      V1ObjectMeta meta = workload.podMeta();
      for (Attachment attachment : Attachment.of(workload)) {
        gaps.add(
            new Gap(
                attachment.place(),
                workload
                    + " is attached to network "
                    + attachment.network()
                    + ", too: what flows there is no part of the answer, and policies do not hold"
                    + " there",
                pods(workload)));
      }
      if (meta != null
          && !networks.isEmpty()
          && Lists.orEmpty(meta.getAnnotations()).containsKey(OPEN_PORTS)) {
        gaps.add(
            new Gap(
                workload.cluster().at(meta, "annotations", OPEN_PORTS),
                workload
                    + " opens ports to the default network of the cluster ("
                    + OPEN_PORTS
                    + "), which is not modelled",
                pods(workload)));
      }
    }
    return gaps;
  }

  /** The namespaces of the input of which nobody knows whether a network is for them. */
  private static Set<String> undecided(Network network, Inventory inventory) {
    Set<String> undecided = new TreeSet<>();
    if (!network.isClusterWide()) {
      Map<String, String> labels = inventory.namespaceLabels(network.namespace());
      if (!labels.containsKey(Network.NAMESPACE_LABEL)) {
        undecided.add(network.namespace());
      }
      return undecided;
    }
    for (Workload workload : inventory.workloads()) {
      String namespace = workload.namespace();
      // of a namespace that no manifest defines just the name is known
      boolean mayBePicked =
          network.namespaces().requirements().stream()
              .filter(requirement -> requirement.key().equals(World.NAMESPACE_NAME))
              .allMatch(requirement -> requirement.matches(inventory.namespaceLabels(namespace)));
      if (mayBePicked
          && !inventory.namespaces().containsKey(namespace)
          && !NEVER_ASKING.contains(namespace)) {
        undecided.add(namespace);
      }
    }
    return undecided;
  }

  /** The pods of a workload, and those in its namespace that have its labels, too. */
  private static Peer.Pods pods(Workload workload) {
    return new Peer.Pods(
        Selector.ofNamespace(workload.namespace()), Selector.ofLabels(workload.labels()));
  }

  private static Peer.Pods in(String namespace) {
    return new Peer.Pods(Selector.ofNamespace(namespace), Selector.EVERYTHING);
  }
}
