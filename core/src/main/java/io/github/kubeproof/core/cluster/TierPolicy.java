package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A policy of a tier before or behind NetworkPolicy: AdminNetworkPolicy and
 * BaselineAdminNetworkPolicy (v1alpha1), ClusterNetworkPolicy (v1alpha2).
 *
 * @param priority the lower, the earlier it is asked; a BaselineAdminNetworkPolicy has none, and
 *     comes last
 * @param subject the pods it is about
 * @param rules in their order
 * @param isRefused whether something in it keeps the API server from taking it, or was not
 *     understood: nobody knows what it does, and it has no rules here
 * @see "network-policy-api apis/v1alpha1 and apis/v1alpha2"
 */
public record TierPolicy(
    Resource resource,
    Cluster cluster,
    Tier tier,
    int priority,
    Peer.Pods subject,
    List<Rule> rules,
    boolean isRefused) {

  /** Behind every priority that the API server takes (0 to 1000). */
  private static final int NO_PRIORITY = 1001;

  /** How many blocks or names the API server takes in a peer. */
  private static final int MOST_STRINGS = 25;

  private static final String GROUP = "policy.networking.k8s.io";

  /**
   * The order in which policies are asked; of two with one priority nobody knows which is asked
   * first (the API leaves it to the implementation), so the name decides here.
   */
  public static final Comparator<TierPolicy> ORDER =
      Comparator.comparing(TierPolicy::tier)
          .thenComparing(TierPolicy::priority)
          .thenComparing(policy -> policy.resource.kind())
          .thenComparing(policy -> policy.resource.name());

  public TierPolicy {
    rules = List.copyOf(rules);
  }

  public enum Tier {
    /** Asked before NetworkPolicies. */
    ADMIN,
    /** Asked where no NetworkPolicy selects the pod. */
    BASELINE
  }

  public enum Action {
    /** {@code Allow} in v1alpha1, {@code Accept} in v1alpha2. */
    ALLOW,
    DENY,
    /** Leaves the rest of the tier out, and goes on to the next one. */
    PASS
  }

  /**
   * A rule of either direction.
   *
   * @param index its number in the list of its direction, from 0
   * @param peers any of them
   * @param ports any of them; empty means every port of every protocol
   */
  public record Rule(
      Direction direction,
      int index,
      Action action,
      List<Peer> peers,
      List<PortMatch> ports,
      Place place) {
    public Rule {
      peers = List.copyOf(peers);
      ports = List.copyOf(ports);
    }
  }

  /** What a rule may name as the other end. */
  public sealed interface Peer {
    /**
     * Pods that are not on their node's network, by the labels of their namespace and their own.
     */
    record Pods(Selector namespaces, Selector pods) implements Peer {
      /** All of them. */
      public static final Pods ALL = new Pods(Selector.EVERYTHING, Selector.EVERYTHING);

      /** The pods that both name; empty when there can be none. */
      public Optional<Pods> and(Pods other) {
        return namespaces
            .and(other.namespaces)
            .flatMap(both -> pods.and(other.pods).map(labels -> new Pods(both, labels)));
      }

      /** Whether it names a pod with certain labels, in a namespace with others. */
      public boolean matches(Map<String, String> namespaceLabels, Map<String, String> labels) {
        return namespaces.matches(namespaceLabels) && pods.matches(labels);
      }
    }

    /** Addresses, also those of pods, as the API text says. */
    record Networks(List<String> blocks) implements Peer {
      public Networks {
        blocks = List.copyOf(blocks);
      }
    }

    /** Nodes by labels, which no manifest shows. */
    record Nodes(Selector selector) implements Peer {}

    /** Names whose addresses no manifest shows. */
    record DomainNames(List<String> names) implements Peer {
      public DomainNames {
        names = List.copyOf(names);
      }
    }
  }

  /** What a rule may name as a port. */
  public sealed interface PortMatch {
    /** From first to last, both included. */
    record Range(Protocol protocol, int first, int last) implements PortMatch {}

    /** What the destination declares under a name, whatever the protocol. */
    record Named(String name) implements PortMatch {}
  }

  /** The policy that an object describes; empty for other kinds. */
  static Optional<TierPolicy> of(Resource resource, Cluster cluster) {
    if (!resource.group().equals(GROUP)) {
      return Optional.empty();
    }
    return switch (resource.apiVersion().substring(GROUP.length() + 1) + " " + resource.kind()) {
      case "v1alpha1 AdminNetworkPolicy", "v1alpha1 BaselineAdminNetworkPolicy" ->
          Optional.of(new Reader(resource, cluster, "ports").read());
      case "v1alpha2 ClusterNetworkPolicy" ->
          Optional.of(new Reader(resource, cluster, "protocols").read());
      default -> Optional.empty();
    };
  }

  /** What its rules of a direction do. */
  public Set<Action> actions(Direction direction) {
    return rules.stream()
        .filter(rule -> rule.direction() == direction)
        .map(Rule::action)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Action.class)));
  }

  /** {@code AdminNetworkPolicy name}. */
  @Override
  public String toString() {
    return resource.kind() + " " + resource.name();
  }

  /** Thrown and caught inside of {@link Reader} alone: some part is not as the API wants it. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused() {
      super(null, null, false, false);
    }
  }

  /** Reads the tree, because these kinds have no official Java models. */
  private record Reader(Resource resource, Cluster cluster, String portsKey) {

    TierPolicy read() {
      boolean baselineKind = resource.kind().equals("BaselineAdminNetworkPolicy");
      Tier tier = baselineKind ? Tier.BASELINE : Tier.ADMIN;
      try {
        Node.Mapping spec = map(required(resource.tree(), "spec"));
        if (resource.kind().equals("ClusterNetworkPolicy")) {
          tier =
              switch (string(required(spec, "tier"))) {
                case "Admin" -> Tier.ADMIN;
                case "Baseline" -> Tier.BASELINE;
                default -> throw new Refused();
              };
        }
        if (baselineKind && !resource.name().equals("default")) {
          throw new Refused();
        }
        int priority = baselineKind ? NO_PRIORITY : number(required(spec, "priority"), 0, 1000);
        if (!(peer(map(required(spec, "subject"))) instanceof Peer.Pods subject)) {
          throw new Refused();
        }
        List<Rule> rules = new ArrayList<>();
        for (Direction direction : Direction.values()) {
          List<Node> items = upTo(mostItems(), items(spec, direction.key()));
          for (int i = 0; i < items.size(); i++) {
            rules.add(rule(direction, i, map(items.get(i)), baselineKind));
          }
        }
        return new TierPolicy(resource, cluster, tier, priority, subject, rules, false);
      } catch (Refused e) {
        return new TierPolicy(resource, cluster, tier, NO_PRIORITY, Peer.Pods.ALL, List.of(), true);
      }
    }

    private Rule rule(Direction direction, int index, Node.Mapping rule, boolean baselineKind) {
      List<Peer> peers = new ArrayList<>();
      for (Node peer : upTo(mostItems(), items(rule, direction.peersKey()))) {
        Peer read = peer(map(peer));
        if (direction == Direction.INGRESS && !(read instanceof Peer.Pods)) {
          throw new Refused();
        }
        if (baselineKind && read instanceof Peer.DomainNames) {
          throw new Refused(); // the one kind that has no such peer
        }
        peers.add(read);
      }
      List<PortMatch> ports = new ArrayList<>();
      boolean anyPort = isUnset(rule, portsKey);
      for (Node port : upTo(mostItems(), items(rule, portsKey))) {
        ports.add(portsKey.equals("ports") ? portOfV1alpha1(map(port)) : portOfV1alpha2(map(port)));
      }
      boolean byAddress = peers.stream().anyMatch(peer -> !(peer instanceof Peer.Pods));
      boolean byName = ports.stream().anyMatch(PortMatch.Named.class::isInstance);
      if (peers.isEmpty() || (ports.isEmpty() && !anyPort) || (byAddress && byName)) {
        throw new Refused();
      }
      return new Rule(
          direction,
          index,
          action(string(required(rule, "action")), baselineKind),
          peers,
          ports,
          resource.at("spec", direction.key(), index));
    }

    private Action action(String written, boolean baselineKind) {
      String allow = portsKey.equals("ports") ? "Allow" : "Accept";
      if (written.equals(allow)) {
        return Action.ALLOW;
      }
      if (written.equals("Deny")) {
        return Action.DENY;
      }
      if (written.equals("Pass") && !baselineKind) {
        return Action.PASS;
      }
      throw new Refused();
    }

    private Peer peer(Node.Mapping peer) {
      if (peer.entries().size() != 1) {
        throw new Refused();
      }
      Node value = peer.entries().get(0).value();
      return switch (peer.entries().get(0).key()) {
        case "namespaces" -> new Peer.Pods(selector(value), Selector.EVERYTHING);
        case "pods" -> {
          Node.Mapping pods = map(value);
          boolean everywhere = portsKey.equals("protocols") && isUnset(pods, "namespaceSelector");
          yield new Peer.Pods(
              everywhere ? Selector.EVERYTHING : selector(required(pods, "namespaceSelector")),
              selector(required(pods, "podSelector")));
        }
        case "networks" -> new Peer.Networks(strings(value));
        case "nodes" -> new Peer.Nodes(selector(value));
        case "domainNames" -> new Peer.DomainNames(strings(value));
        default -> throw new Refused();
      };
    }

    private static PortMatch portOfV1alpha1(Node.Mapping port) {
      if (port.entries().size() != 1) {
        throw new Refused();
      }
      Node value = port.entries().get(0).value();
      return switch (port.entries().get(0).key()) {
        case "portNumber" -> {
          int number = port(required(map(value), "port"));
          yield new PortMatch.Range(protocol(map(value)), number, number);
        }
        case "portRange" ->
            new PortMatch.Range(
                protocol(map(value)),
                port(required(map(value), "start")),
                port(required(map(value), "end")));
        case "namedPort" -> new PortMatch.Named(string(value));
        default -> throw new Refused();
      };
    }

    private static PortMatch portOfV1alpha2(Node.Mapping match) {
      if (match.entries().size() != 1) {
        throw new Refused();
      }
      Node.Entry entry = match.entries().get(0);
      if (entry.key().equals("destinationNamedPort")) {
        return new PortMatch.Named(string(entry.value()));
      }
      Protocol protocol =
          switch (entry.key()) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            case "sctp" -> Protocol.SCTP;
            default -> throw new Refused();
          };
      Node.Mapping port = map(required(map(entry.value()), "destinationPort"));
      if (port.entries().size() != 1) {
        throw new Refused();
      }
      Node value = port.entries().get(0).value();
      if (port.entries().get(0).key().equals("number")) {
        int number = port(value);
        return new PortMatch.Range(protocol, number, number);
      }
      int first = port(required(map(value), "start"));
      int last = port(required(map(value), "end"));
      if (!port.entries().get(0).key().equals("range") || first >= last) {
        throw new Refused();
      }
      return new PortMatch.Range(protocol, first, last);
    }

    private static Protocol protocol(Node.Mapping port) {
      return Protocol.of(isUnset(port, "protocol") ? null : string(required(port, "protocol")))
          .orElseThrow(Refused::new);
    }

    private static int port(Node node) {
      return number(node, 1, 65535);
    }

    private static int number(Node node, int least, int most) {
      if (node instanceof Node.Scalar scalar
          && scalar.value() instanceof Long value
          && least <= value
          && value <= most) {
        return value.intValue();
      }
      throw new Refused();
    }

    private static Selector selector(Node node) {
      return Selector.of(map(node)).orElseThrow(Refused::new);
    }

    private static Node.Mapping map(Node node) {
      return node.asMapping().orElseThrow(Refused::new);
    }

    private static String string(Node node) {
      return node.asString().orElseThrow(Refused::new);
    }

    /** A set of blocks or names. */
    private static List<String> strings(Node node) {
      List<String> strings = new ArrayList<>();
      upTo(MOST_STRINGS, node.asItems()).forEach(item -> strings.add(string(item)));
      if (strings.isEmpty() || new HashSet<>(strings).size() < strings.size()) {
        throw new Refused();
      }
      return strings;
    }

    /** How many rules of a direction, and peers and ports of a rule, the API server takes. */
    private int mostItems() {
      return portsKey.equals("ports") ? 100 : 25;
    }

    private static List<Node> upTo(int most, List<Node> items) {
      if (items.size() > most) {
        throw new Refused();
      }
      return items;
    }

    private static List<Node> items(Node.Mapping map, String key) {
      if (isUnset(map, key)) {
        return List.of();
      }
      return required(map, key) instanceof Node.Sequence list ? list.items() : refuse();
    }

    private static List<Node> refuse() {
      throw new Refused();
    }

    private static boolean isUnset(Node.Mapping map, String key) {
      Optional<Node> value = map.get(key);
      return value.isEmpty() || (value.get() instanceof Node.Scalar scalar && scalar.isNull());
    }

    private static Node required(Node.Mapping map, String key) {
      return map.get(key).orElseThrow(Refused::new);
    }
  }
}
