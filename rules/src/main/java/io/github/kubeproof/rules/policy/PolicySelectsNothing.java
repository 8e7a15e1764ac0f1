package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.NearMiss;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Unmatched;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import java.util.Optional;

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
    Optional<Unmatched> unmatched =
        Unmatched.of(policy, selector, workload -> !isGuarded(workload, policy));
    if (unmatched.isEmpty()) {
      return;
    }
    Optional<NearMiss> nearest = unmatched.get().nearest();
    boolean closed = policy.cluster().settings().closedWorld();
    Place place = policy.cluster().at(policy.spec(), "podSelector");
    Findings.Draft draft =
        unmatched.get().isSlip()
            ? findings
                .report(
                    policy,
                    Labels.placeOf(nearest.get().wanted(), place, policy.spec().getPodSelector()),
                    "no pod has the label %s, %s".formatted(nearest.get().wanted(), nearest.get()))
                .help(
                    "select %s, or correct the labels of the pods".formatted(nearest.get().label()))
                .unsafeFix(
                    "select " + nearest.get().label(),
                    "the policy holds for " + nearest.get().workload(),
                    nearest
                        .get()
                        .correction(
                            Labels.placeOf(
                                nearest.get().wanted(), place, policy.spec().getPodSelector())))
            : findings
                .report(
                    policy,
                    place,
                    "the podSelector %s matches no pod%s"
                        .formatted(selector, closed ? "" : " of the input"))
                .severity(closed ? Severity.WARNING : Severity.INFO)
                .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
    nearest.ifPresent(miss -> draft.note(miss.place(), miss.toString()));
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
