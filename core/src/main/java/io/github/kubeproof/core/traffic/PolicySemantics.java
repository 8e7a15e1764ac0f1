package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Policy.Rule;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1IPBlock;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a NetworkPolicy means, said as {@link Traffic}. This is the only place that knows; {@link
 * TierSemantics} knows the tiers around it, {@link Enforcement} what they do together, and
 * everything that answers questions reads what these say.
 *
 * @see "k8s.io/api networking/v1 types.go; pkg/apis/networking/v1/defaults.go"
 */
public final class PolicySemantics {

  /**
   * What one policy says.
   *
   * @param isolatesIngress whether the pods it selects accept only what some policy allows
   * @param rules those that count: rules of a direction that policyTypes leaves out are ignored by
   *     the cluster
   * @param blocks what its ipBlocks match
   */
  public record Meaning(
      Policy policy,
      Place place,
      Selector selector,
      boolean isolatesIngress,
      boolean isolatesEgress,
      List<RuleMeaning> rules,
      Blocks blocks) {

    public boolean isolates(Direction direction) {
      return direction == Direction.INGRESS ? isolatesIngress : isolatesEgress;
    }

    public List<RuleMeaning> rules(Direction direction) {
      return rules.stream().filter(rule -> rule.rule().direction() == direction).toList();
    }

    /** Flows with a pod that the policy selects at the guarded end of a direction. */
    public Traffic subject(Direction direction) {
      End end = End.guarded(direction);
      return Traffic.allOf(
          new Traffic.InNamespace(end, policy.namespace()), new Traffic.PodLabels(end, selector));
    }

    /**
     * A part of the subject in which a witness is looked for: the pods of one workload of the unit
     * where it selects one, because people know it; otherwise all of it.
     */
    public Traffic sample(Direction direction) {
      for (Workload workload : policy.cluster().workloads()) {
        if (workload.namespace().equals(policy.namespace()) && workload.matches(selector)) {
          Optional<Endpoint.Pod> pod = Endpoints.of(workload).asPod();
          if (pod.isPresent()) {
            return new Traffic.IsThis(End.guarded(direction), pod.get());
          }
        }
      }
      return subject(direction);
    }

    /** The flows of its subject that some rule of a direction allows. */
    public Traffic allowedByRules(Direction direction) {
      List<Traffic> rules = rules(direction).stream().map(RuleMeaning::allowed).toList();
      return Traffic.allOf(subject(direction), Traffic.anyOf(rules));
    }
  }

  /**
   * What one rule allows.
   *
   * @param peers flows whose other end is one of the rule's peers
   * @param ports flows to one of the rule's ports
   */
  public record RuleMeaning(Rule rule, Place place, Traffic peers, Traffic ports) {

    /** The flows it allows to or from the pods that its policy selects. */
    public Traffic allowed() {
      return Traffic.allOf(peers, ports);
    }
  }

  /** What was made of a policy, once. */
  private record Read(Optional<Meaning> meaning) {}

  private PolicySemantics() {}

  /** Whether an ipBlock matches the addresses of pods, which the API leaves to the plugin. */
  public enum Blocks {
    /** As the API intends blocks: for what is outside of the cluster. */
    OUTSIDE_ONLY,
    /** Whatever has an address in the block. */
    PODS_TOO
  }

  /**
   * What a policy says, when blocks are for the outside; empty when the API server refuses it, so
   * that it never takes effect.
   */
  public static Optional<Meaning> of(Policy policy) {
    return policy.once(Read.class, () -> new Read(read(policy, Blocks.OUTSIDE_ONLY))).meaning();
  }

  /** What a policy says; empty when the API server refuses it, so that it never takes effect. */
  public static Optional<Meaning> of(Policy policy, Blocks blocks) {
    return blocks == Blocks.OUTSIDE_ONLY ? of(policy) : read(policy, blocks);
  }

