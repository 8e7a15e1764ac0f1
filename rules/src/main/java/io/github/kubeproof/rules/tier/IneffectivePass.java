package io.github.kubeproof.rules.tier;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Action;
import io.github.kubeproof.core.cluster.TierPolicy.Tier;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.TierSemantics;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierRuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP903: a rule that passes flows on, of which no later rule of its tier matches any. */
public final class IneffectivePass implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP903",
          "ineffective-pass",
          Severity.INFO,
          Confidence.PROVED,
          "a Pass keeps flows from no later rule of its tier, so nothing changes without it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Optional<List<TierMeaning>> tier = adminTier(cluster);
    for (TierMeaning policy : tier.orElse(List.of())) {
      for (TierRuleMeaning rule : policy.rules()) {
        if (rule.rule().action() == Action.PASS
            && policy.policy().cluster().equals(cluster)
            && TierSemantics.isCertain(rule.rule())) {
          check(policy, rule, tier.get(), connectivity, findings);
        }
      }
    }
  }

  /**
   * The Admin tier of all units, which may be deployed together; empty when nobody knows what some
   * rule of it matches.
   */
  private static Optional<List<TierMeaning>> adminTier(Cluster cluster) {
    List<TierMeaning> tier = new ArrayList<>();
    for (Cluster unit :
        cluster.tierPolicies().isEmpty() ? List.<Cluster>of() : cluster.world().clusters()) {
      for (TierPolicy policy : unit.tierPolicies()) {
        Optional<TierMeaning> meaning = TierSemantics.of(policy);
        if (meaning.isEmpty()
            || !policy.resource().isUnderstood()
            || !policy.rules().stream().allMatch(TierSemantics::isCertain)) {
          return Optional.empty();
        }
        if (policy.tier() == Tier.ADMIN) {
          tier.add(meaning.get());
        }
      }
    }
    return Optional.of(tier);
  }

  private static void check(
      TierMeaning policy,
      TierRuleMeaning rule,
      List<TierMeaning> tier,
      Connectivity connectivity,
      Findings findings) {
    Direction direction = rule.rule().direction();
    List<Traffic> later = new ArrayList<>();
    List<Located> earlier = new ArrayList<>();
    for (TierMeaning other : tier) {
      for (TierRuleMeaning candidate : other.rules(direction)) {
        boolean isLater =
            other.equals(policy)
                ? candidate.rule().index() > rule.rule().index()
                : other.policy().priority() >= policy.policy().priority();
        if (isLater) {
          later.add(other.subject(direction).and(candidate.matched()));
        } else if (!candidate.equals(rule) && candidate.rule().action() == Action.DENY) {
          earlier.add(new Located(other, candidate));
        }
      }
    }
    Traffic passed = policy.subject(direction).and(rule.matched());
    Place place = rule.rule().place();
    if (connectivity.proveImpossible(List.of(passed, Traffic.anyOf(later)), place).isEmpty()) {
      return;
    }
    Draft draft =
        findings
            .report(
                policy.policy().resource(),
                place,
                Tiers.name(rule.rule())
                    + " (Pass) changes nothing: no later rule of the Admin tier matches what it"
                    + " passes on")
            .help(
                "delete it, give it a lower number, or say Accept or Allow if the flows shall get"
                    + " through whatever NetworkPolicies say");
    // what was meant to be passed by may be what comes first
    for (Located one : earlier) {
      if (connectivity.witness(passed.and(one.matched(direction)), place).isPresent()) {
        draft.note(
            one.rule().rule().place(),
            Tiers.name(one.rule().rule())
                + " of "
                + one.policy().policy()
                + " denies some of it, but comes first");
      }
    }
  }

  /** A rule with its policy. */
  private record Located(TierMeaning policy, TierRuleMeaning rule) {
    Traffic matched(Direction direction) {
      return policy.subject(direction).and(rule.matched());
    }
  }
}
