package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP191: a change lets through what was stopped before; found by {@code diff} alone. */
final class TrafficOpened implements Rule {

  static final RuleInfo INFO =
      RuleInfo.of(
          "KP191",
          "traffic-opened",
          Severity.WARNING,
          Confidence.PROVED,
          "a change lets through what was stopped before");

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
