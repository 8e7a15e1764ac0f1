package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Problem;

/** KP015: a key that stands twice in one map. */
public final class DuplicateKey implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP015",
              "duplicate-key",
              Severity.WARNING,
              Confidence.PROVED,
              "a key stands twice in one map, and only the last one counts")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Problem problem : cluster.problems()) {
      if (problem.kind() == Problem.Kind.DUPLICATE_KEY) {
        findings
            .report(problem)
            .help("keep one of them")
            .fix("remove the first one, which does not count", problem.remedy());
      }
    }
  }
}
