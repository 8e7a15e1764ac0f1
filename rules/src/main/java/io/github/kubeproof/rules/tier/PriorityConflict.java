package io.github.kubeproof.rules.tier;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Action;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.TierSemantics;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** KP901: two policies of a tier have one priority and do different things with a flow. */
public final class PriorityConflict implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP901",
          "priority-conflict",
          Severity.WARNING,
          Confidence.PROVED,
          "two policies of a tier have one priority and do different things with a flow");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Tiers tiers = Tiers.of(cluster);
    for (int i = 0; i < tiers.all().size(); i++) {
      for (TierMeaning one : tiers.all().subList(0, i)) {
        TierMeaning other = tiers.all().get(i);
        if (one.policy().tier() == other.policy().tier()
            && one.policy().priority() == other.policy().priority()
            && one.policy().subject().and(other.policy().subject()).isPresent()) {
          check(one, other, tiers, connectivity, findings);
        }
      }
    }
  }

  private static void check(
      TierMeaning one,
      TierMeaning other,
      Tiers tiers,
      Connectivity connectivity,
      Findings findings) {
    for (Direction direction : Direction.values()) {
      List<Traffic> asked = new ArrayList<>(tiers.leftBefore(other, direction));
      asked.add(disagreement(one, other, direction));
      Traffic disputed = Traffic.allOf(asked);
      Place place = other.policy().resource().place();
      Optional<Flow> sure = connectivity.witness(disputed.and(sure(one, other, direction)), place);
      Optional<Flow> witness = sure.isPresent() ? sure : connectivity.witness(disputed, place);
      if (witness.isPresent()) {
        report(one, other, direction, witness.get(), sure.isPresent(), findings);
        return;
      }
    }
  }

  /** The flows with which two policies do different things, each as if it were asked first. */
  private static Traffic disagreement(TierMeaning one, TierMeaning other, Direction direction) {
    List<Traffic> different = new ArrayList<>();
    for (Action action : Action.values()) {
      EnumSet<Action> only = EnumSet.of(action);
      different.add(
          TierSemantics.decided(List.of(one), direction, only)
              .and(TierSemantics.decided(List.of(other), direction, EnumSet.complementOf(only))));
    }
    return Traffic.anyOf(different);
  }

  /**
   * The flows of pods that both policies are about beyond doubt: of workloads of the unit, or of
   * any pods where one subject is within the other.
   */
  private static Traffic sure(TierMeaning one, TierMeaning other, Direction direction) {
    if (isWithin(one.policy(), other.policy()) || isWithin(other.policy(), one.policy())) {
      return Traffic.all();
    }
    List<Traffic> known = new ArrayList<>();
    for (Workload workload : one.policy().cluster().workloads()) {
      Optional<Endpoint.Pod> pod = Endpoints.of(workload).asPod();
      if (pod.isPresent() && isAbout(one, pod.get()) && isAbout(other, pod.get())) {
        known.add(new Traffic.IsThis(End.guarded(direction), pod.get()));
      }
    }
    return Traffic.anyOf(known);
  }

  private static boolean isAbout(TierMeaning policy, Endpoint.Pod pod) {
    return policy.policy().subject().matches(pod.namespaceLabels(), pod.labels());
  }

  /** Whether all that one subject asks for, the other asks for, too. */
  private static boolean isWithin(TierPolicy narrow, TierPolicy wide) {
    return narrow
            .subject()
            .namespaces()
            .requirements()
            .containsAll(wide.subject().namespaces().requirements())
        && narrow.subject().pods().requirements().containsAll(wide.subject().pods().requirements());
  }

  private static void report(
      TierMeaning one,
      TierMeaning other,
      Direction direction,
      Flow witness,
      boolean sure,
      Findings findings) {
    TierMeaning.Decision first = one.decides(direction, witness).orElseThrow();
    TierMeaning.Decision second = other.decides(direction, witness).orElseThrow();
    Draft draft =
        findings
            .report(
                other.policy().resource(),
                other.policy().resource().at("spec", "priority"),
                other.policy()
                    + " has the priority of "
                    + one.policy()
                    + ", but they disagree about "
                    + Witnesses.sentence(witness))
            .severity(sure ? Severity.WARNING : Severity.INFO)
            .help("give them different priorities: the lower number is asked first")
            .witness(witness);
    draft.note(second.place(), "its rule says " + Tiers.word(other.policy(), second.action()));
    draft.note(
        first.place(),
        "the rule of " + one.policy() + " says " + Tiers.word(one.policy(), first.action()));
  }
}
