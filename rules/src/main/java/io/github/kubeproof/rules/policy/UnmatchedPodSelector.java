package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.NearMiss;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Unmatched;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A podSelector of a policy, and what is told when no pod matches it.
 *
 * @param place where it is written
 * @param verb what the policy does with the pods that match: select or allow
 * @param holder what would hold for the pods that are probably meant
 * @param slip how bad a misspelt label is
 */
record UnmatchedPodSelector(
    Policy policy,
    Place place,
    @Nullable V1LabelSelector model,
    String verb,
    String holder,
    Severity slip) {

  /**
   * Reports it, unless it matches some pod, or every one.
   *
   * @param free whether nothing else of the policy's kind is about a workload
   */
  void check(Predicate<Workload> free, Findings findings) {
    Optional<Selector> selector = Selector.of(model).filter(written -> !written.isEverything());
    Optional<Unmatched> unmatched = selector.flatMap(s -> Unmatched.of(policy, s, free));
    if (unmatched.isEmpty()) {
      return;
    }
    Optional<NearMiss> nearest = unmatched.get().nearest();
    Findings.Draft draft =
        unmatched.get().isSlip()
            ? misspelt(nearest.get(), findings)
            : unknown(selector.get(), unmatched.get().afar(), findings);
    nearest.ifPresent(miss -> draft.note(miss.place(), miss.toString()));
  }

  private Findings.Draft misspelt(NearMiss miss, Findings findings) {
    Place label = Labels.placeOf(miss.wanted(), place, model);
    return findings
        .report(policy, label, "no pod has the label %s, %s".formatted(miss.wanted(), miss))
        .severity(slip)
        .help("%s %s, or correct the labels of the pods".formatted(verb, miss.label()))
        .unsafeFix(
            verb + " " + miss.label(),
            holder + " holds for " + miss.workload(),
            miss.correction(label));
  }

  private Findings.Draft unknown(
      Selector selector, Optional<Unmatched.Afar> afar, Findings findings) {
    boolean closed = policy.cluster().settings().closedWorld();
    boolean isSlip = afar.filter(Unmatched.Afar::isSlip).isPresent();
    String none =
        afar.map(other -> other.matchesNone(policy))
            .orElse("matches no pod" + (closed ? "" : " of the input"));
    Findings.Draft draft =
        findings
            .report(
                policy,
                isSlip ? policy.resource().at("metadata", "namespace") : place,
                "the podSelector " + selector + " " + none)
            .severity(closed || isSlip ? Severity.WARNING : Severity.INFO)
            .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
    afar.ifPresent(
        other ->
            draft
                .note(other.place(), other.workload() + " is here")
                .help("this podSelector finds pods of the policy's own namespace only"));
    return draft;
  }
}
