package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;

/** KP208: a peer that takes in every namespace of the cluster. */
public final class AllNamespaces implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP208",
          "all-namespaces",
          Severity.WARNING,
          Confidence.PROVED,
          "a peer takes in the pods of every namespace");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Integer> dns = cluster.settings().dns().ports();
    for (Meaning policy : Policies.of(cluster)) {
      for (Direction direction : Direction.values()) {
        for (RuleMeaning rule : policy.rules(direction)) {
          if (!isOnlyFor(dns, rule.rule())) {
            check(rule.rule(), cluster, findings);
          }
        }
      }
    }
  }

  /** Whether a rule opens nothing but ports of DNS, which all namespaces ask for. */
  static boolean isOnlyFor(List<Integer> dns, Policy.Rule rule) {
    return !rule.ports().isEmpty() && rule.ports().stream().allMatch(port -> isOneOf(dns, port));
  }

  private static boolean isOneOf(List<Integer> numbers, V1NetworkPolicyPort port) {
    return port.getPort() != null
        && port.getPort().isInteger()
        && port.getEndPort() == null
        && numbers.contains(port.getPort().getIntValue());
  }

  private static void check(Policy.Rule rule, Cluster cluster, Findings findings) {
    boolean ingress = rule.direction() == Direction.INGRESS;
    for (V1NetworkPolicyPeer peer : rule.peers()) {
      if (peer.getNamespaceSelector() == null
          || !Selector.of(peer.getNamespaceSelector()).orElseThrow().isEverything()) {
        continue;
      }
      Selector pods = Selector.of(peer.getPodSelector()).orElseThrow();
      // a port that all may call is often meant so (metrics); a label narrows it down, too
      boolean open = ingress && pods.isEverything() && rule.ports().isEmpty();
      String who = pods.isEverything() ? "all pods" : "pods with " + pods;
      findings
          .report(
              rule.policy(),
              cluster.at(peer, "namespaceSelector"),
              "namespaceSelector {} "
                  + (ingress ? "admits " : "lets traffic out to ")
                  + who
                  + " of every namespace on "
                  + rule.portsInWords())
          .severity(open ? Severity.WARNING : Severity.INFO)
          .help(
              "name the namespaces: matchLabels on kubernetes.io/metadata.name"
                  + ", which every namespace carries");
    }
  }
}
