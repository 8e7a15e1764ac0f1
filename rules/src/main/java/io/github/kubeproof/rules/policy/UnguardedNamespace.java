package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP218: a namespace in which anybody may call any pod. */
public final class UnguardedNamespace implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP218",
              "unguarded-namespace",
              Severity.INFO,
              Confidence.PROVED,
              "no policy isolates any pod of a namespace")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Bare bare : Bare.in(cluster, Direction.INGRESS)) {
      if (bare.isolating().isEmpty()) {
        findings
            .report(
                bare.workloads().get(0),
                bare.place(),
                "anybody may call %s: no policy isolates pods of namespace %s"
                    .formatted(bare, bare.namespace()))
            .help("begin with a policy that has podSelector: {} and policyTypes: [Ingress]");
      }
    }
  }
}
