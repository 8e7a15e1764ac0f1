package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Flow;
import java.util.List;

/** The answer to "is there no such flow?". */
public sealed interface Verdict {

  /**
   * There is none, whatever pods, labels, addresses and ports exist.
   *
   * @param because the written pieces that keep such flows out; none of them can be left away
   */
  record Proved(List<Place> because) implements Verdict {
    public Proved {
      because = List.copyOf(because);
    }
  }

  /** There is one: this. It has been replayed through the plain evaluator. */
  record Refuted(Flow witness) implements Verdict {}

  /** The solver gave no answer within its limits, or there is no solver. */
  record Undecided(String why) implements Verdict {}

  default boolean isProved() {
    return this instanceof Proved;
  }
}
