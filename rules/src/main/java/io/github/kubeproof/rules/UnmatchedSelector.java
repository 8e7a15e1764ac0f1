package io.github.kubeproof.rules;

import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.NearMiss;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.Unmatched;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A selector for pods of its owner's namespace, and what is told when no pod matches it.
 *
 * @param place where it is written
 * @param label where one of its labels is written
 * @param slip how bad a misspelt label is
 */
public record UnmatchedSelector(
    Member owner, Place place, Function<Requirement, Place> label, Wording wording, Severity slip) {

  /**
   * The words for it.
   *
   * @param name {@code the podSelector}
   * @param verb what the owner does with the pods that match: select or allow
   * @param effect what would happen with the pods that are probably meant, up to their name
   * @param local that only pods of its own namespace are found
   */
  public record Wording(String name, String verb, String effect, String local) {}

  /**
   * Reports it, unless it matches some pod.
   *
   * @param free whether nothing else of the owner's kind is about a workload
   */
  public void check(Selector selector, Predicate<Workload> free, Findings findings) {
    Optional<Unmatched> unmatched = Unmatched.of(owner, selector, free);
    if (unmatched.isEmpty()) {
      return;
    }
    Optional<NearMiss> nearest = unmatched.get().nearest();
    Findings.Draft draft =
        unmatched.get().isSlip()
            ? misspelt(nearest.get(), findings)
            : unknown(selector, unmatched.get().afar(), findings);
    nearest.ifPresent(miss -> draft.note(miss.place(), miss.toString()));
  }

  private Findings.Draft misspelt(NearMiss miss, Findings findings) {
    Place written = label.apply(miss.wanted());
    return findings
        .report(owner, written, "no pod has the label %s, %s".formatted(miss.wanted(), miss))
        .severity(slip)
        .help("%s %s, or correct the labels of the pods".formatted(wording.verb(), miss.label()))
        .unsafeFix(
            wording.verb() + " " + miss.label(),
            wording.effect() + " " + miss.workload(),
            miss.correction(written));
  }

  private Findings.Draft unknown(
      Selector selector, Optional<Unmatched.Afar> afar, Findings findings) {
    boolean closed = owner.cluster().settings().closedWorld();
    boolean isSlip = afar.filter(Unmatched.Afar::isSlip).isPresent();
    String none =
        afar.map(other -> other.matchesNone(owner))
            .orElse("matches no pod" + (closed ? "" : " of the input"));
    Findings.Draft draft =
        findings
            .report(
                owner,
                isSlip ? owner.resource().at("metadata", "namespace") : place,
                wording.name() + " " + selector + " " + none)
            .severity(closed || isSlip ? Severity.WARNING : Severity.INFO)
            .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
    afar.ifPresent(
        other -> draft.note(other.place(), other.workload() + " is here").help(wording.local()));
    return draft;
  }
}
