package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.ApiServerCall;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** KP109: a Service that the API server calls, whose pods let in nothing but pods. */
public final class WebhookBackendBlocksApiServer implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP109",
          "webhook-backend-blocks-api-server",
          Severity.WARNING,
          Confidence.PROVED,
          "the API server calls a Service whose pods let in nothing but pods");

  /** By whose hands API servers of some clouds reach the pods. */
  private static final Endpoint.Pod TUNNEL =
      new Endpoint.Pod(
          "kube-system/konnectivity-agent",
          0,
          "kube-system",
          Map.of(World.NAMESPACE_NAME, "kube-system"),
          Map.of("k8s-app", "konnectivity-agent"),
          Map.of(),
          List.of());

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** A call that the API server cannot make. */
  private record Blocked(ApiServerCall call, V1ServicePort port, Backends backends) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      if (cluster.world().mayBeGuarded(service)
          && service.selector().isPresent()
          && service.resource().isUnderstood()) {
        for (V1ServicePort port : service.ports()) {
          check(service, port, cluster, connectivity, findings);
        }
      }
    }
  }

  private static void check(
      Service service,
      V1ServicePort port,
      Cluster cluster,
      Connectivity connectivity,
      Findings findings) {
    Blocked blocked = null;
    for (Alternative alternative : cluster.alternatives(service)) {
      Optional<Blocked> here = blockedIn(service, port, alternative, connectivity);
      if (here.isEmpty()) {
        return;
      }
      blocked = blocked == null ? here.get() : blocked;
    }
    if (blocked != null) {
      report(service, blocked, findings);
    }
  }

  private static Optional<Blocked> blockedIn(
      Service service, V1ServicePort port, Alternative alternative, Connectivity connectivity) {
    Optional<ApiServerCall> call =
        ApiServerCall.in(alternative).stream()
            .filter(candidate -> candidate.arrivesAt(service, port))
            .findFirst();
    if (call.isEmpty()) {
      return Optional.empty();
    }
    Optional<Backends> backends = Backends.of(service, alternative);
    if (backends.isEmpty()
        || !backends.get().areAllIsolated()
        // nothing at all is let in: KP101
        || backends.get().isolating().stream().allMatch(p -> p.rules(Direction.INGRESS).isEmpty())
        || backends.get().isolating().stream().anyMatch(p -> admitsHosts(p))) {
      return Optional.empty();
    }
    Traffic there = backends.get().arrivingAt(port);
    if (there.equals(Traffic.none())) {
      return Optional.empty();
    }
    Traffic fromOutside =
        Traffic.allOf(
            there,
            new Traffic.Not(new Traffic.IsPod(End.FROM)),
            backends.get().policiesAbout().allowed(Direction.INGRESS));
    return connectivity
        .proveEmpty(fromOutside, service.resource().place())
        .map(proved -> new Blocked(call.get(), port, backends.get()));
  }

  /** OpenShift gives labels to what comes from the network of nodes, API server included. */
  private static boolean admitsHosts(Meaning policy) {
    return policy.rules(Direction.INGRESS).stream()
        .flatMap(rule -> rule.rule().peers().stream())
        .map(V1NetworkPolicyPeer::getNamespaceSelector)
        .anyMatch(
            selector -> selector != null && selector.toString().contains("network.openshift.io"));
  }

  private static void report(Service service, Blocked blocked, Findings findings) {
    String targets = String.join(", ", blocked.backends().targets(blocked.port()));
    Draft draft =
        findings
            .report(
                service,
                service.cluster().at(blocked.port(), "port"),
                "the API server calls "
                    + service
                    + ", but the policies of its pods let in only pods on port "
                    + targets)
            .severity(isTunnelOpen(blocked) ? Severity.INFO : Severity.WARNING)
            .help(
                "allow every source on that port, or the addresses of the control plane with an"
                    + " ipBlock: no selector matches the API server");
    draft.note(blocked.call().place(), blocked.call() + " names the Service");
    for (Meaning policy : blocked.backends().isolating()) {
      draft.note(policy.place(), policy.policy() + " isolates its pods");
    }
  }

  private static boolean isTunnelOpen(Blocked blocked) {
    Traffic allowed = blocked.backends().policiesAbout().allowed(Direction.INGRESS);
    Protocol protocol = Protocol.of(blocked.port().getProtocol()).orElseThrow();
    for (Workload workload : blocked.backends().workloads()) {
      Optional<Integer> target = Service.targetOn(workload, blocked.port());
      if (target.isPresent()
          && FlowEvaluator.contains(
              allowed, new Flow(TUNNEL, Endpoints.of(workload), protocol, target.get()))) {
        return true;
      }
    }
    return false;
  }
}
