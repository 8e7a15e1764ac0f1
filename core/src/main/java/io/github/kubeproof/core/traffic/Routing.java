package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.CrossReference;
import io.github.kubeproof.core.cluster.Gateway;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.ParentRef;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Front.Way;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who sends traffic to routes, and to which of their backends, as far as the input shows. What it
 * does not show may exist, unless the world is closed.
 *
 * @see "gateway-api apis/v1 shared_types.go: ParentReference, AllowedRoutes; GEP-709, GEP-1426"
 */
final class Routing {

  private final Inventory inventory;
  private final Population population;
  private final IngressControllers controllers;
  private final Set<String> services = new HashSet<>();

  Routing(Inventory inventory, Population population) {
    this.inventory = inventory;
    this.population = population;
    // to look at every image takes time that most inputs need not spend
    this.controllers =
        IngressControllers.among(inventory.routes().isEmpty() ? List.of() : inventory.workloads());
    inventory.services().forEach(service -> services.add(service.qualifiedName()));
  }

  /** How clients get to a route; none where nothing takes it. */
  List<Way> ways(Route route) {
    if (!route.isOfGatewayApi()) {
      return List.of(new Way.Controller(podsOf(controllers.of(route))));
    }
    List<ParentRef> parents = ParentRef.of(route);
    if (parents.isEmpty() && !route.resource().isUnderstood()) {
      return List.of(new Way.Controller(List.of()));
    }
    Set<Way> ways = new LinkedHashSet<>();
    Set<Endpoint> forwarding = new LinkedHashSet<>();
    for (ParentRef parent : parents) {
      if (refusal(parent).isEmpty()) {
        List<Endpoint> pods = podsOf(controllers.of(parent));
        forwarding.addAll(pods);
        if (parent.isService()) {
          // of a route of another namespace only clients there know (GEP-1426)
          boolean forAll = parent.namespace().equals(route.namespace());
          ways.add(new Way.Inside(forAll ? "" : route.namespace()));
        } else if (pods.isEmpty()) {
          ways.add(new Way.Controller(List.of()));
        }
      }
    }
    if (!forwarding.isEmpty()) {
      ways.add(new Way.Controller(List.copyOf(forwarding)));
    }
    return List.copyOf(ways);
  }

  private List<Endpoint> podsOf(List<Workload> workloads) {
    List<Endpoint> pods = new ArrayList<>();
    workloads.forEach(workload -> pods.addAll(population.of(workload)));
    return pods;
  }

  /** Why nothing takes a route, where nothing does. */
  String whyNotTaken(Route route) {
    return ParentRef.of(route).stream()
        .flatMap(parent -> refusal(parent).stream())
        .findFirst()
        .orElse("it has no parentRefs, so no Gateway takes it");
  }

  private Optional<String> refusal(ParentRef parent) {
    boolean closed = parent.route().cluster().settings().closedWorld();
    if (parent.isService()) {
      boolean isGone = closed && !services.contains(parent.namespace() + "/" + parent.name());
      return isGone ? Optional.of("there is no " + parent) : Optional.empty();
    }
    if (!parent.isGateway()) {
      return Optional.empty();
    }
    List<Gateway> meant = inventory.gateways().stream().filter(parent::isMeant).toList();
    if (meant.isEmpty()) {
      return closed ? Optional.of("there is no " + parent) : Optional.empty();
    }
    Optional<Map<String, String>> labels =
        Optional.ofNullable(inventory.namespaces().get(parent.route().namespace()));
    return meant.get(0).refusal(parent, labels);
  }

  /** Why a backend gets nothing of what comes on some way; empty when it may get something. */
  Optional<String> refusal(Route route, Way way, Backend backend) {
    if (backend.isIdle()) {
      return Optional.of("its backend " + backend.service() + " has weight 0");
    }
    CrossReference reference = CrossReference.of(route, backend);
    boolean isRefused =
        lacksGrant(route, way, backend)
            && (route.cluster().settings().closedWorld()
                || inventory.grants().stream().anyMatch(grant -> isIn(grant, backend)));
    return isRefused ? Optional.of(reference.complaint()) : Optional.empty();
  }

  /** What nobody knows about whether a backend gets something. */
  List<Gap> gaps(Route route, Way way, Service service, Backend backend) {
    if (!lacksGrant(route, way, backend)) {
      return List.of();
    }
    return List.of(
        new Gap(
            backend.place(),
            "%s leads to %s only if a ReferenceGrant of namespace %s lets it, and the input has none"
                .formatted(route, service, backend.namespace()),
            new Peer.Pods(
                Selector.ofNamespace(backend.namespace()),
                service.selector().orElse(Selector.EVERYTHING))));
  }

  /** A mesh, whose routes are for clients that may call the backend anyway, asks for no grant. */
  private boolean lacksGrant(Route route, Way way, Backend backend) {
    return route.isOfGatewayApi()
        && way instanceof Way.Controller
        && !backend.namespace().equals(route.namespace())
        && !CrossReference.of(route, backend).isGranted(inventory.grants());
  }

  /** Who writes grants of a namespace into the input writes all of them there. */
  private static boolean isIn(Resource grant, Backend backend) {
    return grant.isUnderstood() && grant.writtenNamespace().equals(backend.namespace());
  }
}
