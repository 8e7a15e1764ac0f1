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
import java.util.Set;
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

    /** What a rule does, and where it was written. */
    public record Decision(Place place, TierPolicy.Action action) {}

    /** The first rule that matches a flow; empty when none does. */
    public Optional<Decision> decides(Direction direction, Flow flow) {
      return rules(direction).stream()
          .filter(rule -> FlowEvaluator.contains(subject(direction).and(rule.matched()), flow))
          .map(rule -> new Decision(rule.rule().place(), rule.rule().action()))
          .findFirst();
    }

    /** The rules of a direction as cases, each with the place where it was written. */
    public List<Traffic.Case> cases(Direction direction) {
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

  /**
   * The flows about which the first rule that matches does one of some things.
   *
   * @param policies of one tier, in the order in which they are asked
   */
  public static Traffic decided(
      List<TierMeaning> policies, Direction direction, Set<TierPolicy.Action> actions) {
    List<Traffic.Case> cases = new ArrayList<>();
    for (TierMeaning policy : policies) {
      for (Traffic.Case one : policy.cases(direction)) {
        boolean wanted = actions.contains(one.action());
        cases.add(
            new Traffic.Case(
                one.when(), wanted ? TierPolicy.Action.ALLOW : TierPolicy.Action.DENY));
      }
    }
    return new Traffic.FirstMatch(cases, Traffic.none());
  }

  /** Whether manifests show all that a rule matches: no nodes by labels, and no names. */
  public static boolean isCertain(Rule rule) {
    return gaps(rule).isEmpty();
  }

  /** What a policy says; empty when the API server refuses it. */
  public static Optional<TierMeaning> of(TierPolicy policy) {
    if (policy.isRefused()) {
      return Optional.empty();
    }
    List<TierRuleMeaning> rules = new ArrayList<>();
    for (Rule rule : policy.rules()) {
      End end = End.guarded(rule.direction()).other();
      List<Traffic> peers = new ArrayList<>();
      for (Peer peer : joined(rule.peers())) {
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

  /** The same peers, with all blocks in one: so two halves of all addresses are all of them. */
  private static List<Peer> joined(List<Peer> peers) {
    List<Peer> joined = new ArrayList<>();
    List<String> blocks = new ArrayList<>();
    for (Peer peer : peers) {
      if (peer instanceof Peer.Networks networks) {
        blocks.addAll(networks.blocks());
      } else {
        joined.add(peer);
      }
    }
    if (!blocks.isEmpty()) {
      joined.add(new Peer.Networks(blocks));
    }
    return joined;
  }

  /** The flows whose end is a peer; empty for a block that the API server refuses. */
  public static Optional<Traffic> peer(Peer peer, End end) {
    if (peer instanceof Peer.Pods pods) {
      return Optional.of(pods(pods, end));
    }
    if (peer instanceof Peer.Networks networks) {
      // unlike an ipBlock: "cluster-internal traffic will be checked against the rule as well"
      return blocks(networks)
          .map(
              blocks ->
                  Traffic.anyOf(
                      blocks.stream()
                          .<Traffic>map(block -> new Traffic.InBlock(end, block))
                          .toList()));
    }
    if (peer instanceof Peer.Nodes nodes && nodes.selector().isEverything()) {
      return Optional.of(Endpoints.isNode(end));
    }
    // labels of nodes and addresses of names are in no manifest: Enforcement tells of the gap
    return Optional.of(Traffic.none());
  }

  /** The fewest blocks for the addresses of a peer; empty when the API server refuses one. */
  private static Optional<List<Cidr>> blocks(Peer.Networks networks) {
    List<Cidr> blocks = new ArrayList<>();
    for (String text : networks.blocks()) {
      Optional<Cidr> block = Cidr.parse(text);
      if (block.isEmpty()) {
        return Optional.empty();
      }
      blocks.add(block.get());
    }
    return Optional.of(Cidr.fewest(blocks));
  }

  /** What of a rule nobody can tell from manifests, each in words that go on from its policy. */
  static List<String> gaps(Rule rule) {
    List<String> gaps = new ArrayList<>();
    if (rule.peers().stream().anyMatch(TierSemantics::isNodesByLabels)) {
      gaps.add("names nodes by labels: no manifest shows which addresses these are");
    }
    if (rule.peers().stream().anyMatch(Peer.DomainNames.class::isInstance)) {
      gaps.add(
          rule.action() == TierPolicy.Action.ALLOW
              ? "names domains: no manifest shows which addresses these are"
              : "names domains in a rule that does not let traffic through, which the API does"
                  + " not support, so nobody knows what it does");
    }
    // v1alpha1: "the End value must be greater than Start", which the API server does not check
    if (rule.ports().stream().anyMatch(TierSemantics::isReversed)) {
      gaps.add("has a range of ports whose end is below its start, so nobody knows what it does");
    }
    return gaps;
  }

  /** The blocks of a rule that the API server takes. */
  static List<Cidr> blocks(Rule rule) {
    List<Cidr> all = new ArrayList<>();
    for (Peer peer : rule.peers()) {
      if (peer instanceof Peer.Networks networks) {
        blocks(networks).ifPresent(all::addAll);
      }
    }
    return all;
  }

  /** Whether it is known for an endpoint which of a rule's blocks hold its address. */
  static boolean isSureOf(Rule rule, Endpoint endpoint) {
    return joined(rule.peers()).stream()
        .allMatch(
            peer ->
                !(peer instanceof Peer.Networks networks)
                    || blocks(networks)
                        .filter(blocks -> endpoint.isSureOf(blocks, List.of()))
                        .isPresent());
  }

  private static boolean isNodesByLabels(Peer peer) {
    return peer instanceof Peer.Nodes nodes && !nodes.selector().isEverything();
  }

  private static boolean isReversed(PortMatch port) {
    return port instanceof PortMatch.Range range && range.first() > range.last();
  }

  /** The flows with one of some pods at an end. */
  static Traffic pods(Peer.Pods pods, End end) {
    return Traffic.allOf(
        new Traffic.NamespaceLabels(end, pods.namespaces()),
        new Traffic.PodLabels(end, pods.pods()));
  }

  private static Traffic port(PortMatch port) {
    if (port instanceof PortMatch.Range range) {
      return isReversed(range)
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
