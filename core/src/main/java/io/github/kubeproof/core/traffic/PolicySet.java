package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The policies that decide about the pods of one namespace, for those who claim that something is
 * blocked.
 *
 * @param certain those that are deployed together for sure
 * @param possible those that may join them; what they allow counts, what they isolate does not
 * @param tiers those of the tiers, deployed together with the others for sure
 */
public record PolicySet(
    String namespace, List<Meaning> certain, List<Meaning> possible, List<TierMeaning> tiers) {

  public PolicySet {
    certain = List.copyOf(certain);
    possible = List.copyOf(possible);
    tiers = List.copyOf(tiers);
  }

  /**
   * The policies of a member's namespace in an alternative.
   *
   * @return empty where nobody can say what is blocked: a policy is refused by the API server, was
   *     not understood or is patched by a kustomization, a policy of a tier stands in another unit
   *     and may open what the others close, or objects that nothing here knows have a say
   */
  public static Optional<PolicySet> of(Member member, Alternative alternative) {
    List<Policy> policies =
        alternative.policies().stream()
            .filter(policy -> policy.namespace().equals(member.namespace()))
            .toList();
    Optional<List<Meaning>> certain = meanings(policies);
    Optional<List<TierMeaning>> tiers = tiers(member, alternative);
    if (certain.isEmpty()
        || tiers.isEmpty()
        || !alternative.otherPolicies(member.namespace()).isEmpty()) {
      return Optional.empty();
    }
    if (certain.get().isEmpty() && tiers.get().isEmpty()) {
      return Optional.of(new PolicySet(member.namespace(), List.of(), List.of(), List.of()));
    }
    return meanings(member.cluster().world().policiesThatMayJoin(member, alternative))
        .map(possible -> new PolicySet(member.namespace(), certain.get(), possible, tiers.get()));
  }

  /** A pod or a host of whose address nothing is known. */
  private static final Endpoint UNADDRESSED = new Endpoint.Host("", List.of());

  private static Optional<List<TierMeaning>> tiers(Member member, Alternative alternative) {
    Enforcement tiers =
        Enforcement.of(
            List.of(), alternative.tierPolicies(), List.of(), PolicySemantics.Blocks.OUTSIDE_ONLY);
    boolean certain =
        tiers.gaps().isEmpty()
            && alternative.tierPolicies().stream()
                .allMatch(
                    policy ->
                        policy.cluster().equals(member.cluster())
                            && policy.resource().isUnderstood()
                            && policy.rules().stream()
                                .allMatch(rule -> TierSemantics.isSureOf(rule, UNADDRESSED)));
    return certain ? Optional.of(tiers.tiers()) : Optional.empty();
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

  public boolean hasTiers() {
    return !tiers.isEmpty();
  }

  /** The flows that may get through in one direction. */
  public Traffic allowed(Direction direction) {
    return new Enforcement(certain, tiers, List.of(), List.of()).allowed(direction, possible);
  }

  /**
   * What of it can matter for some pods of the namespace: with one of them at the guarded end of a
   * direction, both say the same.
   */
  public PolicySet about(List<Pod> pods) {
    return new PolicySet(
        namespace,
        selecting(certain, pods),
        selecting(possible, pods),
        tiers.stream()
            .filter(
                policy ->
                    pods.stream()
                        .anyMatch(
                            pod ->
                                policy
                                    .policy()
                                    .subject()
                                    .matches(pod.namespaceLabels(), pod.labels())))
            .toList());
  }

  private static List<Meaning> selecting(List<Meaning> policies, List<Pod> pods) {
    return policies.stream()
        .filter(policy -> pods.stream().anyMatch(pod -> policy.selector().matches(pod.labels())))
        .toList();
  }

  /** Those that surely isolate the pods of a workload in a direction. */
  public List<Meaning> isolating(Workload workload, Direction direction) {
    return certain.stream()
        .filter(policy -> policy.isolates(direction) && workload.matches(policy.selector()))
        .toList();
  }
}
