package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.Set;

/** KP317: policies in a cluster whose network plugin enforces none. */
public final class UnenforcedPolicy implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP317",
          "unenforced-policy",
          Severity.INFO,
          Confidence.PROVED,
          "the network plugin of the cluster enforces no policy");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Plugins that connect pods and nothing more. */
  private static final Set<String> WITHOUT_POLICIES = Set.of("flannel", "kubenet", "none");

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    String plugin = cluster.settings().platform().cni();
    if (!WITHOUT_POLICIES.contains(plugin)) {
      return;
    }
    for (Policy policy : cluster.policies()) {
      findings
          .report(
              policy,
              policy.resource().at("metadata", "name"),
              "the network plugin (cni: %s) enforces no policy, so this one does nothing"
                  .formatted(plugin))
          .help("use a plugin that enforces them, alone or beside this one");
    }
  }
}
