package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * What a route of the Gateway API names as its parent: a Gateway, for a mesh a Service, or
 * something that nothing here knows.
 *
 * @param listener empty for all of them
 * @param port 0 for any
 */
public record ParentRef(
    Route route,
    int index,
    String group,
    String kind,
    String namespace,
    String name,
    String listener,
    long port) {

  /** Those of a route; none of what has no name. */
  public static List<ParentRef> of(Route route) {
    List<ParentRef> parents = new ArrayList<>();
    List<Node> refs = route.resource().tree().items("spec", "parentRefs");
    for (int i = 0; i < refs.size(); i++) {
      if (refs.get(i) instanceof Node.Mapping tree && tree.string("name").isPresent()) {
        long port =
            tree.get("port").orElse(null) instanceof Node.Scalar scalar
                    && scalar.value() instanceof Long number
                ? number
                : 0;
        parents.add(
            new ParentRef(
                route,
                i,
                tree.string("group").orElse(Gateway.GROUP),
                tree.string("kind").orElse("Gateway"),
                tree.string("namespace").orElse(route.namespace()),
                tree.string("name").orElseThrow(),
                tree.string("sectionName").orElse(""),
                port));
      }
    }
    return parents;
  }

  /** Those of a route that are Gateways. */
  public static List<ParentRef> gateways(Route route) {
    return of(route).stream().filter(ParentRef::isGateway).toList();
  }

  /** Those of all routes that are Gateways. */
  public static List<ParentRef> gateways(World world) {
    return world
        .once(
            Gateways.class,
            () ->
                new Gateways(
                    world.clusters().stream()
                        .flatMap(unit -> unit.routes().stream())
                        .flatMap(route -> gateways(route).stream())
                        .toList()))
        .all();
  }

  private record Gateways(List<ParentRef> all) {}

  public boolean isGateway() {
    return group.equals(Gateway.GROUP) && kind.equals("Gateway");
  }

  /** Whether it is for a mesh, where clients of a Service are sent elsewhere (GEP-1426). */
  public boolean isService() {
    return group.isEmpty() && kind.equals("Service");
  }

  public Place place() {
    return route.resource().at("spec", "parentRefs", index);
  }

  /** Whether a Gateway is the one that is named, as far as namespaces are certain. */
  public boolean isMeant(Gateway gateway) {
    return isGateway()
        && gateway.resource().name().equals(name)
        && gateway.namespace().equals(namespace);
  }

  /** {@code Kind namespace/name}. */
  @Override
  public String toString() {
    return kind + " " + namespace + "/" + name;
  }
}
