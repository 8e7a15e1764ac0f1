package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Problem;
import java.util.regex.Pattern;

/** KP520: parts of a route of Gateway API that do not go together. */
public final class ContradictoryRoute implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP520",
          "contradictory-route",
          "filters, matches, backends or parents of a route do not go together");

  private static final Pattern FIELDS =
      Pattern.compile("(^|\\.)spec\\.(rules|parentRefs|hostnames)\\b");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    cluster.problems().stream().filter(ContradictoryRoute::speaksOf).forEach(findings::report);
  }

  /** Whether a fault of the schema is one of this rule. */
  public static boolean speaksOf(Problem problem) {
    return problem.kind() == Problem.Kind.CONTRADICTION
        && problem.place() != null
        && FIELDS.matcher(problem.place().path().toString()).find();
  }
}
