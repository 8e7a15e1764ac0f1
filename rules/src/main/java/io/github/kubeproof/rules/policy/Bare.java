package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The workloads of a unit in one namespace that no policy of the input can isolate.
 *
 * @param isolating the policies of the input that isolate other pods of the namespace
 */
record Bare(String namespace, List<Workload> workloads, List<Policy> isolating) {

  /**
   * By namespace, those that are written; none where tiers or policies that nothing here knows may
   * isolate pods.
   */
  static List<Bare> in(Cluster cluster, Direction direction) {
    boolean known =
        cluster.workloads().isEmpty()
            || cluster.world().clusters().stream()
                .allMatch(unit -> unit.tierPolicies().isEmpty() && unit.otherPolicies().isEmpty());
    return known ? besideOthers(cluster, direction) : List.of();
  }

  /** The same, whatever tiers and policies that nothing here knows may do to them. */
  static List<Bare> besideOthers(Cluster cluster, Direction direction) {
    Map<String, List<Workload>> byNamespace = new TreeMap<>();
    for (Workload workload : cluster.workloads()) {
      if (workload.namespaceIsWritten()
          && workload.resource().isUnderstood()
          && !workload.onHostNetwork()
          && workload.replicas() > 0) {
        byNamespace.computeIfAbsent(workload.namespace(), n -> new ArrayList<>()).add(workload);
      }
    }
    List<Bare> found = new ArrayList<>();
    byNamespace.forEach(
        (namespace, workloads) -> {
          List<Policy> isolating =
              cluster.world().policiesNear(workloads.get(0)).stream()
                  .filter(policy -> policy.isolates(direction))
                  .toList();
          List<Workload> bare =
              workloads.stream()
                  .filter(w -> isolating.stream().noneMatch(p -> mayPick(p, w)))
                  .toList();
          if (!bare.isEmpty()) {
            found.add(new Bare(namespace, bare, isolating));
          }
        });
    return found;
  }

  private static boolean mayPick(Policy policy, Workload workload) {
    return policy.podSelector().filter(selector -> !workload.mayMatch(selector)).isEmpty()
        || !policy.cluster().world().patchesOf(policy).isEmpty();
  }

  /** Those that declare a port or are behind a Service; others have nothing to be called at. */
  Optional<Bare> listening() {
    List<Workload> listening =
        workloads.stream()
            .filter(workload -> !workload.ports().isEmpty() || isBehindService(workload))
            .toList();
    return listening.isEmpty()
        ? Optional.empty()
        : Optional.of(new Bare(namespace, listening, isolating));
  }

  private static boolean isBehindService(Workload workload) {
    return workload.cluster().services().stream()
        .filter(workload::mayShareNamespace)
        .anyMatch(service -> service.selector().filter(workload::mayMatch).isPresent());
  }

  /** The name of the first one: a finding about all of them stands there. */
  Place place() {
    return workloads.get(0).resource().at("metadata", "name");
  }

  /** {@code Deployment shop/web and 2 others}. */
  @Override
  public String toString() {
    int others = workloads.size() - 1;
    return workloads.get(0)
        + (others == 0 ? "" : others == 1 ? " and 1 other" : " and " + others + " others");
  }
}
