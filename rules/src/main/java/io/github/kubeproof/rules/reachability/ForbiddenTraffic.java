package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP107: traffic gets through that an intent of the configuration denies. */
public final class ForbiddenTraffic implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP107",
          "forbidden-traffic",
          Severity.ERROR,
          Confidence.PROVED,
          "traffic gets through that an intent of the configuration denies");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    connectivity.violated(Intent.Kind.DENY).forEach(findings::report);
  }
}
