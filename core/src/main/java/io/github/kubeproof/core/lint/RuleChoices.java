package io.github.kubeproof.core.lint;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which rules the user wants, and how to judge what they find.
 *
 * @param profile which rules run where none is selected
 * @param severities of all findings of a rule, by its id
 * @param off ids of rules that do not run, unless they are selected by name
 * @param complete whether the input holds everything that the exemptions may be about, so that one
 *     that matches nothing is unused
 */
public record RuleChoices(
    Profile profile,
    Map<String, Severity> severities,
    Set<String> off,
    List<Exemption> exemptions,
    boolean complete) {

  public static final RuleChoices NONE =
      new RuleChoices(Profile.RECOMMENDED, Map.of(), Set.of(), List.of(), false);

  public RuleChoices {
    severities = Collections.unmodifiableMap(new TreeMap<>(severities));
    off = Collections.unmodifiableSet(new TreeSet<>(off));
    exemptions = List.copyOf(exemptions);
  }

  public RuleChoices withProfile(Profile value) {
    return new RuleChoices(value, severities, off, exemptions, complete);
  }

  public RuleChoices withComplete(boolean value) {
    return new RuleChoices(profile, severities, off, exemptions, value);
  }

  /** Whether a rule runs where none is selected. */
  boolean has(RuleInfo rule) {
    return (profile == Profile.STRICT || !rule.strictOnly()) && !off.contains(rule.id());
  }

  Finding judged(Finding finding) {
    Severity severity = severities.get(finding.rule().id());
    return severity == null ? finding : finding.withSeverity(severity);
  }
}
