package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP192: a change stops what was let through before; found by {@code diff} alone. */
final class TrafficClosed implements Rule {

  static final RuleInfo INFO =
      RuleInfo.of(
          "KP192",
          "traffic-closed",
          Severity.WARNING,
          Confidence.PROVED,
          "a change stops what was let through before");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Finds nothing in one state alone. */
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    // a change has two states: DiffReport
  }
}
