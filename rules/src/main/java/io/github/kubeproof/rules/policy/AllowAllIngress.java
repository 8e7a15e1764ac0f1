package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP203: a policy whose ingress rules keep nobody out. */
public final class AllowAllIngress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP203",
          "allow-all-ingress",
          Severity.WARNING,
          Confidence.PROVED,
          "a policy admits every source on every port");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    new AllowAll(Direction.INGRESS, connectivity, findings).check(cluster);
  }
}
