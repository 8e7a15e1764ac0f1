package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySet;
import java.util.List;
import java.util.Optional;

/**
 * A policy together with all that decide about the same pods.
 *
 * @param meaning what the policy says by itself
 */
record PolicyTogether(PolicySet policies, Meaning meaning, Alternative alternative) {

  /** Empty where nobody can say what is blocked. */
  static Optional<PolicyTogether> of(Policy policy, Alternative alternative) {
    return PolicySet.of(policy, alternative)
        .map(
            policies ->
                new PolicyTogether(
                    policies,
                    policies.certain().stream()
                        .filter(candidate -> candidate.policy().equals(policy))
                        .findFirst()
                        .orElseThrow(),
                    alternative));
  }

  /** The workloads of the alternative that the policy selects. */
  List<Workload> selected() {
    return alternative.workloads().stream()
        .filter(workload -> workload.namespace().equals(meaning.policy().namespace()))
        .filter(workload -> workload.matches(meaning.selector()))
        .toList();
  }
}
