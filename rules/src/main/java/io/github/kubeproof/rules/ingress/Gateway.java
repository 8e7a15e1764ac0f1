package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A Gateway of the Gateway API. */
record Gateway(Resource resource, String namespace, Cluster cluster, List<Listener> listeners) {

  static final String GROUP = "gateway.networking.k8s.io";

  Gateway {
    listeners = List.copyOf(listeners);
  }

  /** The Gateways of a unit. */
  static List<Gateway> of(Cluster cluster) {
    List<Gateway> found = new ArrayList<>();
    for (Resource resource : cluster.resourcesOfKind("Gateway")) {
      if (resource.group().equals(GROUP)) {
        List<Listener> listeners = new ArrayList<>();
        for (Node item : items(resource.tree(), "spec", "listeners")) {
          item.asMapping()
              .ifPresent(tree -> listeners.add(new Listener(resource, listeners.size(), tree)));
        }
        found.add(new Gateway(resource, cluster.namespaceOf(resource), cluster, listeners));
      }
    }
    return found;
  }

  static List<Gateway> of(World world) {
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

  /** {@code Gateway namespace/name}. */
  @Override
  public String toString() {
    return "Gateway " + namespace + "/" + resource.name();
  }

  /** One listener, as it is written. */
  record Listener(Resource gateway, int index, Node.Mapping tree) {

    String name() {
      return tree.string("name").orElse("");
    }

    /** Empty for every host. */
    String hostname() {
      return tree.string("hostname").orElse("");
    }

    Place place() {
      return gateway.at("spec", "listeners", index);
    }

    /**
     * Why a route cannot attach, as the end of a sentence that begins with the listener; empty when
     * it may.
     */
    Optional<String> refusal(Route route, String gatewayNamespace) {
      Optional<Node.Mapping> allowed = below(tree, "allowedRoutes");
      String from =
          allowed
              .flatMap(a -> below(a, "namespaces"))
              .flatMap(n -> n.string("from"))
              .orElse("Same");
      if (from.equals("Same") && !route.namespace().equals(gatewayNamespace)) {
        return Optional.of("takes only routes of namespace " + gatewayNamespace);
      }
      if (!kinds(allowed).contains(route.resource().kind())) {
        return Optional.of("takes only " + String.join(" and ", kinds(allowed)));
      }
      List<String> hosts =
          items(route.resource().tree(), "spec", "hostnames").stream()
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
              .flatMap(a -> items(a, "kinds").stream())
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

  /**
   * What a route names as its parent, when that is a Gateway.
   *
   * @param listener empty for all of them
   * @param port 0 for any
   */
  record Parent(Route route, int index, String namespace, String name, String listener, long port) {

    /** Those of all routes. */
    static List<Parent> of(World world) {
      return world
          .once(
              Parents.class,
              () ->
                  new Parents(
                      world.clusters().stream()
                          .flatMap(unit -> unit.routes().stream())
                          .flatMap(route -> of(route).stream())
                          .toList()))
          .all();
    }

    private record Parents(List<Parent> all) {}

    static List<Parent> of(Route route) {
      List<Parent> parents = new ArrayList<>();
      List<Node> refs = items(route.resource().tree(), "spec", "parentRefs");
      for (int i = 0; i < refs.size(); i++) {
        Optional<Node.Mapping> ref = refs.get(i).asMapping();
        boolean isGateway =
            ref.isPresent()
                && ref.get().string("group").orElse(GROUP).equals(GROUP)
                && ref.get().string("kind").orElse("Gateway").equals("Gateway")
                && ref.get().string("name").isPresent();
        if (isGateway) {
          Node.Mapping tree = ref.get();
          long port =
              tree.get("port").orElse(null) instanceof Node.Scalar scalar
                      && scalar.value() instanceof Long number
                  ? number
                  : 0;
          parents.add(
              new Parent(
                  route,
                  i,
                  tree.string("namespace").orElse(route.namespace()),
                  tree.string("name").orElseThrow(),
                  tree.string("sectionName").orElse(""),
                  port));
        }
      }
      return parents;
    }

    Place place() {
      return route.resource().at("spec", "parentRefs", index);
    }

    /** Whether a Gateway is the one that is named, as far as namespaces are certain. */
    boolean isMeant(Gateway gateway) {
      return gateway.resource.name().equals(name) && gateway.namespace.equals(namespace);
    }

    /** The listeners of a Gateway that are named. */
    List<Listener> listenersOf(Gateway gateway) {
      return gateway.listeners.stream()
          .filter(l -> listener.isEmpty() || l.name().equals(listener))
          .filter(
              l ->
                  port == 0
                      || (l.tree().get("port").orElse(null) instanceof Node.Scalar scalar
                          && Long.valueOf(port).equals(scalar.value())))
          .toList();
    }
  }

  /** The items of a list below some keys; none where it is missing. */
  static List<Node> items(Node.Mapping tree, String... keys) {
    Node at = tree;
    for (String key : keys) {
      Optional<Node> next = at.asMapping().flatMap(mapping -> mapping.get(key));
      if (next.isEmpty()) {
        return List.of();
      }
      at = next.get();
    }
    return at.asItems();
  }

  static Optional<Node.Mapping> below(Node.Mapping tree, String key) {
    return tree.get(key).flatMap(Node::asMapping);
  }
}
