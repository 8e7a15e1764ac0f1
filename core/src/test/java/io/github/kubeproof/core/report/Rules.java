package io.github.kubeproof.core.report;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** Rules that have a page, and find nothing by themselves. */
final class Rules {

  private Rules() {}

  static final class SelectorMatchesNothing implements Rule {
    @Override
    public RuleInfo info() {
      return RuleInfo.of(
          "KP404",
          "selector-matches-nothing",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "a Service selects no pod");
    }

    @Override
    public void check(Cluster cluster, Connectivity connectivity, Findings findings) {}
  }

  static final class PolicyOpenToTheWorld implements Rule {
    @Override
    public RuleInfo info() {
      return RuleInfo.of(
          "KP203",
          "policy-open-to-the-world",
          Severity.INFO,
          Confidence.PROVED,
          "a policy lets any address in");
    }

    @Override
    public void check(Cluster cluster, Connectivity connectivity, Findings findings) {}
  }

  static final class InvalidDocument implements Rule {
    @Override
    public RuleInfo info() {
      return RuleInfo.rejected("KP001", "invalid-document", "a document is not YAML");
    }

    @Override
    public void check(Cluster cluster, Connectivity connectivity, Findings findings) {}
  }
}
