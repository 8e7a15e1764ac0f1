package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1HTTPIngressPath;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1IngressBackend;
import io.kubernetes.client.openapi.models.V1IngressRule;
import io.kubernetes.client.openapi.models.V1IngressServiceBackend;
import io.kubernetes.client.openapi.models.V1ServiceBackendPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the backends of Ingresses and of Gateway API routes. */
final class Routes {

  private static final Set<String> GATEWAY_ROUTES =
      Set.of("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute");

  private Routes() {}

  static Optional<Route> read(Resource resource, String namespace, Cluster cluster) {
    Optional<V1Ingress> ingress = resource.as(V1Ingress.class);
    if (ingress.isPresent()) {
      return Optional.of(
          new Route(resource, namespace, cluster, ofIngress(ingress.get(), namespace, cluster)));
    }
    if (resource.group().equals(Gateway.GROUP) && GATEWAY_ROUTES.contains(resource.kind())) {
      return Optional.of(new Route(resource, namespace, cluster, ofRoute(resource, namespace)));
    }
    return Optional.empty();
  }

  /**
   * A Route of OpenShift. Apart from the others, because its port is not one of the Service.
   *
   * @see "openshift/api route/v1 types.go: RouteSpec.To, AlternateBackends, Port"
   */
  static Optional<Route> ofOpenShift(Resource resource, Cluster cluster) {
    if (!resource.group().equals("route.openshift.io") || !resource.kind().equals("Route")) {
      return Optional.empty();
    }
    String namespace = cluster.namespaceOf(resource);
    List<Node> targets = new ArrayList<>();
    at(resource.tree(), "spec", "to").ifPresent(targets::add);
    targets.addAll(items(resource.tree(), "spec", "alternateBackends"));
    Optional<Node> port = at(resource.tree(), "spec", "port", "targetPort");
    List<Backend> backends = new ArrayList<>();
    for (Node target : targets) {
      Optional<Node.Mapping> mapping = target.asMapping();
      boolean isService =
          mapping.isPresent() && mapping.get().string("kind").orElse("Service").equals("Service");
      if (isService && mapping.get().string("name").isPresent()) {
        backends.add(
            new Backend(
                namespace,
                mapping.get().string("name").get(),
                port.flatMap(Node::asString).orElse(""),
                port.map(Routes::number).orElse(0),
                isIdle(mapping.get()),
                resource.place().then("spec", "to"),
                resource.place().then("spec", "port")));
      }
    }
    return Optional.of(new Route(resource, namespace, cluster, backends));
  }

  private static int number(Node node) {
    return node instanceof Node.Scalar scalar && scalar.value() instanceof Long number
        ? number.intValue()
        : 0;
  }

  private static List<Backend> ofIngress(V1Ingress ingress, String namespace, Cluster cluster) {
    List<Backend> backends = new ArrayList<>();
    if (ingress.getSpec() == null) {
      return backends;
    }
    add(ingress.getSpec().getDefaultBackend(), namespace, cluster, backends);
    for (V1IngressRule rule : Lists.orEmpty(ingress.getSpec().getRules())) {
      if (rule == null || rule.getHttp() == null) {
        continue;
      }
      for (V1HTTPIngressPath path : Lists.orEmpty(rule.getHttp().getPaths())) {
        if (path != null) {
          add(path.getBackend(), namespace, cluster, backends);
        }
      }
    }
    return backends;
  }

  private static void add(
      @Nullable V1IngressBackend backend,
      String namespace,
      Cluster cluster,
      List<Backend> backends) {
    V1IngressServiceBackend service = backend == null ? null : backend.getService();
    if (service == null || service.getName() == null) {
      return;
    }
    V1ServiceBackendPort port = service.getPort();
    String portName = port == null || port.getName() == null ? "" : port.getName();
    int portNumber = port == null || port.getNumber() == null ? 0 : port.getNumber();
    backends.add(
        new Backend(
            namespace,
            service.getName(),
            portName,
            portNumber,
            false,
            cluster.at(service, "name"),
            cluster.at(service, "port", portName.isEmpty() ? "number" : "name")));
  }

  private static List<Backend> ofRoute(Resource route, String namespace) {
    List<Backend> backends = new ArrayList<>();
    List<Node> rules = items(route.tree(), "spec", "rules");
    for (int r = 0; r < rules.size(); r++) {
      Place rule = route.place().then("spec", "rules", r);
      addMirrors(rules.get(r), namespace, rule, backends);
      List<Node> refs = items(rules.get(r), "backendRefs");
      for (int b = 0; b < refs.size(); b++) {
        add(refs.get(b), namespace, rule.then("backendRefs", b), backends);
        addMirrors(refs.get(b), namespace, rule.then("backendRefs", b), backends);
      }
    }
    return backends;
  }

  /** Where filters of a rule or of a backend send copies of the requests. */
  private static void addMirrors(Node of, String namespace, Place place, List<Backend> backends) {
    List<Node> filters = items(of, "filters");
    for (int f = 0; f < filters.size(); f++) {
      Optional<Node> ref = at(filters.get(f), "requestMirror", "backendRef");
      Place there = place.then("filters", f, "requestMirror", "backendRef");
      ref.ifPresent(mirror -> add(mirror, namespace, there, backends));
    }
  }

  private static boolean isIdle(Node.Mapping backend) {
    return backend.get("weight").orElse(null) instanceof Node.Scalar weight
        && Long.valueOf(0).equals(weight.value());
  }

  private static void add(Node ref, String namespace, Place place, List<Backend> backends) {
    Optional<Node.Mapping> mapping = ref.asMapping();
    boolean isService =
        mapping.isPresent()
            && mapping.get().string("group").orElse("").isEmpty()
            && mapping.get().string("kind").orElse("Service").equals("Service");
    Optional<String> name = mapping.flatMap(m -> m.string("name"));
    if (!isService || name.isEmpty()) {
      return;
    }
    backends.add(
        new Backend(
            mapping.get().string("namespace").orElse(namespace),
            name.get(),
            "",
            mapping.get().get("port").map(Routes::number).orElse(0),
            isIdle(mapping.get()),
            place.then("name"),
            place.then("port")));
  }

  private static List<Node> items(Node node, String... keys) {
    return node.asMapping().map(mapping -> mapping.items(keys)).orElse(List.of());
  }

  private static Optional<Node> at(Node node, String... keys) {
    Optional<Node> at = Optional.of(node);
    for (String key : keys) {
      at = at.flatMap(Node::asMapping).flatMap(mapping -> mapping.get(key));
    }
    return at;
  }
}
