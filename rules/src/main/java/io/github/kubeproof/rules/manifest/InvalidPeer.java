package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.Optional;
import java.util.Set;

/** KP009: a peer that names nobody, or an ipBlock together with a selector. */
public final class InvalidPeer implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP009", "invalid-peer", "a peer is empty, or has an ipBlock and a selector");

  private static final Set<String> FIELDS = Set.of("ipBlock", "namespaceSelector", "podSelector");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      for (Policy.Rule rule : policy.rules()) {
        for (V1NetworkPolicyPeer peer : rule.peers()) {
          check(cluster, rule, peer, findings);
        }
      }
    }
  }

  private static void check(
      Cluster cluster, Policy.Rule rule, V1NetworkPolicyPeer peer, Findings findings) {
    boolean pods = peer.getPodSelector() != null;
    boolean namespaces = peer.getNamespaceSelector() != null;
    if (peer.getIpBlock() != null && (pods || namespaces)) {
      String selector = pods ? "podSelector" : "namespaceSelector";
      findings
          .report(
              rule.policy(),
              cluster.at(peer, "ipBlock"),
              "a peer has an ipBlock and a " + selector + ", but may have only one of them")
          .help("make two peers of it, each with a dash of its own")
          .note(cluster.at(peer, selector), "the selector");
    } else if (peer.getIpBlock() == null
        && !pods
        && !namespaces
        && saysNothingElse(cluster.at(peer))) {
      String list = rule.direction().peersKey();
      findings
          .report(
              rule.policy(),
              cluster.at(peer),
              "an empty peer under " + list + " names nobody, and is refused")
          .help(
              "leave "
                  + list
                  + " out to mean everybody, or write podSelector: {} for the pods of this namespace");
    }
  }

  /** A misspelt field is the fault then, and KP002 speaks of it. */
  private static boolean saysNothingElse(Place peer) {
    Optional<Node.Mapping> map = peer.node().flatMap(Node::asMapping);
    return map.isEmpty()
        || map.get().entries().stream().allMatch(entry -> FIELDS.contains(entry.key()));
  }
}
