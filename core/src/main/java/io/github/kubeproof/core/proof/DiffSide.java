package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.proof.TrafficDiff.State;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One side of a comparison: what is deployed, cut into the parts that decide about some pods. */
final class DiffSide {

  private final State state;
  private final Map<String, Map<String, String>> namespaces;
  private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
  private final Map<String, List<Meaning>> policies = new HashMap<>();
  private final Map<Direction, Traffic> written = new EnumMap<>(Direction.class);
  private final Map<Direction, Traffic> read = new EnumMap<>(Direction.class);
  private Rewriting perspective = Rewriting.WITHOUT_PLACES;

  /**
   * @param namespaces the labels of those that either side defines
   */
  DiffSide(State state, Map<String, Map<String, String>> namespaces) {
    this.state = state;
    this.namespaces = namespaces;
    for (Workload workload : state.inventory().workloads()) {
      endpoints.put(state.inventory().idOf(workload), Population.any(workload, state.inventory()));
    }
    state.enforcement().policies().stream()
        .sorted(Comparator.comparing(policy -> policy.policy().qualifiedName()))
        .forEach(
            policy ->
                policies
                    .computeIfAbsent(policy.policy().namespace(), n -> new ArrayList<>())
                    .add(policy));
  }

  void seenFrom(Perspective value) {
    perspective = value;
  }

  State state() {
    return state;
  }

  /** The workloads of this side by their names. */
  Map<String, Endpoint> endpoints() {
    return endpoints;
  }

  /** What can matter for pods of a namespace. */
  Enforcement inNamespace(String name) {
    return new Enforcement(
        policies.getOrDefault(name, List.of()),
        state.enforcement().tiers().stream()
            .filter(tier -> mayPick(tier.policy().subject().namespaces(), name))
            .toList(),
        networksOf(name),
        List.of());
  }

  /** What can matter for pods of namespaces without policies of their own. */
  Enforcement elsewhere() {
    return state.enforcement().with(List.of());
  }

  private List<Network> networksOf(String namespace) {
    return state.enforcement().networks().stream()
        .filter(network -> mayPick(network.namespaces(), namespace))
        .toList();
  }

  /** What can matter for the pods of a workload. */
  Enforcement about(String workload) {
    if (!(endpoints.get(workload) instanceof Pod pod)) {
      return Enforcement.of(List.of());
    }
    List<TierMeaning> tiers = new ArrayList<>();
    for (TierMeaning tier : state.enforcement().tiers()) {
      Peer.Pods subject = tier.policy().subject();
      if (mayPick(subject.namespaces(), pod.namespace()) && subject.pods().matches(pod.labels())) {
        tiers.add(tier);
      }
    }
    return new Enforcement(
        policies.getOrDefault(pod.namespace(), List.of()).stream()
            .filter(policy -> policy.selector().matches(pod.labels()))
            .toList(),
        tiers,
        networksOf(pod.namespace()),
        List.of());
  }

  /** Whether a selector of namespaces may pick one, of which perhaps just the name is known. */
  boolean mayPick(Selector selector, String name) {
    Map<String, String> labels = labels(name);
    for (Requirement requirement : selector.requirements()) {
      boolean known = labels != null || requirement.key().equals(World.NAMESPACE_NAME);
      Map<String, String> having = labels == null ? Map.of(World.NAMESPACE_NAME, name) : labels;
      if (known && !requirement.matches(having)) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("NullAway")
  private Map<String, String> labels(String namespace) {
    Map<String, String> own = state.inventory().namespaces().get(namespace);
    return own == null ? namespaces.get(namespace) : own;
  }

  /** What a part of it lets through at one end, in the words of both sides. */
  Traffic allowed(Enforcement part, Direction direction) {
    return part.allowed(direction).accept(perspective);
  }

  /** What all of it lets through at one end, in the words of both sides. */
  Traffic allowed(Direction direction) {
    return read.computeIfAbsent(direction, d -> allowed(state.enforcement(), d));
  }

  /** Whether this side lets a flow through at one end; read plainly, with its own descriptions. */
  boolean lets(Flow flow, Direction direction) {
    Traffic all = written.computeIfAbsent(direction, state.enforcement()::allowed);
    return FlowEvaluator.contains(all, seen(flow));
  }

  /** The lines that decide about a flow at one end. */
  List<Place> decides(Flow flow, Direction direction) {
    return state.enforcement().decides(direction, seen(flow)).stream().toList();
  }

  private Flow seen(Flow flow) {
    return new Flow(seen(flow.from()), seen(flow.to()), flow.protocol(), flow.port());
  }

  private Endpoint seen(Endpoint shown) {
    if (!(shown instanceof Pod pod)) {
      return shown;
    }
    Endpoint known = endpoints.get(pod.id());
    if (known != null && !(known instanceof Pod)) {
      return known;
    }
    Pod own = known instanceof Pod one ? one : pod;
    Map<String, String> defined = state.inventory().namespaces().get(pod.namespace());
    return new Pod(
        own.id(),
        pod.replica(),
        own.namespace(),
        defined == null ? pod.namespaceLabels() : defined,
        own.labels(),
        own.ports(),
        own.addresses().isEmpty() ? pod.addresses() : own.addresses(),
        own.ranges());
  }
}
