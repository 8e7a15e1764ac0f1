package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Policy.Rule;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.rules.UnmatchedSelector;
import io.github.kubeproof.rules.UnmatchedSelector.Wording;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;

/** KP302: a peer of a policy matches no pod of the policy's namespace, so it allows nothing. */
public final class PeerSelectsNothing implements io.github.kubeproof.core.lint.Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP302",
              "peer-selects-nothing",
              Severity.WARNING,
              Confidence.HEURISTIC,
              "a podSelector under from or to matches no pod, so it allows nothing")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    boolean closed = cluster.settings().closedWorld();
    for (Policy policy : cluster.policies()) {
      // where a policy finds no pods at all around it, its own podSelector is what to speak of
      if (!closed && cluster.world().workloadsNear(policy).isEmpty()) {
        continue;
      }
      for (Direction direction : Direction.values()) {
        if (policy.isolates(direction)) {
          policy.rules(direction).forEach(rule -> check(rule, findings));
        }
      }
    }
  }

  private static void check(Rule rule, Findings findings) {
    for (V1NetworkPolicyPeer peer : rule.peers()) {
      // which namespaces a namespaceSelector finds is seldom told by the input
      boolean isLocal = peer.getPodSelector() != null && peer.getNamespaceSelector() == null;
      if (isLocal) {
        Selector.of(peer.getPodSelector())
            .filter(selector -> !selector.isEverything())
            .ifPresent(selector -> check(rule, peer, selector, findings));
      }
    }
  }

  private static void check(
      Rule rule, V1NetworkPolicyPeer peer, Selector selector, Findings findings) {
    Policy policy = rule.policy();
    Place place = policy.cluster().at(peer, "podSelector");
    new UnmatchedSelector(
            policy,
            place,
            label -> Labels.placeOf(label, place, peer.getPodSelector()),
            new Wording(
                "the podSelector",
                "allow",
                "the rule holds for",
                "this podSelector finds pods of the policy's own namespace only"),
            Severity.ERROR)
        .check(selector, workload -> !isNamed(workload, rule), findings);
  }

  /** Whether another peer of a rule finds the pods of a workload in the policy's namespace. */
  private static boolean isNamed(Workload workload, Rule rule) {
    return rule.peers().stream()
        .filter(peer -> peer.getPodSelector() != null && peer.getNamespaceSelector() == null)
        .anyMatch(
            peer -> Selector.of(peer.getPodSelector()).filter(workload::mayMatch).isPresent());
  }
}
