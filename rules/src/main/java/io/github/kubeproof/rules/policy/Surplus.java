package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A policy without which nothing changes, whatever else is deployed: others isolate its pods, and
 * allow all that it allows.
 *
 * @param by the policies that do; just one where it is a duplicate
 * @param duplicate whether one of them says exactly the same
 */
record Surplus(Meaning policy, List<Meaning> by, boolean duplicate) {

  Surplus {
    by = List.copyOf(by);
  }

  /**
   * All in a unit, from the last policy to the first, each against those that stay: so all of them
   * may go at once, and of two equal ones it is the later one.
   */
  static List<Surplus> in(Cluster cluster, Connectivity connectivity) {
    List<Surplus> found = new ArrayList<>();
    List<Meaning> kept = new ArrayList<>();
    for (Meaning policy : Policies.of(cluster)) {
      if (cluster.world().patchesOf(policy.policy()).isEmpty()) {
        kept.add(policy);
      }
    }
    List<Meaning> all = List.copyOf(kept);
    for (int i = all.size() - 1; i >= 0; i--) {
      Meaning policy = all.get(i);
      List<Meaning> wider = kept.stream().filter(other -> isWider(other, policy)).toList();
      Optional<Surplus> surplus =
          wider.isEmpty() ? Optional.empty() : of(policy, wider, connectivity);
      if (surplus.isPresent()) {
        found.add(0, surplus.get());
        kept.remove(policy);
      }
    }
    return found;
  }

  /** Whether a policy of the same namespace asks its pods for nothing that another does not. */
  private static boolean isWider(Meaning wide, Meaning than) {
    return !wide.policy().resource().equals(than.policy().resource())
        && !wide.policy().name().equals(than.policy().name())
        && wide.policy().namespace().equals(than.policy().namespace())
        && wide.policy().namespaceIsWritten() == than.policy().namespaceIsWritten()
        && than.selector().requirements().containsAll(wide.selector().requirements());
  }

  private static Optional<Surplus> of(
      Meaning policy, List<Meaning> wider, Connectivity connectivity) {
    for (Meaning other : wider) {
      if (isWider(/* wide= */ policy, /* than= */ other)
          && covers(List.of(other), policy, connectivity).isPresent()
          && covers(List.of(policy), other, connectivity).isPresent()) {
        return Optional.of(new Surplus(policy, List.of(other), true));
      }
    }
    return covers(wider, policy, connectivity).map(by -> new Surplus(policy, by, false));
  }

  /** Those of some wider policies that it takes to say all that one says; empty if they do not. */
  private static Optional<List<Meaning>> covers(
      List<Meaning> wider, Meaning policy, Connectivity connectivity) {
    Set<Meaning> by = new LinkedHashSet<>();
    for (Direction direction : Direction.values()) {
      if (policy.isolates(direction)) {
        Optional<Meaning> isolating =
            wider.stream().filter(other -> other.isolates(direction)).findFirst();
        Optional<List<Place>> because =
            isolating.isEmpty()
                ? Optional.empty()
                : allowing(wider, policy, direction, connectivity);
        if (because.isEmpty()) {
          return Optional.empty();
        }
        List<Meaning> allowing =
            wider.stream().filter(other -> isNamed(other, because.get())).toList();
        by.addAll(allowing.isEmpty() ? List.of(isolating.get()) : allowing);
      }
    }
    return Optional.of(List.copyOf(by));
  }

  private static boolean isNamed(Meaning policy, List<Place> places) {
    return policy.rules().stream().anyMatch(rule -> places.contains(rule.place()));
  }

  /** The places of the rules that allow all that a policy allows. */
  private static Optional<List<Place>> allowing(
      List<Meaning> wider, Meaning policy, Direction direction, Connectivity connectivity) {
    if (policy.rules(direction).isEmpty()) {
      return Optional.of(List.of());
    }
    List<Traffic> left = new ArrayList<>();
    left.add(policy.allowedByRules(direction));
    for (Meaning other : wider) {
      for (RuleMeaning rule : other.rules(direction)) {
        left.add(new Traffic.Not(new Traffic.Written(rule.place(), rule.allowed())));
      }
    }
    return left.size() == 1
        ? Optional.empty()
        : connectivity.proveImpossible(left, policy.place()).map(Proved::because);
  }
}
