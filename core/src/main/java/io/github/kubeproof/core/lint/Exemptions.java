package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.lint.Suppressions.Complaint;
import io.github.kubeproof.core.lint.Suppressions.Fault;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes out the findings that a configuration does not want to hear. Mutable: it remembers which
 * exemptions were needed.
 */
final class Exemptions {

  private final RuleChoices choices;
  private final String defaultNamespace;
  private final LocalDate today;
  private final Set<Exemption> needed = Collections.newSetFromMap(new IdentityHashMap<>());

  Exemptions(RuleChoices choices, String defaultNamespace, LocalDate today) {
    this.choices = choices;
    this.defaultNamespace = defaultNamespace;
    this.today = today;
  }

  /** The first exemption that covers a finding; all that do are needed. */
  Optional<Exemption> of(Finding finding) {
    List<Exemption> covering =
        choices.exemptions().stream()
            .filter(exemption -> exemption.covers(finding, defaultNamespace))
            .toList();
    needed.addAll(covering);
    return covering.stream().filter(exemption -> !exemption.isExpired(today)).findFirst();
  }

  /**
   * What is wrong with exemptions, once all findings have been asked for.
   *
   * @param ran ids of the rules that ran
   */
  List<Complaint> complaints(Set<String> ran) {
    List<Complaint> complaints = new ArrayList<>();
    for (Exemption exemption : choices.exemptions()) {
      if (exemption.isExpired(today)) {
        complaints.add(
            complaint(Fault.EXPIRED, exemption, "this exemption ended on " + exemption.until()));
      } else if (choices.complete()
          && ran.contains(exemption.rule())
          && !needed.contains(exemption)) {
        complaints.add(
            complaint(
                Fault.UNUSED,
                exemption,
                "this exemption from " + exemption.rule() + " matches no finding"));
      }
    }
    return complaints;
  }

  private static Complaint complaint(Fault fault, Exemption exemption, String message) {
    return new Complaint(
        fault, exemption.place().source(), exemption.place().span(), exemption.place(), message);
  }
}
