package io.github.kubeproof.rules.tier;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.TierSemantics;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierRuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.github.kubeproof.rules.tier.Tiers.Located;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP902: a rule of a tier to which no flow gets that others do not decide before. */
public final class UnaskedTierRule implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP902",
          "unasked-tier-rule",
          Severity.WARNING,
          Confidence.PROVED,
          "a rule of a tier decides nothing, because others come first for all that it matches");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Tiers tiers = Tiers.of(cluster);
    for (TierMeaning policy : tiers.all()) {
      for (Direction direction : Direction.values()) {
        List<Traffic> left = new ArrayList<>(tiers.leftBefore(policy, direction));
        for (TierRuleMeaning rule : policy.rules(direction)) {
          Traffic matched = policy.subject(direction).and(rule.matched());
          // what names and labels of nodes stand for, no manifest shows
          if (TierSemantics.isCertain(rule.rule()) && !left.isEmpty()) {
            because(matched, left, cluster, connectivity, rule.rule().place())
                // without a reason it matches nothing at all
                .filter(places -> !places.isEmpty())
                .ifPresent(
                    places ->
                        report(new Located(policy.policy(), rule.rule()), places, tiers, findings));
          }
          left.add(new Traffic.Not(new Traffic.Written(rule.rule().place(), matched)));
        }
      }
    }
  }

  /** The places of what comes first; empty when something gets to the rule. */
  private static Optional<List<Place>> because(
      Traffic matched,
      List<Traffic> left,
      Cluster cluster,
      Connectivity connectivity,
      Place place) {
    List<Traffic> sets = new ArrayList<>();
    sets.add(matched);
    sets.addAll(left);
    Optional<Proved> proved = connectivity.proveImpossible(sets, place);
    return (proved.isEmpty() && cluster.settings().closedWorld()
            ? connectivity.proveEmpty(Traffic.allOf(sets), place)
            : proved)
        .map(Proved::because);
  }

  private static void report(Located rule, List<Place> because, Tiers tiers, Findings findings) {
    List<Located> earlier = tiers.rulesAt(because).toList();
    Optional<Policy> isolating = tiers.policyAt(because);
    if (earlier.isEmpty() && isolating.isEmpty()) {
      return;
    }
    boolean own = earlier.stream().allMatch(other -> other.policy().equals(rule.policy()));
    boolean contrary =
        earlier.stream().anyMatch(other -> other.rule().action() != rule.rule().action());
    // a policy of another file or tier is often another team's, and is meant to overrule
    boolean mistaken =
        isolating.isEmpty()
            && (own || (contrary && earlier.stream().allMatch(other -> areNear(other, rule))));
    Draft draft =
        findings
            .report(
                rule.policy().resource(),
                rule.rule().place(),
                Tiers.name(rule.rule())
                    + " ("
                    + Tiers.word(rule.policy(), rule.rule().action())
                    + ") decides nothing: "
                    + first(earlier, isolating)
                    + (earlier.size() + (isolating.isPresent() ? 1 : 0) > 1
                        ? " come first, and match"
                        : " comes first, and matches")
                    + " all of it")
            .severity(mistaken ? Severity.WARNING : Severity.INFO)
            .help(
                contrary
                    ? "put it before them, or narrow them"
                    : "delete it, or narrow those before it");
    earlier.forEach(other -> draft.note(other.rule().place(), other + " comes first"));
    isolating.ifPresent(
        policy ->
            draft.note(
                policy.resource().place(),
                policy + " isolates pods, which are then not asked about"));
  }

  private static boolean areNear(Located one, Located other) {
    return one.policy().tier() == other.policy().tier()
        && one.rule().place().source().equals(other.rule().place().source());
  }

  private static String first(List<Located> earlier, Optional<Policy> isolating) {
    List<String> names = new ArrayList<>();
    earlier.forEach(other -> names.add(other.toString()));
    isolating.ifPresent(policy -> names.add(policy.toString()));
    return names.size() <= 2
        ? String.join(" and ", names)
        : names.get(0) + " and " + (names.size() - 1) + " others";
  }
}