  private static Optional<Meaning> read(Policy policy, Blocks blocks) {
    Optional<Selector> selector = policy.podSelector().filter(Selector::isLegal);
    if (selector.isEmpty() || !policy.hasLegalTypes()) {
      return Optional.empty();
    }
    List<RuleMeaning> rules = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      for (Rule rule : policy.rules(direction)) {
        Optional<RuleMeaning> meaning = of(rule, blocks);
        if (meaning.isEmpty()) {
          return Optional.empty();
        }
        if (policy.isolates(direction)) {
          rules.add(meaning.get());
        }
      }
    }
    return Optional.of(
        new Meaning(
            policy,
            policy.resource().place().then("spec", "podSelector"),
            selector.get(),
            policy.isolates(Direction.INGRESS),
            policy.isolates(Direction.EGRESS),
            List.copyOf(rules),
            blocks));
  }

  /**
   * What a rule allows, whether or not policyTypes counts it; empty when the API server refuses it.
   */
  public static Optional<RuleMeaning> of(Rule rule) {
    return of(rule, Blocks.OUTSIDE_ONLY);
  }

  private static Optional<RuleMeaning> of(Rule rule, Blocks blocks) {
    End peerEnd = End.guarded(rule.direction()).other();
    List<Traffic> peers = new ArrayList<>();
    List<Cidr> whole = new ArrayList<>();
    for (V1NetworkPolicyPeer peer : rule.peers()) {
      Optional<Traffic> meaning = peer(peer, peerEnd, rule.policy().namespace(), blocks);
      if (meaning.isEmpty()) {
        return Optional.empty();
      }
      if (isWholeBlock(peer)) {
        Cidr.parse(peer.getIpBlock().getCidr()).ifPresent(whole::add);
      } else {
        peers.add(meaning.get());
      }
    }
    // two halves of all addresses are all of them
    Cidr.fewest(whole).forEach(block -> peers.add(block(block, peerEnd, blocks)));
    List<Traffic> ports = new ArrayList<>();
    for (V1NetworkPolicyPort port : rule.ports()) {
      Optional<Traffic> meaning = port(port);
      if (meaning.isEmpty()) {
        return Optional.empty();
      }
      ports.add(meaning.get());
    }
    Place place =
        rule.policy().resource().place().then("spec", rule.direction().key(), rule.index());
    return Optional.of(
        new RuleMeaning(
            rule,
            place,
            rule.peers().isEmpty() ? Traffic.all() : Traffic.anyOf(peers),
            rule.ports().isEmpty() ? Traffic.all() : Traffic.anyOf(ports)));
  }

  private static boolean isWholeBlock(V1NetworkPolicyPeer peer) {
    return peer.getIpBlock() != null && Lists.orEmpty(peer.getIpBlock().getExcept()).isEmpty();
  }

  /** The blocks of a rule that the API server takes, and the exceptions from them. */
  static List<Cidr> blocks(Rule rule) {
    List<Cidr> blocks = new ArrayList<>();
    for (V1NetworkPolicyPeer peer : rule.peers()) {
      if (peer.getIpBlock() != null) {
        blocks.add(Cidr.of(peer.getIpBlock().getCidr()));
        Lists.orEmpty(peer.getIpBlock().getExcept()).forEach(except -> blocks.add(Cidr.of(except)));
      }
    }
    return blocks;
  }

  /**
   * Whether it is known for an endpoint which of a rule's blocks hold its address.
   *
   * @param rule one that the API server takes
   */
  static boolean isSureOf(Rule rule, Endpoint endpoint) {
    List<Cidr> whole = new ArrayList<>();
    List<Cidr> others = new ArrayList<>();
    for (V1NetworkPolicyPeer peer : rule.peers()) {
      if (peer.getIpBlock() != null) {
        (isWholeBlock(peer) ? whole : others).add(Cidr.of(peer.getIpBlock().getCidr()));
        Lists.orEmpty(peer.getIpBlock().getExcept()).forEach(except -> others.add(Cidr.of(except)));
      }
    }
    return endpoint.isSureOf(Cidr.fewest(whole), others);
  }

  /** The flows whose end is a peer; empty when the API server refuses the peer. */
  public static Optional<Traffic> peer(V1NetworkPolicyPeer peer, End end, String policyNamespace) {
    return peer(peer, end, policyNamespace, Blocks.OUTSIDE_ONLY);
  }

  private static Optional<Traffic> peer(
      V1NetworkPolicyPeer peer, End end, String policyNamespace, Blocks blocks) {
    V1IPBlock block = peer.getIpBlock();
    if (block != null) {
      boolean alone = peer.getPodSelector() == null && peer.getNamespaceSelector() == null;
      return alone ? block(block, end, blocks) : Optional.empty();
    }
    if (peer.getPodSelector() == null && peer.getNamespaceSelector() == null) {
      return Optional.empty();
    }
    Optional<Selector> pods = Selector.of(peer.getPodSelector()).filter(Selector::isLegal);
    Optional<Selector> namespaces =
        Selector.of(peer.getNamespaceSelector()).filter(Selector::isLegal);
    if (pods.isEmpty() || namespaces.isEmpty()) {
      return Optional.empty();
    }
    // a podSelector alone means the policy's own namespace; an empty namespaceSelector means every
    // namespace
    Traffic inNamespace =
        peer.getNamespaceSelector() == null
            ? new Traffic.InNamespace(end, policyNamespace)
            : new Traffic.NamespaceLabels(end, namespaces.get());
    return Optional.of(Traffic.allOf(inNamespace, new Traffic.PodLabels(end, pods.get())));
  }

  /**
   * The flows whose end has an address of a block and of none of its exceptions; empty when the API
   * server refuses it.
   */
  public static Optional<Traffic> block(V1IPBlock block, End end) {
    return block(block, end, Blocks.OUTSIDE_ONLY);
  }

  private static Optional<Traffic> block(V1IPBlock block, End end, Blocks blocks) {
    Optional<Cidr> cidr = Optional.ofNullable(block.getCidr()).flatMap(Cidr::parse);
    if (cidr.isEmpty()) {
      return Optional.empty();
    }
    List<Traffic> parts = new ArrayList<>(List.of(block(cidr.get(), end, blocks)));
    for (String text : Lists.orEmpty(block.getExcept())) {
      Optional<Cidr> except = Optional.ofNullable(text).flatMap(Cidr::parse);
      // validation.go, ValidateIPBlock: an exception must be strictly inside the block
      boolean inside =
          except.isPresent()
              && cidr.get().contains(except.get())
              && except.get().length() > cidr.get().length();
      if (!inside) {
        return Optional.empty();
      }
      parts.add(new Traffic.Not(new Traffic.InBlock(end, except.get())));
    }
    return Optional.of(Traffic.allOf(parts));
  }

  private static Traffic block(Cidr block, End end, Blocks blocks) {
    Traffic inBlock = new Traffic.InBlock(end, block);
    return blocks == Blocks.OUTSIDE_ONLY
        ? Traffic.allOf(new Traffic.Not(new Traffic.IsPod(end)), inBlock)
        : inBlock;
  }

  /** The flows to a port; empty when the API server refuses it. */
  public static Optional<Traffic> port(V1NetworkPolicyPort port) {
    Optional<Protocol> protocol = Protocol.of(port.getProtocol());
    if (protocol.isEmpty()) {
      return Optional.empty();
    }
    IntOrString number = port.getPort();
    Integer endPort = port.getEndPort();
    if (number == null) {
      return endPort == null
          ? Optional.of(new Traffic.Ports(protocol.get(), 1, 65535))
          : Optional.empty();
    }
    if (!number.isInteger()) {
      return endPort == null && Names.flawOfPort(number.getStrValue()).isEmpty()
          ? Optional.of(new Traffic.NamedPort(new PortName(number.getStrValue(), protocol.get())))
          : Optional.empty();
    }
    int first = number.getIntValue();
    int last = endPort == null ? first : endPort;
    boolean valid = first >= 1 && last <= 65535 && first <= last;
    return valid ? Optional.of(new Traffic.Ports(protocol.get(), first, last)) : Optional.empty();
  }
}
