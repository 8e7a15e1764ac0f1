package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What people ask about traffic, for every pod, label, address and port that could exist. */
public final class TrafficQuestions {

  private TrafficQuestions() {}

  /**
   * Whether none of some flows gets through; what a pod sends to itself does not count.
   *
   * @return proved with the lines that stop them, or refuted with one that gets through
   */
  public static Verdict isBlocked(Traffic flows, Enforcement enforcement, Prover prover) {
    return prover.isEmpty(
        Traffic.allOf(flows, enforcement.allowed(), new Traffic.Not(new Traffic.ToItself())));
  }

  /**
   * Whether each of some flows gets through.
   *
   * @return proved with the lines that let them, or refuted with one that is stopped
   */
  public static Verdict isAllowed(Traffic flows, Enforcement enforcement, Prover prover) {
    return isContained(flows, enforcement.allowed(), prover);
  }

  /** Whether every flow of one set is in another; refuted with one that is not. */
  public static Verdict isContained(Traffic inner, Traffic outer, Prover prover) {
    return prover.isEmpty(inner.without(outer));
  }

  /** How what was allowed before stands to what is allowed after. */
  public static Comparison compare(Traffic before, Traffic after, Prover prover) {
    return new Comparison(isContained(after, before, prover), isContained(before, after, prover));
  }

  /**
   * The answer to "are they equal?" in its two halves.
   *
   * @param opened refuted with a flow that is allowed only after
   * @param closed refuted with a flow that was allowed only before
   */
  public record Comparison(Verdict opened, Verdict closed) {
    public Relation relation() {
      boolean undecided = opened instanceof Undecided || closed instanceof Undecided;
      return undecided
          ? Relation.UNDECIDED
          : Relation.of(opened instanceof Refuted, closed instanceof Refuted);
    }
  }

  /**
   * The lines that make it so that one flow gets through, or that it does not: where it gets
   * through, what lets it out of its source and into its destination; otherwise what stops it.
   * Empty where nothing was written about it, so that it gets through.
   */
  public static List<Place> because(Flow flow, Enforcement enforcement) {
    boolean allowed = FlowEvaluator.contains(enforcement.allowed(), flow);
    Set<Place> places = new LinkedHashSet<>();
    for (Direction direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
      if (allowed == FlowEvaluator.contains(enforcement.allowed(direction), flow)) {
        enforcement.decides(direction, flow).ifPresent(places::add);
      }
    }
    return List.copyOf(places);
  }
}
