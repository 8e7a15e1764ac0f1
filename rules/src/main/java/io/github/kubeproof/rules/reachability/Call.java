package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySet;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** That the pods of a workload connect to a port of a Service. */
record Call(Workload from, Service to, V1ServicePort port) {

  /**
   * Why a call does not get through.
   *
   * @param side the end whose policies stop it: egress for the caller, ingress for the Service
   * @param isolating the policies that isolate the pods of that end
   */
  record Stop(Direction side, List<Meaning> isolating) {
    Stop {
      isolating = List.copyOf(isolating);
    }

    /** {@code policy shop/db}, of those that stop it the one that is made for these pods. */
    String policy() {
      return isolating.isEmpty() ? "a policy of a tier" : isolating.get(0).policy().toString();
    }
  }

  /**
   * What surely stops it, in each of the ways in which its ends may be deployed.
   *
   * @return empty when it may get through, and when nobody knows
   */
  Optional<Stop> stop(Connectivity connectivity, Place about) {
    return from.isDeployedWith(to)
        ? stopped(Direction.INGRESS, connectivity, about)
            .or(() -> stopped(Direction.EGRESS, connectivity, about))
        : Optional.empty();
  }

  /** What surely stops it at one end, for those who know that both are deployed. */
  Optional<Stop> stopped(Direction side, Connectivity connectivity, Place about) {
    Optional<Endpoint.Pod> pod = Endpoints.of(from).asPod();
    boolean known =
        pod.isPresent()
            && from.replicas() > 0
            && to.selector().isPresent()
            && to.resource().isUnderstood();
    if (!known) {
      return Optional.empty();
    }
    Traffic caller = new Traffic.IsThis(End.FROM, pod.get());
    List<Alternative> alternatives = to.cluster().alternatives(to);
    List<Meaning> isolating = new ArrayList<>();
    for (Alternative alternative : alternatives) {
      Optional<Backends> backends = Backends.of(to, alternative);
      Optional<Traffic> there = backends.map(b -> b.arrivingAt(port));
      if (there.isEmpty() || there.get().equals(Traffic.none())) {
        return Optional.empty();
      }
      Traffic asked = caller.and(there.get());
      boolean stopped =
          side == Direction.INGRESS
              ? isStopped(asked, backends.get().policiesAbout(), side, connectivity, about)
              : isKeptIn(asked, connectivity, about);
      if (!stopped) {
        return Optional.empty();
      }
      if (isolating.isEmpty()) {
        isolating.addAll(side == Direction.INGRESS ? backends.get().isolating() : keepingIn());
      }
    }
    return Optional.of(new Stop(side, isolating));
  }

  private static boolean isStopped(
      Traffic asked, PolicySet policies, Direction side, Connectivity connectivity, Place about) {
    return (!policies.certain().isEmpty() || policies.hasTiers())
        && connectivity.proveEmpty(asked.and(policies.allowed(side)), about).isPresent();
  }

  /** Whether the caller's policies let none of it out, in each of the caller's alternatives. */
  private boolean isKeptIn(Traffic asked, Connectivity connectivity, Place about) {
    return from.cluster().alternatives(from).stream()
        .allMatch(
            alternative ->
                policiesOfCaller(alternative)
                    .filter(set -> isStopped(asked, set, Direction.EGRESS, connectivity, about))
                    .isPresent());
  }

  private Optional<PolicySet> policiesOfCaller(Alternative alternative) {
    return PolicySet.of(from, alternative)
        .map(set -> set.about(Endpoints.of(from).asPod().stream().toList()));
  }

  private List<Meaning> keepingIn() {
    return from.cluster().alternatives(from).stream()
        .findFirst()
        .flatMap(this::policiesOfCaller)
        .map(set -> set.isolating(from, Direction.EGRESS))
        .orElse(List.of());
  }
}
