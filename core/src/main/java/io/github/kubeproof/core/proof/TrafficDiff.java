package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import java.util.List;

/**
 * What a change of manifests opens and closes, for every pod that could exist before and after.
 *
 * @param whole what gets through: both ends let it. Its own question, because what one end opens
 *     the other may still stop
 * @param subjects what each end lets through: the workloads that are on both sides, and for each
 *     namespace that is named all pods that it could have
 * @param added workloads that are only after
 * @param removed workloads that are only before
 */
public record TrafficDiff(
    Answer whole, List<Subject> subjects, List<Workload> added, List<Workload> removed) {

  public TrafficDiff {
    subjects = List.copyOf(subjects);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /** Manifests, and what their policies enforce. */
  public record State(Inventory inventory, Enforcement enforcement) {}

  public enum Sort {
    WORKLOAD,
    /** All pods that could exist in one namespace. */
    NAMESPACE,
    /** All pods that could exist in namespaces that neither side names. */
    ELSEWHERE
  }

  /**
   * Pods, and what becomes of their traffic.
   *
   * @param name of the workload or namespace; empty for pods elsewhere
   * @param ingress what it lets in
   * @param egress what it lets out
   */
  public record Subject(Sort sort, String name, Answer ingress, Answer egress) {
    public boolean isEqual() {
      return ingress.relation() == Relation.EQUAL && egress.relation() == Relation.EQUAL;
    }
  }

  /**
   * How what is let through after stands to what was before.
   *
   * @param differences at most one that opened and one that closed
   * @param gaps what has a say, too, and is not modelled
   * @param why it is undecided; empty where it is not
   */
  public record Answer(
      Relation relation, List<Difference> differences, List<Enforcement.Gap> gaps, String why) {
    public Answer {
      differences = List.copyOf(differences);
      gaps = List.copyOf(gaps);
    }
  }

  /**
   * One flow that only one side lets through, the plainest there is.
   *
   * @param opened whether it is after that lets it through
   * @param effect whether the other end lets such flows through, too
   * @param before the lines that decide about it before; empty where no policy speaks of it
   * @param after the lines that decide about it after
   */
  public record Difference(
      boolean opened, Flow witness, Effect effect, List<Place> before, List<Place> after) {
    public Difference {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /** What becomes of a difference that one end makes. */
  public enum Effect {
    /** The other end lets such flows through. */
    REAL,
    /** The other end stops all of them. */
    STOPPED,
    UNDECIDED
  }

  /**
   * Compares two states, with the solver where they are not plainly alike.
   *
   * @param written where its questions go
   */
  public static TrafficDiff between(State before, State after, Questions written) {
    try (Differ differ = new Differ(before, after, written)) {
      return differ.diff();
    }
  }
}
