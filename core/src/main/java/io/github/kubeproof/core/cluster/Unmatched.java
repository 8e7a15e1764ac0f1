package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A selector that no pod of the input matches, where the input is a place to look for them: it
 * shows other pods nearby, or such pods in another namespace, or all that runs in the cluster; and
 * none of its custom objects may make such a pod. A slip of the fingers is one all the same:
 * whatever operators make, it is not labelled like the misspelt name of a workload.
 *
 * @param nearest the workload that was probably meant
 * @param afar a workload that matches, but runs in another namespace; looked for where the owner's
 *     has none
 */
public record Unmatched(Optional<NearMiss> nearest, Optional<Afar> afar) {

  /**
   * A workload of another namespace.
   *
   * @param isSlip whether the owner's namespace is its misspelt name, which nothing defines
   */
  public record Afar(Workload workload, boolean isSlip) {

    /** Where its namespace is written. */
    public Place place() {
      return workload.resource().at("metadata", "namespace");
    }

    /** {@code matches no pod of namespace shpo, but those of Deployment shop/web}. */
    public String matchesNone(Member owner) {
      return "matches no pod of namespace " + owner.namespace() + ", but those of " + workload;
    }
  }

  /**
   * Empty when something matches, or may.
   *
   * @param free whether a workload is not in use yet by another of the owner's kind
   */
  public static Optional<Unmatched> of(Member owner, Selector selector, Predicate<Workload> free) {
    World world = owner.cluster().world();
    if (!world.workloadsMatching(owner, selector).isEmpty()) {
      return Optional.empty();
    }
    boolean alone = world.workloadsNear(owner).isEmpty();
    Optional<Afar> afar = alone ? afar(owner, selector) : Optional.empty();
    if (alone && afar.isEmpty() && !owner.cluster().settings().closedWorld()) {
      return Optional.empty();
    }
    Unmatched unmatched = new Unmatched(NearMiss.of(owner, selector, free), afar);
    List<Resource> makers = world.podMakers(owner, selector);
    boolean certain =
        unmatched.nearest.filter(NearMiss::isSlip).isPresent()
            ? makers.stream().noneMatch(unmatched::isMadeBy)
            : makers.isEmpty();
    return certain ? Optional.of(unmatched) : Optional.empty();
  }

  /** Of several namespaces with such pods the one that is a slip away, if that is one. */
  private static Optional<Afar> afar(Member owner, Selector selector) {
    World world = owner.cluster().world();
    List<Workload> matching =
        selector.equalities().isEmpty()
            ? List.of()
            : world.workloads().stream()
                .filter(workload -> !world.isAssumed(workload))
                .filter(workload -> workload.mayMatch(selector))
                .toList();
    boolean isKnown =
        world.namespaceLabels(owner.namespace()).isPresent() || isAmongOthers(owner, world);
    return one(matching.stream().filter(workload -> !isKnown && isSlip(owner, workload)).toList())
        .map(workload -> new Afar(workload, true))
        .or(() -> one(matching).map(workload -> new Afar(workload, false)));
  }

  /** Whether something else is written into its namespace: who misspells it does so once. */
  private static boolean isAmongOthers(Member owner, World world) {
    return world.clusters().stream()
        .flatMap(unit -> unit.resources().stream())
        .anyMatch(
            other ->
                !other.equals(owner.resource())
                    && other.writtenNamespace().equals(owner.namespace()));
  }

  private static boolean isSlip(Member owner, Workload workload) {
    return Spelling.isSlip(owner.namespace(), workload.namespace());
  }

  private static Optional<Workload> one(List<Workload> workloads) {
    boolean isOne = workloads.stream().map(Workload::namespace).distinct().count() == 1;
    return isOne ? Optional.of(workloads.get(0)) : Optional.empty();
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
