package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP204: a policy whose egress rules close nothing. */
public final class AllowAllEgress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP204",
          "allow-all-egress",
          Severity.INFO,
          Confidence.PROVED,
          "a policy lets its pods call everything on every port");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    new AllowAll(Direction.EGRESS, connectivity, findings).check(cluster);
  }
}
