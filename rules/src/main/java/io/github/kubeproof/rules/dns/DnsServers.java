package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.traffic.AddressSpace;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The servers that answer the names of the cluster, as ends of flows. */
final class DnsServers {

  /** Where the servers of most clusters run. */
  static final Set<String> USUAL_NAMESPACES = Set.of("kube-system", "openshift-dns");

  private DnsServers() {}

  /** Whether pods with such labels are servers. */
  static boolean areLabelled(Map<String, String> labels, Cluster cluster) {
    return cluster.settings().dns().selectors().stream()
        .anyMatch(selector -> labels.entrySet().containsAll(selector.entrySet()));
  }

  /** Flows to pods with the labels of servers, in their namespace where that is known. */
  static Traffic pods(Settings settings) {
    List<Traffic> pods = new ArrayList<>();
    for (Map<String, String> labels : settings.dns().selectors()) {
      pods.add(new Traffic.PodLabels(End.TO, Selector.ofLabels(labels)));
    }
    Traffic servers = Traffic.anyOf(pods);
    String namespace = settings.dns().namespace();
    return namespace.isEmpty() ? servers : servers.and(new Traffic.InNamespace(End.TO, namespace));
  }

  /** Flows to the ports that servers listen on. */
  static Traffic ports(Settings settings, Protocol protocol) {
    List<Traffic> ports = new ArrayList<>();
    for (int port : settings.dns().ports()) {
      ports.add(new Traffic.Ports(protocol, port, port));
    }
    return Traffic.anyOf(ports);
  }

  /**
   * Flows from the pods of a policy to all servers there could be: pods in any namespace that may
   * hold some, and every address that a Service or a cache on the node may have.
   */
  static Traffic asked(Policy policy) {
    Traffic servers = pods(policy.cluster().settings());
    if (policy.cluster().settings().dns().namespace().isEmpty() && !mayBeBeside(policy)) {
      servers = servers.without(new Traffic.InNamespace(End.TO, policy.namespace()));
    }
    return Traffic.anyOf(servers, AddressSpace.PRIVATE.at(End.TO));
  }

  /** Whether servers may run beside the pods of a policy; hardly among applications. */
  private static boolean mayBeBeside(Policy policy) {
    return USUAL_NAMESPACES.contains(policy.namespace())
        || labelled(policy.cluster().world()).stream().anyMatch(policy::mayShareNamespace);
  }

  /** The workloads of the input that are labelled so. */
  private static List<Workload> labelled(World world) {
    return world
        .once(
            Labelled.class,
            () ->
                new Labelled(
                    world.clusters().stream()
                        .flatMap(unit -> unit.workloads().stream())
                        .filter(workload -> areLabelled(workload.labels(), workload.cluster()))
                        .toList()))
        .workloads();
  }

  private record Labelled(List<Workload> workloads) {}

  /** Whether pods look names up in the cluster (core/v1 types.go, DNSPolicy). */
  static boolean areAskedBy(Workload workload) {
    String policy = workload.podSpec().getDnsPolicy();
    boolean cluster =
        policy == null
            || policy.isEmpty()
            || policy.equals("ClusterFirst")
            || policy.equals("ClusterFirstWithHostNet");
    return cluster && !areLabelled(workload.labels(), workload.cluster());
  }
}
