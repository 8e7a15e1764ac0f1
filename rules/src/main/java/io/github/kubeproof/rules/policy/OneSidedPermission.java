package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
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
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.PolicySet;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** KP110: the policies of two workloads name each other, and still let nothing through. */
public final class OneSidedPermission implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP110",
          "one-sided-permission",
          Severity.INFO,
          Confidence.PROVED,
          "an egress rule and an ingress rule name each other's pods, but have no port in common");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Two workloads of a namespace, the first of which would connect to the second. */
  private record Pair(Workload from, Workload to) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Meaning> policies = Policies.of(cluster);
    Map<Pair, RuleMeaning> out = named(policies, Direction.EGRESS);
    Map<Pair, RuleMeaning> in = out.isEmpty() ? Map.of() : named(policies, Direction.INGRESS);
    out.forEach(
        (pair, rule) -> {
          RuleMeaning answer = in.get(pair);
          if (answer != null
              && !isBehindAnotherPort(pair.to())
              && isStopped(pair, rule.rule().policy(), connectivity)) {
            report(pair, rule, answer, findings);
          }
        });
  }

  /** Whether a Service leads to a workload from another port, which is then named: KP313. */
  private static boolean isBehindAnotherPort(Workload workload) {
    return workload.cluster().services().stream()
        .filter(service -> service.namespace().equals(workload.namespace()))
        .filter(service -> service.selector().filter(workload::matches).isPresent())
        .flatMap(service -> service.ports().stream())
        .anyMatch(
            port -> !Service.targetOn(workload, port).equals(Optional.ofNullable(port.getPort())));
  }

  /** The pairs of which the rules of a direction name the other end, each with the first rule. */
  private static Map<Pair, RuleMeaning> named(List<Meaning> policies, Direction direction) {
    Map<Pair, RuleMeaning> named = new LinkedHashMap<>();
    for (Meaning policy : policies) {
      for (RuleMeaning rule :
          policy.isolates(direction) ? policy.rules(direction) : List.<RuleMeaning>of()) {
        for (V1NetworkPolicyPeer peer : rule.rule().peers()) {
          for (Workload other : named(policy.policy(), peer)) {
            for (Workload guarded : Policies.selected(policy)) {
              boolean isSource = direction == Direction.EGRESS;
              named.putIfAbsent(
                  new Pair(isSource ? guarded : other, isSource ? other : guarded), rule);
            }
          }
        }
      }
    }
    return named;
  }

  /** The workloads of the unit that a peer names by labels, in the policy's namespace. */
  private static List<Workload> named(Policy policy, V1NetworkPolicyPeer peer) {
    Optional<Selector> selector =
        peer.getPodSelector() == null || peer.getNamespaceSelector() != null
            ? Optional.empty()
            : Selector.of(peer.getPodSelector()).filter(s -> !s.isEverything());
    return selector.isEmpty()
        ? List.of()
        : policy.cluster().world().workloadsMatching(policy, selector.get()).stream()
            .filter(workload -> workload.cluster().equals(policy.cluster()))
            .filter(workload -> workload.namespace().equals(policy.namespace()))
            .filter(workload -> workload.matches(selector.get()) && !workload.onHostNetwork())
            .toList();
  }

  private static boolean isStopped(Pair pair, Policy policy, Connectivity connectivity) {
    Optional<Endpoint.Pod> from = Endpoints.of(pair.from()).asPod();
    Optional<Endpoint.Pod> to = Endpoints.of(pair.to()).asPod();
    if (from.isEmpty() || to.isEmpty() || pair.from().equals(pair.to())) {
      return false;
    }
    Traffic between =
        new Traffic.IsThis(End.FROM, from.get()).and(new Traffic.IsThis(End.TO, to.get()));
    return policy.cluster().alternatives(policy).stream()
        .allMatch(
            alternative ->
                PolicySet.of(policy, alternative)
                    .map(policies -> policies.about(List.of(from.get(), to.get())))
                    .flatMap(
                        policies ->
                            connectivity.proveEmpty(
                                Traffic.allOf(
                                    between,
                                    policies.allowed(Direction.EGRESS),
                                    policies.allowed(Direction.INGRESS)),
                                policy.resource().place()))
                    .isPresent());
  }

  private static void report(Pair pair, RuleMeaning out, RuleMeaning in, Findings findings) {
    Policy policy = out.rule().policy();
    findings
        .report(
            policy,
            out.place(),
            "nothing gets from "
                + pair.from()
                + " to "
                + pair.to()
                + ": this rule lets out "
                + out.rule().portsInWords()
                + ", and "
                + in.rule().policy()
                + " lets in "
                + in.rule().portsInWords())
        .help("name the same port in both, that of the pods")
        .note(in.place(), in.rule().policy() + " lets in " + in.rule().portsInWords());
  }
}
