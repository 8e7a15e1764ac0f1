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

/** KP002: a field that its object does not have. */
public final class UnknownField implements Rule {

  private static final RuleInfo INFO =
      // a warning: a server that is not asked to be strict drops the field and goes on
      new RuleInfo(
              "KP002",
              "unknown-field",
              Severity.WARNING,
              Confidence.PROVED,
              "a field is not one of its object's, so the API server refuses or drops it",
              true)
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Problem problem : cluster.problems()) {
      if (problem.kind() == Problem.Kind.UNKNOWN_FIELD) {
        findings
            .report(problem)
            .unsafeFix(
                "write the field as it is called",
                "what is dropped where the API server is not strict counts from then on",
                problem.remedy());
      }
    }
  }
}
