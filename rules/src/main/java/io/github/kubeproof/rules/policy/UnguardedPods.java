package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.List;

/** KP201: a namespace with policies, some pods of which anybody may call. */
public final class UnguardedPods implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP201",
          "unguarded-pods",
          Severity.WARNING,
          Confidence.PROVED,
          "policies guard some pods of a namespace, and none guards others");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Bare bare : listening(cluster)) {
      Workload first = bare.workloads().get(0);
      List<Policy> beside = bare.isolating().stream().filter(first::isDeployedWith).toList();
      if (!beside.isEmpty()) {
        findings
            .report(
                first,
                bare.place(),
                "anybody may call %s: no policy of namespace %s selects its pods"
                    .formatted(bare, bare.namespace()))
            .note(beside.get(0).resource().at("spec", "podSelector"), "others are selected here")
            .help(
                "add a policy with podSelector: {} and policyTypes: [Ingress], which closes what"
                    + " no other policy opens");
      }
    }
  }

  private static List<Bare> listening(Cluster cluster) {
    return Bare.in(cluster, Direction.INGRESS).stream()
        .flatMap(bare -> bare.listening().stream())
        .toList();
  }
}
