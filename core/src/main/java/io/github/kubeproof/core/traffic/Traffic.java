package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.source.Place;
import java.util.List;

/**
 * A set of flows, said in a small language that has several readers: {@link FlowEvaluator} decides
 * one flow, the solver reasons about all that could exist.
 *
 * <p>What speaks of pods holds for pods on the pod network only, never for a {@link Endpoint.Host}
 * or {@link Endpoint.Outside}.
 */
public sealed interface Traffic {

  /** Every flow. */
  static Traffic all() {
    return new AllOf(List.of());
  }

  /** No flow. */
  static Traffic none() {
    return new AnyOf(List.of());
  }

  <R> R accept(Visitor<R> visitor);

  /** Flows that are in every part; all flows when there is none. */
  record AllOf(List<Traffic> parts) implements Traffic {
    public AllOf {
      parts = List.copyOf(parts);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.allOf(this);
    }
  }

  /** Flows that are in some part; no flow when there is none. */
  record AnyOf(List<Traffic> parts) implements Traffic {
    public AnyOf {
      parts = List.copyOf(parts);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.anyOf(this);
    }
  }

  record Not(Traffic traffic) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.not(this);
    }
  }

  /** Flows with a pod at an end. */
  record IsPod(End end) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.isPod(this);
    }
  }

  /** Flows with something outside of the cluster at an end. */
  record IsOutside(End end) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.isOutside(this);
    }
  }

  /**
   * Flows with one certain thing of the cluster at an end: a pod, any of those of its id, or a
   * host.
   */
  record IsThis(End end, Endpoint endpoint) implements Traffic {
    public IsThis {
      if (endpoint instanceof Endpoint.Outside) {
        throw new IllegalArgumentException("say it with InBlock: " + endpoint);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.isThis(this);
    }
  }

  /** Flows with a pod of a namespace at an end. */
  record InNamespace(End end, String namespace) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.inNamespace(this);
    }
  }

  /** Flows with a pod at an end whose namespace has certain labels. */
  record NamespaceLabels(End end, Selector selector) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.namespaceLabels(this);
    }
  }

  /** Flows with a pod at an end that has certain labels. */
  record PodLabels(End end, Selector selector) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.podLabels(this);
    }
  }

  /** Flows with an address of a block at an end, whoever has it. */
  record InBlock(End end, Cidr block) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.inBlock(this);
    }
  }

  /** Flows of a protocol to a port from first to last, both included. */
  record Ports(Protocol protocol, int first, int last) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.ports(this);
    }
  }

  /** Flows to the port that the destination pod declares under a name, with the same protocol. */
  record NamedPort(Endpoint.PortName name) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.namedPort(this);
    }
  }

  /** Flows of a pod to itself. */
  record ToItself() implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.toItself(this);
    }
  }

  /**
   * What an ordered list of cases decides: the first that holds for a flow lets it in or keeps it
   * out of the set, or passes it on, as when no case holds.
   */
  record FirstMatch(List<Case> cases, Traffic otherwise) implements Traffic {
    public FirstMatch {
      cases = List.copyOf(cases);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.firstMatch(this);
    }
  }

  /** One case of a {@link FirstMatch}. */
  record Case(Traffic when, TierPolicy.Action action) {}

  /**
   * The same flows, with the place where somebody wrote them down. Where a proof rests on such a
   * piece keeping flows out, it can name the place.
   */
  record Written(Place place, Traffic traffic) implements Traffic {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.written(this);
    }
  }

  /** A reader of the language. */
  interface Visitor<R> {
    R allOf(AllOf traffic);

    R anyOf(AnyOf traffic);

    R not(Not traffic);

    R isPod(IsPod traffic);

    R isOutside(IsOutside traffic);

    R isThis(IsThis traffic);

    R inNamespace(InNamespace traffic);

    R namespaceLabels(NamespaceLabels traffic);

    R podLabels(PodLabels traffic);

    R inBlock(InBlock traffic);

    R ports(Ports traffic);

    R namedPort(NamedPort traffic);

    R toItself(ToItself traffic);

    R firstMatch(FirstMatch traffic);

    R written(Written traffic);
  }

  static Traffic allOf(Traffic... parts) {
    return parts.length == 1 ? parts[0] : new AllOf(List.of(parts));
  }

  static Traffic allOf(List<Traffic> parts) {
    return parts.size() == 1 ? parts.get(0) : new AllOf(parts);
  }

  static Traffic anyOf(Traffic... parts) {
    return parts.length == 1 ? parts[0] : new AnyOf(List.of(parts));
  }

  static Traffic anyOf(List<Traffic> parts) {
    return parts.size() == 1 ? parts.get(0) : new AnyOf(parts);
  }

  default Traffic and(Traffic other) {
    return allOf(this, other);
  }

  default Traffic without(Traffic other) {
    return allOf(this, new Not(other));
  }
}
