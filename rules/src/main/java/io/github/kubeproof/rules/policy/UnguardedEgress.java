package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP202: pods that may call everything. */
public final class UnguardedEgress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP202",
              "unguarded-egress",
              Severity.INFO,
              Confidence.PROVED,
              "pods of a namespace may call everything, as no policy isolates their egress")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Bare bare : Bare.in(cluster, Direction.EGRESS)) {
      findings
          .report(
              bare.workloads().get(0),
              bare.place(),
              "%s may call everything: no policy of namespace %s isolates the egress of its pods"
                  .formatted(bare, bare.namespace()))
          .help(
              "add a policy with podSelector: {} and policyTypes: [Egress], and one that opens"
                  + " port 53 for DNS");
    }
  }
}
