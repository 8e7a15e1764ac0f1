package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A Gateway of the Gateway API. */
public record Gateway(
    Resource resource, String namespace, Cluster cluster, List<Listener> listeners) {

  public static final String GROUP = "gateway.networking.k8s.io";

  public Gateway {
    listeners = List.copyOf(listeners);
  }

  /** The Gateways of a unit. */
  public static List<Gateway> of(Cluster cluster) {
    List<Gateway> found = new ArrayList<>();
    for (Resource resource : cluster.resourcesOfKind("Gateway")) {
      if (resource.group().equals(GROUP)) {
        List<Listener> listeners = new ArrayList<>();
        for (Node item : resource.tree().items("spec", "listeners")) {
          item.asMapping()
              .ifPresent(tree -> listeners.add(new Listener(resource, listeners.size(), tree)));
        }
        found.add(new Gateway(resource, cluster.namespaceOf(resource), cluster, listeners));
      }
    }
    return found;
  }

  public static List<Gateway> of(World world) {
    return world
        .once(
            Gateways.class,
            () ->
                new Gateways(
                    world.unitsWith("Gateway").stream()
                        .flatMap(unit -> of(unit).stream())
                        .toList()))
        .all();
  }

  private record Gateways(List<Gateway> all) {}

  /** The listeners that a route means; none when there is no such one. */
  public List<Listener> listeners(ParentRef parent) {
    return listeners.stream()
        .filter(l -> parent.listener().isEmpty() || l.name().equals(parent.listener()))
        .filter(l -> parent.port() == 0 || l.port() == parent.port())
        .toList();
  }

  /**
   * Why it does not take a route, as a sentence; empty when it may, also because something of
   * either was not understood.
   *
   * @param labels those of the route's namespace; empty when nobody knows them
   */
  public Optional<String> refusal(ParentRef parent, Optional<Map<String, String>> labels) {
    if (!resource.isUnderstood() || !parent.route().resource().isUnderstood()) {
      return Optional.empty();
    }
    List<Listener> meant = listeners(parent);
    if (meant.isEmpty()) {
      return Optional.of(this + " has no " + missing(parent));
    }
    List<String> refusals =
        meant.stream()
            .flatMap(
                l ->
                    l
                        .refusal(parent.route(), namespace, labels)
                        .map(refusal -> "listener " + l.name() + " " + refusal)
                        .stream())
            .toList();
    return refusals.size() < meant.size()
        ? Optional.empty()
        : Optional.of(this + " does not take this route: " + refusals.get(0));
  }

  /** What a route means that is not there: {@code listener web}, {@code listener on port 81}. */
  public String missing(ParentRef parent) {
    if (lacksName(parent)) {
      return "listener " + parent.listener();
    }
    return parent.port() == 0 ? "listener" : "listener on port " + parent.port();
  }

  /** Whether it has no listener of the name that a route means. */
  public boolean lacksName(ParentRef parent) {
    return !parent.listener().isEmpty()
        && listeners.stream().noneMatch(l -> l.name().equals(parent.listener()));
  }

  /** {@code Gateway namespace/name}. */
  @Override
  public String toString() {
    return "Gateway " + namespace + "/" + resource.name();
  }

  /** One listener, as it is written. */
  public record Listener(Resource gateway, int index, Node.Mapping tree) {

    public String name() {
      return tree.string("name").orElse("");
    }

    /** Empty for every host. */
    public String hostname() {
      return tree.string("hostname").orElse("");
    }

    /** 0 when it is missing. */
    public long port() {
      return tree.get("port").orElse(null) instanceof Node.Scalar scalar
              && scalar.value() instanceof Long number
          ? number
          : 0;
    }

    public Place place() {
      return gateway.at("spec", "listeners", index);
    }

    /** The same where nobody knows the labels of the route's namespace. */
    public Optional<String> refusal(Route route, String gatewayNamespace) {
      return refusal(route, gatewayNamespace, Optional.empty());
    }

    /**
     * Why a route cannot attach, as the end of a sentence that begins with the listener; empty when
     * it may.
     *
     * @param labels those of the route's namespace; empty when nobody knows them
     */
    public Optional<String> refusal(
        Route route, String gatewayNamespace, Optional<Map<String, String>> labels) {
      Optional<Node.Mapping> allowed = tree.mapping("allowedRoutes");
      Optional<Node.Mapping> namespaces = allowed.flatMap(a -> a.mapping("namespaces"));
      String from = namespaces.flatMap(n -> n.string("from")).orElse("Same");
      if (from.equals("Same") && !route.namespace().equals(gatewayNamespace)) {
        return Optional.of("takes only routes of namespace " + gatewayNamespace);
      }
      Optional<Selector> selector =
          from.equals("Selector")
              ? namespaces.flatMap(n -> n.mapping("selector")).flatMap(Selector::of)
              : Optional.empty();
      if (selector.isPresent() && labels.isPresent() && !selector.get().matches(labels.get())) {
        return Optional.of("takes only routes of namespaces with " + selector.get());
      }
      if (!kinds(allowed).contains(route.resource().kind())) {
        return Optional.of("takes only " + String.join(" and ", kinds(allowed)));
      }
      List<String> hosts =
          route.resource().tree().items("spec", "hostnames").stream()
              .flatMap(host -> host.asString().stream())
              .toList();
      boolean meets =
          hosts.isEmpty()
              || hostname().isEmpty()
              || hosts.stream().anyMatch(host -> intersect(host, hostname()));
      return meets ? Optional.empty() : Optional.of("is for " + hostname());
    }

    /** Those listed, or those that go with the protocol (Gateway API, RouteGroupKind). */
    private List<String> kinds(Optional<Node.Mapping> allowed) {
      List<String> listed =
          allowed.stream()
              .flatMap(a -> a.items("kinds").stream())
              .flatMap(kind -> kind.asMapping().flatMap(k -> k.string("kind")).stream())
              .toList();
      if (!listed.isEmpty()) {
        return listed;
      }
      return switch (tree.string("protocol").orElse("")) {
        case "HTTP", "HTTPS" -> List.of("HTTPRoute", "GRPCRoute");
        case "TLS" -> List.of("TLSRoute", "TCPRoute");
        case "TCP" -> List.of("TCPRoute");
        case "UDP" -> List.of("UDPRoute");
        default -> List.of("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute");
      };
    }

    // a wildcard of the Gateway API stands for one label or more
    private static boolean intersect(String one, String other) {
      return one.equalsIgnoreCase(other) || isWithin(one, other) || isWithin(other, one);
    }

    private static boolean isWithin(String host, String wildcard) {
      return wildcard.startsWith("*.")
          && host.toLowerCase(Locale.ROOT).endsWith(wildcard.substring(1).toLowerCase(Locale.ROOT));
    }
  }
}
