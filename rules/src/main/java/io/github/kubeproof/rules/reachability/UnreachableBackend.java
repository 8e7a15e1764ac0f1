package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.IngressControllers;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP103: the pods behind an Ingress or a route do not let its controller in. */
public final class UnreachableBackend implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP103",
          "unreachable-backend",
          Severity.WARNING,
          Confidence.PROVED,
          "the pods behind an Ingress or a route do not let in what forwards to them");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Route route : cluster.routes()) {
      // what comes through a mesh comes from the clients
      for (Route.Backend backend :
          route.isForMesh() ? List.<Route.Backend>of() : route.backends()) {
        List<Service> services =
            cluster.world().services(backend.namespace(), backend.service()).stream()
                .filter(route::isDeployedWith)
                .filter(service -> cluster.world().mayBeGuarded(service))
                .filter(service -> service.selector().isPresent())
                .toList();
        if (services.size() == 1 && services.get(0).resource().isUnderstood()) {
          services.get(0).ports().stream()
              .filter(port -> route.names(backend, port))
              .findFirst()
              .ifPresent(
                  port -> check(route, backend, services.get(0), port, connectivity, findings));
        }
      }
    }
  }

  private static void check(
      Route route,
      Route.Backend backend,
      Service service,
      V1ServicePort port,
      Connectivity connectivity,
      Findings findings) {
    List<Workload> controllers =
        IngressControllers.among(route.cluster().world().workloads()).of(route);
    if (controllers.isEmpty()) {
      ofStrangers(service, port, backend, connectivity)
          .ifPresent(isolating -> reportStrangers(route, backend, service, isolating, findings));
      return;
    }
    List<Meaning> isolating = new ArrayList<>();
    for (Workload controller : controllers) {
      Optional<Call.Stop> stop =
          new Call(controller, service, port)
              .stopped(Direction.INGRESS, connectivity, backend.place());
      if (stop.isEmpty()) {
        return; // what comes from the network of a node, too
      }
      isolating.addAll(stop.get().isolating());
    }
    Draft draft =
        findings
            .report(
                route,
                backend.place(),
                service
                    + " does not let in "
                    + controllers.get(0)
                    + ", which forwards to it for "
                    + route)
            .help("let the pods of the controller in with an ingress rule");
    notes(isolating, service, draft);
  }

  /**
   * The policies of the pods, where these let in pods of their own namespace at most.
   *
   * @return empty when others may come, and when nothing at all can, which is KP101
   */
  private static Optional<List<Meaning>> ofStrangers(
      Service service, V1ServicePort port, Route.Backend backend, Connectivity connectivity) {
    List<Meaning> isolating = List.of();
    for (Alternative alternative : service.cluster().alternatives(service)) {
      Optional<Backends> backends = Backends.of(service, alternative);
      if (backends.isEmpty() || !backends.get().areAllIsolated()) {
        return Optional.empty();
      }
      Traffic admitted =
          backends
              .get()
              .arrivingAt(port)
              .and(backends.get().policiesAbout().allowed(Direction.INGRESS));
      Traffic own = new Traffic.InNamespace(End.FROM, service.namespace());
      if (backends.get().arrivingAt(port).equals(Traffic.none())
          || connectivity.proveEmpty(admitted.without(own), backend.place()).isEmpty()
          || connectivity.proveEmpty(admitted, backend.place()).isPresent()) {
        return Optional.empty();
      }
      isolating = isolating.isEmpty() ? backends.get().isolating() : isolating;
    }
    return isolating.isEmpty() ? Optional.empty() : Optional.of(isolating);
  }

  private static void reportStrangers(
      Route route,
      Route.Backend backend,
      Service service,
      List<Meaning> isolating,
      Findings findings) {
    Draft draft =
        findings
            .report(
                route,
                backend.place(),
                service
                    + " lets in pods of its own namespace only, so "
                    + route
                    + " works only if its controller runs there, or on the network of nodes")
            .severity(Severity.INFO)
            .help("let the pods of the controller in with an ingress rule");
    notes(isolating, service, draft);
  }

  private static void notes(List<Meaning> isolating, Service service, Draft draft) {
    isolating.stream()
        .distinct()
        .forEach(
            policy ->
                draft.note(policy.place(), policy.policy() + " isolates the pods of " + service));
  }
}
