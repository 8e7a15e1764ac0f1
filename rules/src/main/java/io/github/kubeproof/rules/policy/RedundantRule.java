package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP304: a rule that allows nothing that the other rules of its policy do not allow already. */
public final class RedundantRule implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP304",
              "redundant-rule",
              Severity.WARNING,
              Confidence.PROVED,
              "a rule allows nothing that other rules of its policy do not allow already")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (Direction direction : Direction.values()) {
        check(policy, direction, connectivity, findings);
      }
    }
  }

  /**
   * From the last rule to the first, and each against those that stay: so everything reported may
   * go at once, and of two equal rules it is the later one.
   */
  private static void check(
      Meaning policy, Direction direction, Connectivity connectivity, Findings findings) {
    List<Sides> kept = new ArrayList<>();
    for (RuleMeaning rule : policy.rules(direction)) {
      kept.add(Sides.of(policy, rule));
    }
    List<Sides> all = List.copyOf(kept);
    for (int i = all.size() - 1; i >= 0; i--) {
      Sides rule = all.get(i);
      List<Sides> others = othersThan(rule, kept);
      // without a reason it allows nothing at all, of which KP303 speaks
      boolean redundant =
          !others.isEmpty()
              && covering(rule, others, connectivity)
                  .filter(because -> !because.isEmpty())
                  .isPresent();
      if (redundant) {
        kept.remove(rule);
      }
    }
    for (Sides rule : all) {
      if (!kept.contains(rule)) {
        // asked again: the reason must be rules that stay
        List<Sides> others = othersThan(rule, kept);
        covering(rule, others, connectivity)
            .ifPresent(because -> report(rule.rule(), others, because, findings));
      }
    }
  }

  /**
   * A rule, with the flows that it allows and those that it does not: the same objects in every
   * question.
   */
  private record Sides(RuleMeaning rule, Traffic allowed, Traffic notAllowed) {
    static Sides of(Meaning policy, RuleMeaning rule) {
      return new Sides(
          rule,
          policy.subject(rule.rule().direction()).and(rule.allowed()),
          new Traffic.Not(new Traffic.Written(rule.place(), rule.allowed())));
    }
  }

  private static List<Sides> othersThan(Sides one, List<Sides> rules) {
    return rules.stream()
        .filter(other -> !other.equals(one) && mayCover(other.rule(), one.rule()))
        .toList();
  }

  /** The places of the rules that allow all that a rule allows. */
  private static Optional<List<Place>> covering(
      Sides one, List<Sides> others, Connectivity connectivity) {
    List<Traffic> left = new ArrayList<>();
    left.add(one.allowed());
    others.forEach(other -> left.add(other.notAllowed()));
    return connectivity.proveImpossible(left, one.rule().place()).map(Proved::because);
  }

  /** Whether two rules have a port in common, as far as reading them tells. */
  private static boolean mayCover(RuleMeaning other, RuleMeaning rule) {
    List<V1NetworkPolicyPort> theirs = other.rule().ports();
    List<V1NetworkPolicyPort> ours = rule.rule().ports();
    return theirs.isEmpty()
        || (!ours.isEmpty()
            && ours.stream().anyMatch(o -> theirs.stream().anyMatch(t -> overlap(o, t))));
  }

  private static boolean overlap(V1NetworkPolicyPort one, V1NetworkPolicyPort other) {
    Traffic first = PolicySemantics.port(one).orElseThrow();
    Traffic second = PolicySemantics.port(other).orElseThrow();
    if (first instanceof Traffic.Ports a && second instanceof Traffic.Ports b) {
      return a.protocol() == b.protocol() && a.first() <= b.last() && b.first() <= a.last();
    }
    return first.equals(second) || isWhole(second);
  }

  /** A named port may be any number, so only a whole protocol covers it for sure. */
  private static boolean isWhole(Traffic ports) {
    return ports instanceof Traffic.Ports p && p.first() == 1 && p.last() == 65535;
  }

  private static void report(
      RuleMeaning rule, List<Sides> others, List<Place> because, Findings findings) {
    List<RuleMeaning> covering =
        others.stream().map(Sides::rule).filter(other -> because.contains(other.place())).toList();
    String key = rule.rule().direction().key();
    String names =
        String.join(
            " and ", covering.stream().map(o -> String.valueOf(o.rule().index() + 1)).toList());
    Draft draft =
        findings
            .report(
                rule.rule().policy(),
                rule.place(),
                key
                    + " rule "
                    + (rule.rule().index() + 1)
                    + " adds nothing: "
                    + key
                    + (covering.size() == 1
                        ? " rule " + names + " allows"
                        : " rules " + names + " allow")
                    + " all of it")
            .help("delete it, or narrow the others if it was meant to be all that is allowed")
            .fix("delete the rule", Edits.remove(rule.place()));
    covering.forEach(
        other -> draft.note(other.place(), "rule " + (other.rule().index() + 1) + " allows it"));
  }
}
