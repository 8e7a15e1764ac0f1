package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP306: two policies say the same under two names. */
public final class DuplicatePolicy implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP306",
          "duplicate-policy",
          Severity.WARNING,
          Confidence.PROVED,
          "two policies select the same pods and allow the same, under two names");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Surplus surplus : Surplus.in(cluster, connectivity)) {
      if (surplus.duplicate()) {
        Policy policy = surplus.policy().policy();
        Policy twin = surplus.by().get(0).policy();
        findings
            .report(
                policy,
                policy.resource().at("metadata", "name"),
                policy + " says the same as " + twin)
            .help("delete one of them, or correct the one that was copied and not adapted")
            .note(twin.resource().at("metadata", "name"), "the same pods, and the same traffic");
      }
    }
  }
}
