package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP105: some of the pods behind a Service let nothing in, though others do. */
public final class PartlyReachableService implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP105",
          "partly-reachable-service",
          Severity.INFO,
          Confidence.PROVED,
          "some of the workloads behind a Service let nothing in on its port, though others do");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      if (cluster.world().mayBeGuarded(service)
          && service.selector().isPresent()
          && service.resource().isUnderstood()) {
        for (V1ServicePort port : service.ports()) {
          check(service, port, connectivity, findings);
        }
      }
    }
  }

  private static void check(
      Service service, V1ServicePort port, Connectivity connectivity, Findings findings) {
    List<Backends> closed = null;
    for (Alternative alternative : service.cluster().alternatives(service)) {
      List<Backends> here = closedIn(service, port, alternative, connectivity);
      if (closed == null) {
        closed = here;
      } else {
        List<Workload> workloads = here.stream().map(one -> one.workloads().get(0)).toList();
        closed.removeIf(one -> !workloads.contains(one.workloads().get(0)));
      }
    }
    if (closed != null && !closed.isEmpty()) {
      report(service, port, closed, findings);
    }
  }

  /** Each workload that lets nothing in; none when no other one does, which is KP101. */
  private static List<Backends> closedIn(
      Service service, V1ServicePort port, Alternative alternative, Connectivity connectivity) {
    List<Backends> closed = new ArrayList<>();
    Optional<Backends> all = Backends.of(service, alternative);
    if (all.isEmpty() || all.get().workloads().size() == 1) {
      return closed;
    }
    for (Workload workload : all.get().workloads()) {
      Backends one = new Backends(List.of(workload), all.get().policies());
      Traffic there = one.arrivingAt(port);
      Traffic in = one.policiesAbout().allowed(Direction.INGRESS);
      boolean lacksPort = there.equals(Traffic.none());
      if (!lacksPort
          && one.areAllIsolated()
          && connectivity.proveEmpty(there.and(in), service.resource().place()).isPresent()) {
        closed.add(one);
      }
    }
    return closed.size() == all.get().workloads().size() ? new ArrayList<>() : closed;
  }

  private static void report(
      Service service, V1ServicePort port, List<Backends> closed, Findings findings) {
    Workload first = closed.get(0).workloads().get(0);
    Draft draft =
        findings
            .report(
                service,
                service.cluster().at(port, "port"),
                "some connections to port "
                    + port.getPort()
                    + " of "
                    + service
                    + " fail: "
                    + first
                    + (closed.size() == 1 ? " is" : " and " + (closed.size() - 1) + " more are")
                    + " behind it, too, and "
                    + (closed.size() == 1 ? "lets" : "let")
                    + " nothing in there")
            .help("let its clients in to all of its pods, or select those that do");
    for (Backends one : closed) {
      Workload workload = one.workloads().get(0);
      draft.note(workload.resource().place(), "the Service selects " + workload);
      for (Meaning policy : one.isolating()) {
        draft.note(policy.place(), policy.policy() + " isolates the pods of " + workload);
      }
    }
  }
}
