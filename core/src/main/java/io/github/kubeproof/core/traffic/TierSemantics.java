package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.TierPolicy.PortMatch;
import io.github.kubeproof.core.cluster.TierPolicy.Rule;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a policy of a tier means, said as {@link Traffic}.
 *
 * @see "network-policy-api apis/v1alpha1/shared_types.go,
 *     apis/v1alpha2/clusternetworkpolicy_types.go"
 */
public final class TierSemantics {

  /**
   * What one policy says.
   *
   * @param rules in the order in which they are asked
   */
  public record TierMeaning(TierPolicy policy, List<TierRuleMeaning> rules) {
    public TierMeaning {
      rules = List.copyOf(rules);
    }

    public List<TierRuleMeaning> rules(Direction direction) {
      return rules.stream().filter(rule -> rule.rule().direction() == direction).toList();
    }

    /** Flows with a pod that the policy is about at the guarded end of a direction. */
    public Traffic subject(Direction direction) {
      return pods(policy.subject(), End.guarded(direction));
    }

    /** Whether nobody can tell from manifests what one of its rules matches. */
    boolean isOpaque() {
      return rules.stream()
          .flatMap(rule -> rule.rule().peers().stream())
          .anyMatch(TierSemantics::isOpaque);
    }

    /** What a rule does, and where it was written. */
    record Decision(Place place, TierPolicy.Action action) {}

    /** The first rule that matches a flow; empty when none does. */
    Optional<Decision> decides(Direction direction, Flow flow) {
      return rules(direction).stream()
          .filter(rule -> FlowEvaluator.contains(subject(direction).and(rule.matched()), flow))
          .map(rule -> new Decision(rule.rule().place(), rule.rule().action()))
          .findFirst();
    }

    /** The rules of a direction as cases, each with the place where it was written. */
    List<Traffic.Case> cases(Direction direction) {
      return rules(direction).stream()
          .map(
              rule ->
                  new Traffic.Case(
                      new Traffic.Written(
                          rule.rule().place(), subject(direction).and(rule.matched())),
                      rule.rule().action()))
          .toList();
    }
  }

  /**
   * What one rule matches.
   *
   * @param peers flows whose other end is one of the rule's peers
   * @param ports flows to one of the rule's ports
   */
  public record TierRuleMeaning(Rule rule, Traffic peers, Traffic ports) {
    /** The flows it matches to or from the pods that its policy is about. */
    public Traffic matched() {
      return Traffic.allOf(peers, ports);
    }
  }

  private TierSemantics() {}

  /** What a policy says; empty when the API server refuses it. */
  public static Optional<TierMeaning> of(TierPolicy policy) {
    if (policy.isRefused()) {
      return Optional.empty();
    }
    List<TierRuleMeaning> rules = new ArrayList<>();
    for (Rule rule : policy.rules()) {
      End end = End.guarded(rule.direction()).other();
      List<Traffic> peers = new ArrayList<>();
      for (Peer peer : rule.peers()) {
        Optional<Traffic> meaning = peer(peer, end);
        if (meaning.isEmpty()) {
          return Optional.empty();
        }
        peers.add(meaning.get());
      }
      Traffic ports =
          rule.ports().isEmpty()
              ? Traffic.all()
              : Traffic.anyOf(rule.ports().stream().map(TierSemantics::port).toList());
      rules.add(new TierRuleMeaning(rule, Traffic.anyOf(peers), ports));
    }
    return Optional.of(new TierMeaning(policy, rules));
  }

  /** The flows whose end is a peer; empty for a block that the API server refuses. */
  public static Optional<Traffic> peer(Peer peer, End end) {
    if (peer instanceof Peer.Pods pods) {
      return Optional.of(pods(pods, end));
    }
    if (peer instanceof Peer.Networks networks) {
      List<Traffic> blocks = new ArrayList<>();
      for (String text : networks.blocks()) {
        Optional<Cidr> block = Cidr.parse(text);
        if (block.isEmpty()) {
          return Optional.empty();
        }
        // unlike an ipBlock: "cluster-internal traffic will be checked against the rule as well"
        blocks.add(new Traffic.InBlock(end, block.get()));
      }
      return Optional.of(Traffic.anyOf(blocks));
    }
    if (peer instanceof Peer.Nodes nodes && nodes.selector().isEverything()) {
      return Optional.of(
          new Traffic.Not(Traffic.anyOf(new Traffic.IsPod(end), new Traffic.IsOutside(end))));
    }
    // labels of nodes and addresses of names are in no manifest: Enforcement tells of the gap
    return Optional.of(Traffic.none());
  }

  /** Whether nobody can tell from manifests what a peer matches. */
  static boolean isOpaque(Peer peer) {
    return peer instanceof Peer.DomainNames
        || (peer instanceof Peer.Nodes nodes && !nodes.selector().isEverything());
  }

  private static Traffic pods(Peer.Pods pods, End end) {
    return Traffic.allOf(
        new Traffic.NamespaceLabels(end, pods.namespaces()),
        new Traffic.PodLabels(end, pods.pods()));
  }

  private static Traffic port(PortMatch port) {
    if (port instanceof PortMatch.Range range) {
      return range.first() > range.last()
          ? Traffic.none()
          : new Traffic.Ports(range.protocol(), range.first(), range.last());
    }
    String name = ((PortMatch.Named) port).name();
    return Traffic.anyOf(
        Stream.of(Protocol.values())
            .<Traffic>map(protocol -> new Traffic.NamedPort(new PortName(name, protocol)))
            .toList());
  }
}
