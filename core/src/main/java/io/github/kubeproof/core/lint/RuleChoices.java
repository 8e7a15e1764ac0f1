package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.intent.Intent;
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
 * @param intents what the traffic must be like
 * @param complete whether the input holds everything that the exemptions and the intents may be
 *     about, so that one that matches nothing is unused, and what no policy stops is not stopped
 */
public record RuleChoices(
    Profile profile,
    Map<String, Severity> severities,
    Set<String> off,
    List<Exemption> exemptions,
    List<Intent> intents,
    boolean complete) {

  public static final RuleChoices NONE =
      new RuleChoices(Profile.RECOMMENDED, Map.of(), Set.of(), List.of(), List.of(), false);

  public RuleChoices {
    severities = Collections.unmodifiableMap(new TreeMap<>(severities));
    off = Collections.unmodifiableSet(new TreeSet<>(off));
    exemptions = List.copyOf(exemptions);
    intents = List.copyOf(intents);
  }

  public RuleChoices withProfile(Profile value) {
    return new RuleChoices(value, severities, off, exemptions, intents, complete);
  }

  public RuleChoices withComplete(boolean value) {
    return new RuleChoices(profile, severities, off, exemptions, intents, value);
  }

  public RuleChoices withIntents(List<Intent> value) {
    return new RuleChoices(profile, severities, off, exemptions, value, complete);
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
