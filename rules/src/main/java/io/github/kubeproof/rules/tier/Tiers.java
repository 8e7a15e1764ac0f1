package io.github.kubeproof.rules.tier;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Action;
import io.github.kubeproof.core.cluster.TierPolicy.Tier;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.TierSemantics;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The policies of a unit that are understood in full and accepted by the API server.
 *
 * @param all those of the tiers, in the order in which they are asked
 * @param policies the NetworkPolicies
 */
record Tiers(List<TierMeaning> all, List<Meaning> policies) {

  static Tiers of(Cluster cluster) {
    List<TierMeaning> all = new ArrayList<>();
    cluster.tierPolicies().stream()
        .filter(policy -> policy.resource().isUnderstood())
        .sorted(TierPolicy.ORDER)
        .forEach(policy -> TierSemantics.of(policy).ifPresent(all::add));
    List<Meaning> policies = new ArrayList<>();
    for (Policy policy : all.isEmpty() ? List.<Policy>of() : cluster.policies()) {
      if (policy.resource().isUnderstood() && cluster.world().patchesOf(policy).isEmpty()) {
        PolicySemantics.of(policy).ifPresent(policies::add);
      }
    }
    return new Tiers(all, policies);
  }

  /** The words that the API has for an action in the version of a policy. */
  static String word(TierPolicy policy, Action action) {
    return switch (action) {
      case ALLOW -> policy.resource().kind().equals("ClusterNetworkPolicy") ? "Accept" : "Allow";
      case DENY -> "Deny";
      case PASS -> "Pass";
    };
  }

  /** {@code ingress rule 2}. */
  static String name(TierPolicy.Rule rule) {
    return rule.direction().key() + " rule " + (rule.index() + 1);
  }

  /**
   * For each that comes before a policy in a direction, the flows that it leaves to those that come
   * later. Of two with one priority neither comes before the other.
   */
  List<Traffic> leftBefore(TierMeaning policy, Direction direction) {
    Tier tier = policy.policy().tier();
    List<Traffic> left = new ArrayList<>();
    for (TierMeaning other : all) {
      if (other.policy().tier() == tier
          && other.policy().priority() < policy.policy().priority()
          && policy.policy().subject().and(other.policy().subject()).isPresent()) {
        other.cases(direction).forEach(one -> left.add(new Traffic.Not(one.when())));
      }
    }
    if (tier == Tier.BASELINE) {
      List<TierMeaning> admin = all.stream().filter(p -> p.policy().tier() == Tier.ADMIN).toList();
      left.add(
          new Traffic.Not(
              TierSemantics.decided(admin, direction, EnumSet.of(Action.ALLOW, Action.DENY))));
      for (Meaning isolating : policies) {
        if (isolating.isolates(direction)) {
          left.add(
              new Traffic.Not(
                  new Traffic.Written(isolating.place(), isolating.subject(direction))));
        }
      }
    }
    return left;
  }

  /** The rules of the tiers that stand at some places. */
  Stream<Located> rulesAt(List<Place> places) {
    return all.stream()
        .flatMap(tier -> tier.policy().rules().stream().map(r -> new Located(tier.policy(), r)))
        .filter(located -> places.contains(located.rule().place()));
  }

  /** The NetworkPolicy that stands at some place. */
  Optional<Policy> policyAt(List<Place> places) {
    return policies.stream()
        .filter(policy -> places.contains(policy.place()))
        .map(Meaning::policy)
        .findFirst();
  }

  /** A rule with its policy. */
  record Located(TierPolicy policy, TierPolicy.Rule rule) {
    /** {@code ingress rule 2 of AdminNetworkPolicy x (Deny)}. */
    @Override
    public String toString() {
      return name(rule) + " of " + policy + " (" + word(policy, rule.action()) + ")";
    }
  }
}
