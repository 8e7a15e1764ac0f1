package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.List;
import java.util.stream.Collectors;

/** KP213: a rule that is strict about who may call, and not about what. */
public final class AllPortsOpen implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP213",
          "all-ports-open",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a rule names its peers exactly, and leaves every port open to them");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      String declared =
          Policies.selected(policy).stream()
              .flatMap(workload -> workload.ports().stream())
              .map(port -> port.number() + "/" + port.protocol())
              .distinct()
              .sorted()
              .collect(Collectors.joining(", "));
      for (RuleMeaning rule : policy.rules(Direction.INGRESS)) {
        List<V1NetworkPolicyPeer> peers = rule.rule().peers();
        boolean narrow = !peers.isEmpty() && peers.stream().allMatch(AllPortsOpen::isNarrow);
        if (narrow && rule.rule().ports().isEmpty() && !declared.isEmpty()) {
          findings
              .report(
                  policy.policy(),
                  rule.place().then("from"),
                  "these peers may call every port, but the pods declare only " + declared)
              .help("add ports: the ones that the peers need");
        }
      }
    }
  }

  /** Whether it names certain pods, or a few addresses. */
  private static boolean isNarrow(V1NetworkPolicyPeer peer) {
    return peer.getIpBlock() == null
        ? !Selector.of(peer.getPodSelector()).orElseThrow().isEverything()
        : !WideBlocks.isWide(Cidr.of(peer.getIpBlock().getCidr()));
  }
}
