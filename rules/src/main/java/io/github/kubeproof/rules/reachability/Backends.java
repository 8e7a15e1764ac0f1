package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySet;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pods that surely answer for a Service in one alternative, and the policies that decide. */
record Backends(List<Workload> workloads, PolicySet policies) {

  /**
   * The backends of a Service with a selector.
   *
   * @return empty when no workload surely answers for it, when one of them answers from the network
   *     of its node, where policies do not count, and when nobody can say what is blocked
   */
  static Optional<Backends> of(Service service, Alternative alternative) {
    Selector selector = service.selector().orElseThrow();
    List<Workload> workloads =
        alternative.workloads().stream()
            .filter(workload -> workload.namespace().equals(service.namespace()))
            .filter(workload -> workload.matches(selector) && workload.replicas() > 0)
            .toList();
    if (workloads.isEmpty() || workloads.stream().anyMatch(Workload::onHostNetwork)) {
      return Optional.empty();
    }
    return PolicySet.of(service, alternative).map(policies -> new Backends(workloads, policies));
  }

  /** The policies that decide what arrives at the pods, and no others. */
  PolicySet policiesAbout() {
    return policies.about(
        workloads.stream().flatMap(w -> Endpoints.of(w).asPod().stream()).toList());
  }

  boolean areAllIsolated() {
    return workloads.stream().noneMatch(w -> policies.isolating(w, Direction.INGRESS).isEmpty());
  }

  /** The policies that isolate some of the pods; first those that are made for them. */
  List<Meaning> isolating() {
    Set<Meaning> isolating = new LinkedHashSet<>();
    workloads.forEach(w -> isolating.addAll(policies.isolating(w, Direction.INGRESS)));
    return isolating.stream()
        .sorted(Comparator.comparing(policy -> -policy.selector().requirements().size()))
        .toList();
  }

  /** The flows that arrive at the pods for a port of the Service. */
  Traffic arrivingAt(V1ServicePort port) {
    List<Traffic> flows = new ArrayList<>();
    for (Workload workload : workloads) {
      Optional<Integer> target = Service.targetOn(workload, port);
      Optional<Endpoint.Pod> pod = Endpoints.of(workload).asPod();
      if (target.isPresent() && pod.isPresent()) {
        Protocol protocol = Protocol.of(port.getProtocol()).orElseThrow();
        flows.add(
            Traffic.allOf(
                new Traffic.IsThis(End.TO, pod.get()),
                new Traffic.Ports(protocol, target.get(), target.get())));
      }
    }
    return Traffic.anyOf(flows);
  }

  /** Where a port of the Service leads to: {@code 8080/TCP}. */
  Set<String> targets(V1ServicePort port) {
    Set<String> targets = new LinkedHashSet<>();
    for (Workload workload : workloads) {
      Service.targetOn(workload, port)
          .ifPresent(
              number -> targets.add(number + "/" + Protocol.of(port.getProtocol()).orElseThrow()));
    }
    return targets;
  }
}
