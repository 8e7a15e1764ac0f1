package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Problem;

/** KP016: a value of the wrong type. */
public final class MistypedField implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected("KP016", "mistyped-field", "a value has another type than its field")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Problem problem : cluster.problems()) {
      if (problem.kind() == Problem.Kind.WRONG_TYPE) {
        Variables.mind(problem.message(), findings.report(problem))
            .fix("write it in the type of the field", problem.remedy());
      }
    }
  }
}
