package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.List;
import java.util.Optional;

/** KP310: two items of a list that were meant as one. */
public final class SplitPeer implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP310",
          "split-peer",
          Severity.INFO,
          Confidence.HEURISTIC,
          "two peers admit more than the one that was meant: pods of one namespace");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (RuleMeaning rule : policy.rules()) {
        List<V1NetworkPolicyPeer> peers = rule.rule().peers();
        for (int i = 1; i < peers.size(); i++) {
          check(policy.policy(), peers.get(i - 1), peers.get(i), findings);
          check(policy.policy(), peers.get(i), peers.get(i - 1), findings);
        }
      }
    }
  }

  private static void check(
      Policy policy, V1NetworkPolicyPeer pods, V1NetworkPolicyPeer namespace, Findings findings) {
    if (pods.getPodSelector() == null
        || pods.getNamespaceSelector() != null
        || namespace.getNamespaceSelector() == null
        || namespace.getPodSelector() != null) {
      return;
    }
    Selector selector = Selector.of(pods.getPodSelector()).orElseThrow();
    String name =
        Selector.of(namespace.getNamespaceSelector())
            .orElseThrow()
            .equalities()
            .getOrDefault(World.NAMESPACE_NAME, policy.namespace());
    World world = policy.cluster().world();
    Optional<Workload> there =
        world.workloads().stream()
            .filter(workload -> workload.namespaceIsWritten() && workload.namespace().equals(name))
            .filter(workload -> workload.matches(selector))
            .findFirst();
    if (selector.isEverything()
        || name.equals(policy.namespace())
        || there.isEmpty()
        || !world.workloadsMatching(policy, selector).isEmpty()
        || !world.podMakers(policy, selector).isEmpty()) {
      return;
    }
    findings
        .report(
            policy,
            policy.cluster().at(pods, "podSelector"),
            "these are two peers: pods with %s in namespace %s, which has none, and all pods of %s"
                .formatted(selector, policy.namespace(), name))
        .note(
            policy.cluster().at(namespace, "namespaceSelector"),
            there.get() + " has these labels, and is there")
        .help("write podSelector and namespaceSelector in one item, where both must hold");
  }
}
