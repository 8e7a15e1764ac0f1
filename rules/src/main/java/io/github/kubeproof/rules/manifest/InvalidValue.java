package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.rules.ingress.ContradictoryRoute;
import io.github.kubeproof.rules.ingress.ListenerConflict;

/** KP020: a value that the schema of a custom resource does not take. */
public final class InvalidValue implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP020",
          "invalid-value",
          "a value breaks a limit, a pattern or a rule in the schema of its kind");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Problem problem : cluster.problems()) {
      boolean contradiction =
          problem.kind() == Problem.Kind.CONTRADICTION
              && !ListenerConflict.speaksOf(problem)
              && !ContradictoryRoute.speaksOf(problem);
      if (contradiction || problem.kind() == Problem.Kind.INVALID_VALUE) {
        Variables.mind(problem.message(), findings.report(problem));
      }
    }
  }
}
