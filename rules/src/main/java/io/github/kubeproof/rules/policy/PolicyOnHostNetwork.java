package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;

/** KP216: a policy for pods that no policy can guard. */
public final class PolicyOnHostNetwork implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP216",
          "policy-on-host-network",
          Severity.INFO,
          Confidence.PROVED,
          "a policy is written for pods on the network of their node, where it does nothing");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning meaning : Policies.of(cluster)) {
      for (Workload workload : cluster.workloads()) {
        if (workload.onHostNetwork()
            && workload.namespace().equals(meaning.policy().namespace())
            && !meaning.selector().isEverything()
            && workload.matches(meaning.selector())) {
          findings
              .report(
                  meaning.policy(),
                  meaning.place(),
                  "the pods of %s are on the network of their node, where this policy does nothing"
                      .formatted(workload))
              .note(cluster.at(workload.podSpec(), "hostNetwork"), "it is said here")
              .help("guard the node itself, or take the pods off its network");
        }
      }
    }
  }
}
