package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import java.util.List;

/** KP305: a policy that isolates no pod and allows nothing that others do not. */
public final class RedundantPolicy implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP305",
          "redundant-policy",
          Severity.INFO,
          Confidence.PROVED,
          "a policy isolates no pod, and allows nothing, that other policies do not");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Surplus surplus : Surplus.in(cluster, connectivity)) {
      if (!surplus.duplicate() && !isDefaultDeny(surplus.policy())) {
        report(surplus.policy(), surplus.by(), findings);
      }
    }
  }

  /** Kept on purpose, so that the pods stay isolated whatever becomes of the others. */
  private static boolean isDefaultDeny(Meaning policy) {
    return policy.selector().isEverything() && policy.rules().isEmpty();
  }

  private static void report(Meaning policy, List<Meaning> by, Findings findings) {
    String names = String.join(" and ", by.stream().map(o -> o.policy().toString()).toList());
    boolean one = by.size() == 1;
    String isolate = " isolate" + (one ? "s" : "") + " its pods";
    String allow = " and allow" + (one ? "s" : "") + " all that it allows";
    Draft draft =
        findings
            .report(
                policy.policy(),
                policy.policy().resource().at("metadata", "name"),
                policy.policy()
                    + " adds nothing: "
                    + names
                    + isolate
                    + (policy.rules().isEmpty() ? "" : allow))
            .help("delete it, or narrow the others if it was meant to be all that is allowed");
    by.forEach(
        other ->
            draft.note(
                other.policy().resource().at("metadata", "name"),
                other.policy() + " selects all its pods"));
  }
}
