package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.Optional;

/** KP602: policies that open DNS over UDP, but not over TCP. */
public final class DnsWithoutTcp implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP602",
              "dns-without-tcp",
              Severity.WARNING,
              Confidence.PROVED,
              "the egress policies of pods let them ask DNS over UDP, but not over TCP")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      if (!policy.isolates(Direction.EGRESS) || !policy.resource().isUnderstood()) {
        continue;
      }
      for (Policy.Rule rule : policy.rules(Direction.EGRESS)) {
        for (V1NetworkPolicyPort port : rule.ports()) {
          if (isDns(port) && isOpen(rule, connectivity) && isClosedOverTcp(policy, connectivity)) {
            report(rule, port, findings);
          }
        }
      }
    }
  }

  /** Whether a rule lets DNS out on purpose: port 53 over UDP. */
  private static boolean isDns(V1NetworkPolicyPort port) {
    return "UDP".equals(port.getProtocol())
        && port.getEndPort() == null
        && port.getPort() != null
        && (port.getPort().isInteger()
            ? port.getPort().getIntValue() == 53
            : port.getPort().getStrValue().equals("dns"));
  }

  private static boolean isOpen(Policy.Rule rule, Connectivity connectivity) {
    Policy policy = rule.policy();
    Traffic udp =
        DnsServers.asked(policy).and(DnsServers.ports(policy.cluster().settings(), Protocol.UDP));
    return PolicySemantics.of(rule)
        .filter(
            meaning ->
                connectivity.proveImpossible(udp.and(meaning.allowed()), meaning.place()).isEmpty())
        .isPresent();
  }

  /** Whether no pod of the policy, or some pod of the input, can ask over TCP. */
  private static boolean isClosedOverTcp(Policy policy, Connectivity connectivity) {
    Traffic tcp =
        DnsServers.asked(policy).and(DnsServers.ports(policy.cluster().settings(), Protocol.TCP));
    for (Alternative alternative : policy.cluster().alternatives(policy)) {
      Optional<PolicyTogether> together = PolicyTogether.of(policy, alternative);
      if (together.isEmpty()) {
        return false;
      }
      Meaning meaning = together.get().meaning();
      Traffic allowed = tcp.and(together.get().policies().allowed(Direction.EGRESS));
      List<Endpoint.Pod> pods =
          together.get().selected().stream()
              .filter(DnsServers::areAskedBy)
              .flatMap(workload -> Endpoints.of(workload).asPod().stream())
              .toList();
      boolean isClosed =
          pods.isEmpty()
              ? isImpossible(meaning.subject(Direction.EGRESS), allowed, policy, connectivity)
              : pods.stream()
                  .anyMatch(
                      pod ->
                          isImpossible(
                              new Traffic.IsThis(End.FROM, pod), allowed, policy, connectivity));
      if (!isClosed) {
        return false;
      }
    }
    return true;
  }

  private static boolean isImpossible(
      Traffic from, Traffic allowed, Policy policy, Connectivity connectivity) {
    return connectivity
        .proveImpossible(from.and(allowed), policy.resource().place())
        // without a reason there are no such pods: KP303
        .filter(proved -> !proved.because().isEmpty())
        .isPresent();
  }

  private static void report(Policy.Rule rule, V1NetworkPolicyPort port, Findings findings) {
    Cluster cluster = rule.policy().cluster();
    boolean isForServers =
        !rule.peers().isEmpty()
            && rule.peers().stream()
                .allMatch(
                    peer ->
                        peer.getPodSelector() != null
                            && DnsServers.areLabelled(
                                Lists.orEmpty(peer.getPodSelector().getMatchLabels()), cluster));
    findings
        .report(
            rule.policy(),
            cluster.at(port, "protocol"),
            "DNS is open over UDP only: an answer that is too long for it is asked for again over TCP,"
                + " which nothing allows")
        .severity(isForServers ? Severity.WARNING : Severity.INFO)
        .help("add port " + port.getPort() + " with protocol TCP")
        .unsafeFix(
            "add port " + port.getPort() + " with protocol TCP",
            "opens it over TCP to the same servers",
            Edits.repeat(cluster.at(port), "TCP", "protocol"));
  }
}
