package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.reach.Arrivals.Strangers;
import io.github.kubeproof.core.reach.Reach.Ends;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Front;
import java.util.List;

/**
 * What a change of manifests does to the fronts of a cluster: which of them are new or gone or lead
 * elsewhere, and who gets to a pod, or no longer does, for that reason.
 *
 * <p>Policies alone change no front. A workload that has just another name is the same one.
 *
 * @param changes in the order of the input after, then what is only before
 * @param doubts objects of which nobody can tell whether their change matters
 * @param count how many fronts there are, before or after
 */
public record FrontDiff(List<Change> changes, List<Doubt> doubts, int count) {

  public FrontDiff {
    changes = List.copyOf(changes);
    doubts = List.copyOf(doubts);
  }

  /** Manifests, what their policies enforce, and whom they let in that the input does not show. */
  public record Side(Inventory inventory, Enforcement enforcement, Strangers strangers) {}

  public enum Sort {
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * A front that is not the same on both sides.
   *
   * @param front as it is after; as it was before where it is gone
   * @param what in words, what is not the same
   * @param passages at most one that opened and one that closed; none where policies let nobody use
   *     what has changed
   * @param before where it was written, or what stood there instead; empty where nothing did
   * @param after where it is written now, or what stands there instead
   * @param undecided whether nobody knows if there are more passages
   */
  public record Change(
      Sort sort,
      Front front,
      String what,
      List<Passage> passages,
      List<Place> before,
      List<Place> after,
      boolean undecided) {
    public Change {
      passages = List.copyOf(passages);
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /**
   * That some clients get to a pod through a front on one side only.
   *
   * @param opened whether it is after that they do
   * @param front as it is on that side
   * @param clients all that use it of what is outside of the cluster; otherwise one of them
   * @param port where they arrive
   */
  public record Passage(boolean opened, Front front, Ends clients, Endpoint to, int port) {}

  /** An object that is not the same on both sides, and leads to nothing in the input on either. */
  public record Doubt(Place place, String why) {}

  /** Compares two states. */
  public static FrontDiff between(Side before, Side after) {
    return new FrontDiffer(before, after).diff();
  }

  public boolean isEqual() {
    return changes.isEmpty() && doubts.isEmpty();
  }

  /** Whether some traffic gets through after that did not before. */
  public boolean opens() {
    return hasPassage(true);
  }

  /** Whether some traffic got through before that does not after. */
  public boolean closes() {
    return hasPassage(false);
  }

  private boolean hasPassage(boolean opened) {
    return changes.stream()
        .flatMap(change -> change.passages().stream())
        .anyMatch(passage -> passage.opened() == opened);
  }
}
