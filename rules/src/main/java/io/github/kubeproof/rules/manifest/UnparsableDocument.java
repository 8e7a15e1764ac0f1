package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Problem;

/** KP001: a document that is no YAML, or no JSON. */
public final class UnparsableDocument implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected("KP001", "unparsable-document", "a document is no YAML, or no JSON");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Problem problem : cluster.problems()) {
      if (problem.kind() == Problem.Kind.SYNTAX) {
        findings.report(problem);
      }
    }
  }
}
