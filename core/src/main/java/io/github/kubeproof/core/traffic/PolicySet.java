package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The policies that decide about the pods of one namespace, for those who claim that something is
 * blocked.
 *
 * @param certain those that are deployed together for sure
 * @param possible those that may join them; what they allow counts, what they isolate does not
 */
public record PolicySet(String namespace, List<Meaning> certain, List<Meaning> possible) {

  public PolicySet {
    certain = List.copyOf(certain);
    possible = List.copyOf(possible);
  }

  /**
   * The policies of a member's namespace in an alternative.
   *
   * @return empty where nobody can say what is blocked: a policy is refused by the API server, was
   *     not understood or is patched by a kustomization, or objects other than NetworkPolicies have
   *     a say: a tier may open what they close
   */
  public static Optional<PolicySet> of(Member member, Alternative alternative) {
    List<Policy> policies =
        alternative.policies().stream()
            .filter(policy -> policy.namespace().equals(member.namespace()))
            .toList();
    Optional<List<Meaning>> certain = meanings(policies);
    if (certain.isEmpty()
        || !alternative.otherPolicies(member.namespace()).isEmpty()
        || !alternative.tierPolicies().isEmpty()) {
      return Optional.empty();
    }
    if (certain.get().isEmpty()) {
      return Optional.of(new PolicySet(member.namespace(), List.of(), List.of()));
    }
    return meanings(member.cluster().world().policiesThatMayJoin(member, alternative))
        .map(possible -> new PolicySet(member.namespace(), certain.get(), possible));
  }

  private static Optional<List<Meaning>> meanings(List<Policy> policies) {
    List<Meaning> meanings = new ArrayList<>();
    for (Policy policy : policies) {
      boolean readable =
          policy.resource().isUnderstood() && policy.cluster().world().patchesOf(policy).isEmpty();
      Optional<Meaning> meaning = readable ? PolicySemantics.of(policy) : Optional.empty();
      if (meaning.isEmpty()) {
        return Optional.empty();
      }
      meanings.add(meaning.get());
    }
    return Optional.of(meanings);
  }

  /** The flows that may get through in one direction. */
  public Traffic allowed(Direction direction) {
    List<Traffic> allowed = new ArrayList<>();
    allowed.add(Enforcement.of(certain).allowed(direction));
    for (Meaning policy : possible) {
      if (!policy.rules(direction).isEmpty()) {
        allowed.add(policy.allowedByRules(direction));
      }
    }
    return Traffic.anyOf(allowed);
  }

  /** Those that surely isolate the pods of a workload in a direction. */
  public List<Meaning> isolating(Workload workload, Direction direction) {
    return certain.stream()
        .filter(policy -> policy.isolates(direction) && workload.matches(policy.selector()))
        .toList();
  }
}
