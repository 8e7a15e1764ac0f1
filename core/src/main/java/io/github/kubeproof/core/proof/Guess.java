package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes up a flow from what a set asks for. Most sets that rules ask about hold one that can be
 * guessed, and {@link FlowEvaluator} tells whether a guess is right a hundred times faster than the
 * solver finds a flow; where no guess is right, the solver is asked.
 *
 * <p>What is guessed could exist in a {@link Universe}: any pod has one address, and a known
 * namespace has its labels.
 */
final class Guess implements Traffic.Visitor<Guess> {

  /** How many flows are tried; each takes another part of every union. */
  private static final int MOST = 8;

  private static final Address OF_PODS = Address.of("10.255.255.254");
  private static final Address OF_OTHERS = Address.of("203.0.113.1");

  /** What is asked of one end. */
  private static final class Asked {
    private @Nullable Endpoint known;
    private @Nullable Address address;
    private boolean pod;
    private String namespace = "";
    private final Map<String, String> namespaceLabels = new HashMap<>();
    private final Map<String, String> labels = new HashMap<>();
  }

  private final int attempt;
  private boolean alternatives;
  private final Asked from = new Asked();
  private final Asked to = new Asked();
  private final Set<PortName> portNames = new HashSet<>();
  private Protocol protocol = Protocol.TCP;
  private int port = 1;

  private Guess(int attempt) {
    this.attempt = attempt;
  }

  /**
   * A flow that is in all of some sets, for a world in which any pod may exist; empty when none was
   * guessed, which says nothing.
   *
   * @param namespaceLabels all labels of a namespace; empty when they are not known
   */
  static Optional<Flow> in(
      List<Traffic> sets, Function<String, Optional<Map<String, String>>> namespaceLabels) {
    for (int attempt = 0; attempt < MOST; attempt++) {
      Guess guess = new Guess(attempt);
      sets.forEach(set -> set.accept(guess));
      Optional<Flow> flow = guess.flow(namespaceLabels);
      if (flow.isPresent()
          && sets.stream().allMatch(set -> FlowEvaluator.contains(set, flow.get()))) {
        return flow;
      }
      if (!guess.alternatives) {
        break;
      }
    }
    return Optional.empty();
  }

  private Optional<Flow> flow(Function<String, Optional<Map<String, String>>> namespaceLabels) {
    Optional<Endpoint> source = endpoint(from, 0, namespaceLabels);
    Optional<Endpoint> target = endpoint(to, 1, namespaceLabels);
    if (source.isEmpty() || target.isEmpty() || contradict(source.get(), target.get())) {
      return Optional.empty();
    }
    return Optional.of(new Flow(source.get(), target.get(), protocol, port));
  }

  /** One namespace has one set of labels, and a pod without replicas talks to others only. */
  private static boolean contradict(Endpoint source, Endpoint target) {
    return source instanceof Pod one
        && target instanceof Pod other
        && ((!one.namespace().isEmpty()
                && one.namespace().equals(other.namespace())
                && !one.namespaceLabels().equals(other.namespaceLabels()))
            || (one.replica() == Pod.ONLY && one.id().equals(other.id())));
  }

  private Optional<Endpoint> endpoint(
      Asked asked, int replica, Function<String, Optional<Map<String, String>>> namespaceLabels) {
    if (asked.known instanceof Pod pod) {
      return Optional.of(pod.withReplica(replica));
    }
    if (asked.known != null) {
      return Optional.of(asked.known);
    }
    Address address = asked.address != null ? asked.address : asked.pod ? OF_PODS : OF_OTHERS;
    if (!asked.pod) {
      return Optional.of(new Outside(address));
    }
    String name =
        asked.namespace.isEmpty()
            ? asked.namespaceLabels.getOrDefault(World.NAMESPACE_NAME, "")
            : asked.namespace;
    Map<String, String> ofNamespace = new HashMap<>(asked.namespaceLabels);
    ofNamespace.put(World.NAMESPACE_NAME, name.isEmpty() ? "other" : name);
    Optional<Map<String, String>> known = namespaceLabels.apply(name.isEmpty() ? "other" : name);
    if (known.isPresent() && name.isEmpty()) {
      return Optional.empty();
    }
    Map<PortName, Integer> ports = new HashMap<>();
    portNames.forEach(portName -> ports.put(portName, port));
    return Optional.of(
        new Pod(
            "a pod",
            replica,
            name,
            known.orElse(ofNamespace),
            asked.labels,
            ports,
            List.of(address)));
  }

