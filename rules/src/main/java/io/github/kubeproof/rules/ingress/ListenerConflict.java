package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Problem;

/** KP518: a listener of a Gateway that contradicts another, or itself. */
public final class ListenerConflict implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP518",
          "listener-conflict",
          "a listener of a Gateway contradicts another one, or its own protocol");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    cluster.problems().stream()
        .filter(ListenerConflict::speaksOf)
        .forEach(
            problem ->
                findings
                    .report(problem)
                    .help(
                        "tell listeners apart by port, protocol or hostname, and set tls for HTTPS"
                            + " and TLS only"));
  }

  /** Whether a fault of the schema is one of this rule. */
  public static boolean speaksOf(Problem problem) {
    return problem.kind() == Problem.Kind.CONTRADICTION
        && problem.place() != null
        && problem.place().path().toString().contains("spec.listeners");
  }
}
