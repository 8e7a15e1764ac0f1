package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A selector that no pod of the input matches, where the input is a place to look for them: it
 * shows other pods nearby, and none of its custom objects may make such a pod. A slip of the
 * fingers is one all the same: whatever operators make, it is not labelled like the misspelt name
 * of a workload.
 *
 * @param nearest the workload that was probably meant
 */
public record Unmatched(Optional<NearMiss> nearest) {

  /**
   * Empty when something matches, or may.
   *
   * @param free whether a workload is not in use yet by another of the owner's kind
   */
  public static Optional<Unmatched> of(Member owner, Selector selector, Predicate<Workload> free) {
    World world = owner.cluster().world();
    if (!world.workloadsMatching(owner, selector).isEmpty()
        || world.workloadsNear(owner).isEmpty()) {
      return Optional.empty();
    }
    Unmatched unmatched = new Unmatched(NearMiss.of(owner, selector, free));
    List<Resource> makers = world.podMakers(owner, selector);
    boolean certain =
        unmatched.nearest.filter(NearMiss::isSlip).isPresent()
            ? makers.stream().noneMatch(unmatched::isMadeBy)
            : makers.isEmpty();
    return certain ? Optional.of(unmatched) : Optional.empty();
  }

  /** Whether the label that is looked for is what a custom object, or its kind, is called. */
  private boolean isMadeBy(Resource custom) {
    return nearest.stream()
        .flatMap(miss -> miss.wanted().values().stream())
        .anyMatch(value -> value.equalsIgnoreCase(custom.kind()) || value.equals(custom.name()));
  }

  /**
   * Whether the selector differs by a slip of the fingers from what was meant, in whose place there
   * is nothing else.
   */
  public boolean isSlip() {
    return nearest.isPresent() && nearest.get().isSlip() && nearest.get().isFree();
  }
}
