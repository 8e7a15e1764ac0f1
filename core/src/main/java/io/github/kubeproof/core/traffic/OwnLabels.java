package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where policies pick pods by labels that controllers give to each of them, such as the name of a
 * pod of a StatefulSet: the pods of one workload then differ, and manifests do not show how.
 */
final class OwnLabels {

  private final Inventory inventory;
  private final List<Workload> workloads;
  private final List<Gap> gaps = new ArrayList<>();

  private OwnLabels(Inventory inventory) {
    this.inventory = inventory;
    this.workloads =
        inventory.workloads().stream().filter(one -> !one.unknownLabels().isEmpty()).toList();
  }

  static List<Gap> gaps(Enforcement enforcement, Inventory inventory) {
    OwnLabels labels = new OwnLabels(inventory);
    enforcement.policies().forEach(labels::add);
    enforcement.tiers().forEach(labels::add);
    return labels.gaps;
  }

  private void add(Meaning policy) {
    Selector namespace = Selector.ofNamespace(policy.policy().namespace());
    Peer.Pods subject = new Peer.Pods(namespace, policy.selector());
    addSubject(
        policy.policy().toString(),
        policy.place(),
        subject,
        Stream.of(Direction.values()).filter(policy::isolates).toList());
    for (RuleMeaning rule : policy.rules()) {
      for (V1NetworkPolicyPeer peer : rule.rule().peers()) {
        if (peer.getPodSelector() != null) {
          Selector namespaces =
              peer.getNamespaceSelector() == null
                  ? namespace
                  : Selector.of(peer.getNamespaceSelector()).orElseThrow();
          Peer.Pods pods =
              new Peer.Pods(namespaces, Selector.of(peer.getPodSelector()).orElseThrow());
          addPeer(policy.policy().toString(), rule.place(), subject, pods, rule.rule().direction());
        }
      }
    }
  }

  private void add(TierMeaning policy) {
    Peer.Pods subject = policy.policy().subject();
    String name = policy.policy().toString();
    addSubject(
        name,
        policy.policy().resource().place(),
        subject,
        Stream.of(Direction.values())
            .filter(direction -> !policy.rules(direction).isEmpty())
            .toList());
    for (TierPolicy.Rule rule : policy.policy().rules()) {
      for (Peer peer : rule.peers()) {
        if (peer instanceof Peer.Pods pods) {
          addPeer(name, rule.place(), subject, pods, rule.direction());
        }
      }
    }
  }

  private void addSubject(
      String policy, Place place, Peer.Pods subject, List<Direction> directions) {
    for (Workload workload : open(subject)) {
      for (Requirement requirement : subject.pods().requirements()) {
        if (workload.unknownLabels().contains(requirement.key())) {
          Peer.Pods pods = unknown(workload, requirement.key());
          List<Traffic> among = new ArrayList<>();
          directions.forEach(
              direction -> among.add(TierSemantics.pods(pods, End.guarded(direction))));
          gaps.add(new Gap(place, why(policy, workload), pods, Traffic.anyOf(among)));
        }
      }
    }
  }

  /** The pods of a workload of which it is not known what label the controller gives them. */
  private static Peer.Pods unknown(Workload workload, String key) {
    List<Requirement> requirements =
        new ArrayList<>(Selector.ofLabels(workload.labels()).requirements());
    requirements.add(new Requirement(key, Selector.Operator.IN, List.of(Population.SOME_VALUE)));
    return new Peer.Pods(Selector.ofNamespace(workload.namespace()), new Selector(requirements));
  }

  private void addPeer(
      String policy, Place place, Peer.Pods subject, Peer.Pods peer, Direction direction) {
    End guarded = End.guarded(direction);
    for (Workload workload : open(peer)) {
      Traffic among =
          TierSemantics.pods(subject, guarded)
              .and(new Traffic.IsThis(guarded.other(), Population.any(workload, inventory)));
      gaps.add(new Gap(place, why(policy, workload), subject, among));
    }
  }

  private List<Workload> open(Peer.Pods pods) {
    boolean byControllers =
        pods.pods().requirements().stream()
            .anyMatch(requirement -> Workload.isMadeByControllers(requirement.key()));
    return byControllers
        ? workloads.stream()
            .filter(workload -> workload.leavesOpen(pods.pods()))
            .filter(
                workload ->
                    pods.namespaces().matches(inventory.namespaceLabels(workload.namespace())))
            .toList()
        : List.of();
  }

  private static String why(String policy, Workload workload) {
    return policy
        + " picks pods by a label that a controller gives them, so it may be about some of "
        + workload
        + " only";
  }
}
