package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
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
import java.util.List;

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
    Place place = service.cluster().at(service.spec(), "selector");
    new UnmatchedSelector(
            service,
            place,
            label -> place.then(label.key()),
            new Wording(
                "the selector",
                "select",
                "the Service sends its traffic to",
                "a Service finds pods of its own namespace only: put both into one"),
            Severity.ERROR)
        .check(selector, workload -> !isServed(workload, service), findings);
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