  private Asked at(End end) {
    return end == End.FROM ? from : to;
  }

  private Asked podAt(End end) {
    Asked asked = at(end);
    asked.pod = true;
    return asked;
  }

  private static void satisfy(Selector selector, Map<String, String> labels) {
    for (Selector.Requirement requirement : selector.requirements()) {
      switch (requirement.operator()) {
        case IN ->
            requirement.values().stream()
                .findFirst()
                .ifPresent(value -> labels.put(requirement.key(), value));
        case EXISTS -> labels.putIfAbsent(requirement.key(), "other");
        case NOT_IN, DOES_NOT_EXIST -> {} // as it is when nothing else is asked
      }
    }
  }

  @Override
  public Guess allOf(Traffic.AllOf traffic) {
    traffic.parts().forEach(part -> part.accept(this));
    return this;
  }

  @Override
  public Guess anyOf(Traffic.AnyOf traffic) {
    int size = traffic.parts().size();
    alternatives |= size > 1;
    return size == 0 ? this : traffic.parts().get(attempt % size).accept(this);
  }

  @Override
  public Guess not(Traffic.Not traffic) {
    Traffic inner = traffic.traffic();
    while (inner instanceof Traffic.Written written) {
      inner = written.traffic();
    }
    return inner instanceof Traffic.Not twice ? twice.traffic().accept(this) : this;
  }

  @Override
  public Guess isPod(Traffic.IsPod traffic) {
    podAt(traffic.end());
    return this;
  }

  @Override
  public Guess isOutside(Traffic.IsOutside traffic) {
    return this; // as it is when nothing else is asked
  }

  @Override
  public Guess isThis(Traffic.IsThis traffic) {
    at(traffic.end()).known = traffic.endpoint();
    return this;
  }

  @Override
  public Guess inNamespace(Traffic.InNamespace traffic) {
    podAt(traffic.end()).namespace = traffic.namespace();
    return this;
  }

  @Override
  public Guess namespaceLabels(Traffic.NamespaceLabels traffic) {
    satisfy(traffic.selector(), podAt(traffic.end()).namespaceLabels);
    return this;
  }

  @Override
  public Guess podLabels(Traffic.PodLabels traffic) {
    satisfy(traffic.selector(), podAt(traffic.end()).labels);
    return this;
  }

  @Override
  public Guess inBlock(Traffic.InBlock traffic) {
    alternatives |= traffic.block().length() < traffic.block().first().bits();
    at(traffic.end()).address = attempt % 2 == 0 ? traffic.block().first() : traffic.block().last();
    return this;
  }

  @Override
  public Guess ports(Traffic.Ports traffic) {
    alternatives |= traffic.first() < traffic.last();
    protocol = traffic.protocol();
    port = attempt % 2 == 0 ? traffic.first() : traffic.last();
    return this;
  }

  @Override
  public Guess namedPort(Traffic.NamedPort traffic) {
    protocol = traffic.name().protocol();
    portNames.add(traffic.name());
    return this;
  }

  @Override
  public Guess toItself(Traffic.ToItself traffic) {
    return this;
  }

  @Override
  public Guess firstMatch(Traffic.FirstMatch traffic) {
    return traffic.otherwise().accept(this);
  }

  @Override
  public Guess written(Traffic.Written traffic) {
    return traffic.traffic().accept(this);
  }
}
