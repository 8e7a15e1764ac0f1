package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP108: traffic is stopped that an intent of the configuration allows. */
public final class BlockedTraffic implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP108",
          "blocked-traffic",
          Severity.ERROR,
          Confidence.PROVED,
          "traffic is stopped that an intent of the configuration allows");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    connectivity.violated(Intent.Kind.ALLOW).forEach(findings::report);
  }
}
