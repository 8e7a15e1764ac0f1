package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.rules.UnmatchedSelector;
import io.github.kubeproof.rules.UnmatchedSelector.Wording;

/** KP301: the podSelector of a policy matches no pod, so it protects nothing. */
public final class PolicySelectsNothing implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP301",
              "policy-selects-nothing",
              Severity.WARNING,
              Confidence.HEURISTIC,
              "the podSelector of a policy matches no pod, so the policy does nothing")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      policy
          .podSelector()
          .filter(selector -> !selector.isEverything()) // made before there is a pod
          .ifPresent(selector -> check(policy, selector, findings));
    }
  }

  private static void check(Policy policy, Selector selector, Findings findings) {
    Place place = policy.cluster().at(policy.spec(), "podSelector");
    new UnmatchedSelector(
            policy,
            place,
            label -> Labels.placeOf(label, place, policy.spec().getPodSelector()),
            new Wording(
                "the podSelector",
                "select",
                "the policy holds for",
                "this podSelector finds pods of the policy's own namespace only"),
            Severity.WARNING)
        .check(selector, workload -> !isGuarded(workload, policy), findings);
  }

  /** Whether another policy that is deployed together with one names the pods of a workload. */
  private static boolean isGuarded(Workload workload, Policy policy) {
    return policy.cluster().alternatives(policy).stream()
        .map(Alternative::policies)
        .flatMap(policies -> policies.stream())
        .filter(other -> other.resource() != policy.resource())
        .filter(other -> other.mayShareNamespace(workload))
        .anyMatch(
            other ->
                other
                    .podSelector()
                    .filter(selector -> !selector.isEverything())
                    .filter(workload::mayMatch)
                    .isPresent());
  }
}
