package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySet;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.List;
import java.util.Optional;

/** KP623: policies that keep pods from the DNS servers of the cluster. */
public final class UnreachableDns implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP623",
          "unreachable-dns",
          Severity.ERROR,
          Confidence.PROVED,
          "the policies of the DNS servers let no pod of other namespaces ask");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload server : cluster.workloads()) {
      if (DnsServers.USUAL_NAMESPACES.contains(server.namespace())
          && server.namespaceIsWritten()
          && DnsServers.areLabelled(server.labels(), cluster)) {
        check(server, connectivity, findings);
      }
    }
    for (Policy policy : cluster.policies()) {
      if (DnsServers.USUAL_NAMESPACES.contains(policy.namespace())
          && policy.namespaceIsWritten()
          && policy.isolates(Direction.INGRESS)
          && policy
              .podSelector()
              .filter(selector -> DnsServers.areLabelled(selector.equalities(), cluster))
              .isPresent()) {
        checkUnknownServers(policy, connectivity, findings);
      }
    }
  }

  private static void check(Workload server, Connectivity connectivity, Findings findings) {
    Optional<Endpoint.Pod> pod = Endpoints.of(server).asPod();
    if (pod.isEmpty()) {
      return;
    }
    Traffic arriving = new Traffic.IsThis(End.TO, pod.get()).and(port(server));
    List<Meaning> isolating = List.of();
    for (Alternative alternative : server.cluster().alternatives(server)) {
      Optional<PolicySet> policies = PolicySet.of(server, alternative);
      List<Meaning> here =
          policies.map(set -> set.isolating(server, Direction.INGRESS)).orElse(List.of());
      Traffic asked =
          others(server.namespace())
              .and(arriving)
              .and(
                  policies
                      .map(set -> set.about(List.of(pod.get())).allowed(Direction.INGRESS))
                      .orElse(Traffic.all()));
      if (here.isEmpty()
          || connectivity.proveImpossible(asked, server.resource().place()).isEmpty()) {
        return;
      }
      isolating = isolating.isEmpty() ? here : isolating;
    }
    if (!isolating.isEmpty()) {
      Findings.Draft draft =
          findings
              .report(
                  server,
                  server.resource().at("metadata", "name"),
                  "no pod of another namespace can ask "
                      + server
                      + ": its policies open no port of DNS to them")
              .help("allow ports 53/UDP and 53/TCP from namespaceSelector: {}");
      isolating.forEach(p -> draft.note(p.place(), p.policy() + " selects its pods"));
    }
  }

  /** The servers are deployed elsewhere; the policy is for them, and for them alone. */
  private static void checkUnknownServers(
      Policy policy, Connectivity connectivity, Findings findings) {
    boolean isKnown =
        policy.cluster().world().workloadsNear(policy).stream()
            .anyMatch(workload -> policy.podSelector().filter(workload::mayMatch).isPresent());
    if (isKnown) {
      return;
    }
    for (Alternative alternative : policy.cluster().alternatives(policy)) {
      Optional<PolicyTogether> together = PolicyTogether.of(policy, alternative);
      if (together.isEmpty()) {
        return;
      }
      Traffic asked =
          Traffic.allOf(
              others(policy.namespace()),
              together.get().meaning().subject(Direction.INGRESS),
              DnsServers.ports(policy.cluster().settings(), Protocol.UDP),
              together.get().policies().allowed(Direction.INGRESS));
      if (connectivity.proveImpossible(asked, policy.resource().place()).isEmpty()) {
        return;
      }
    }
    findings
        .report(
            policy,
            policy.resource().at("spec", "ingress"),
            "no pod of another namespace can ask the DNS pods that " + policy + " selects")
        .help("allow ports 53/UDP and 53/TCP from namespaceSelector: {}");
  }

  /** Flows from pods of other namespaces. */
  private static Traffic others(String namespace) {
    return new Traffic.IsPod(End.FROM).without(new Traffic.InNamespace(End.FROM, namespace));
  }

  /** The ports that a server listens on: those it declares for UDP, or the usual ones. */
  private static Traffic port(Workload server) {
    List<Traffic> declared =
        server.ports().stream()
            .filter(port -> port.protocol() == Protocol.UDP)
            .<Traffic>map(port -> new Traffic.Ports(Protocol.UDP, port.number(), port.number()))
            .toList();
    return declared.isEmpty()
        ? DnsServers.ports(server.cluster().settings(), Protocol.UDP)
        : Traffic.anyOf(declared);
  }
}
