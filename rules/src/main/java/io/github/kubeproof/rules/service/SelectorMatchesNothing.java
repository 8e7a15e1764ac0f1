package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.NearMiss;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Unmatched;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.List;
import java.util.Optional;

/** KP404: the selector of a Service matches no pod. */
public final class SelectorMatchesNothing implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP404",
              "selector-matches-nothing",
              Severity.WARNING,
              Confidence.HEURISTIC,
              "the selector of a Service matches no pod")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      service.selector().ifPresent(selector -> check(service, selector, findings));
    }
  }

  private static void check(Service service, Selector selector, Findings findings) {
    Optional<Unmatched> unmatched =
        Unmatched.of(service, selector, workload -> !isServed(workload, service));
    if (unmatched.isEmpty()) {
      return;
    }
    Optional<NearMiss> nearest = unmatched.get().nearest();
    Optional<Unmatched.Afar> afar = unmatched.get().afar();
    Findings.Draft draft;
    if (unmatched.get().isSlip()) {
      NearMiss meant = nearest.get();
      draft =
          findings
              .report(
                  service,
                  service.cluster().at(service.spec(), "selector", meant.wanted().key()),
                  "no pod has the label " + meant.wanted() + ", " + meant)
              .severity(Severity.ERROR)
              .help("select " + meant.label() + ", or correct the labels of the pods")
              .unsafeFix(
                  "select " + meant.label(),
                  "the Service sends its traffic to " + meant.workload(),
                  meant.correction(
                      service.cluster().at(service.spec(), "selector", meant.wanted().key())));
    } else {
      boolean closed = service.cluster().settings().closedWorld();
      boolean isSlip = afar.filter(Unmatched.Afar::isSlip).isPresent();
      String none =
          afar.map(other -> other.matchesNone(service))
              .orElse("matches no pod" + (closed ? "" : " of the input"));
      draft =
          findings
              .report(
                  service,
                  isSlip
                      ? service.resource().at("metadata", "namespace")
                      : service.cluster().at(service.spec(), "selector"),
                  "the selector " + selector + " " + none)
              .severity(closed || isSlip ? Severity.WARNING : Severity.INFO)
              .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
      afar.ifPresent(
          other ->
              draft
                  .note(other.place(), other.workload() + " is here")
                  .help("a Service finds pods of its own namespace only: put both into one"));
    }
    nearest.ifPresent(miss -> draft.note(miss.place(), miss.toString()));
  }

  /** Whether another Service that is deployed together with one sends traffic to a workload. */
  private static boolean isServed(Workload workload, Service service) {
    List<Alternative> alternatives = service.cluster().alternatives(service);
    return alternatives.stream()
        .flatMap(alternative -> alternative.services().stream())
        .filter(other -> other.resource() != service.resource())
        .filter(other -> other.mayShareNamespace(workload))
        .anyMatch(other -> other.selector().filter(workload::mayMatch).isPresent());
  }
}
