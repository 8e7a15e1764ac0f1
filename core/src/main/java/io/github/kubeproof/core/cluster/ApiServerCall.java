package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Service that an object tells the API server to call.
 *
 * @param place where the Service is named
 */
public record ApiServerCall(
    Resource resource, Place place, String namespace, String name, int port) {

  /** Of webhooks and of the aggregation layer. */
  private static final int DEFAULT_PORT = 443;

  /** All calls that the units of an alternative ask for. */
  public static List<ApiServerCall> in(Alternative alternative) {
    List<ApiServerCall> calls = new ArrayList<>();
    for (Cluster unit : alternative.units()) {
      for (Resource resource : unit.resources()) {
        addCalls(resource, calls);
      }
    }
    return calls;
  }

  /**
   * The routes of a unit, and the calls that it asks for, each as a route to what it names, so that
   * what holds for the backends of routes is told of them, too. Such a route is in no namespace, or
   * in the one that its object names needlessly.
   */
  public static List<Route> withRoutes(Cluster unit) {
    List<ApiServerCall> calls = new ArrayList<>();
    unit.resources().forEach(resource -> addCalls(resource, calls));
    List<Route> routes = new ArrayList<>(unit.routes());
    calls.forEach(
        call ->
            routes.add(
                new Route(
                    call.resource,
                    call.resource.writtenNamespace(),
                    unit,
                    List.of(call.backend()))));
    return routes;
  }

  // a port that is no number is told of elsewhere
  private Route.Backend backend() {
    Place written = place.then("port");
    boolean isNumber =
        written
            .node()
            .map(node -> node.asMapping().isEmpty() && node.asString().isEmpty())
            .orElse(true);
    boolean isWritten = written.node().isPresent();
    return new Route.Backend(
        namespace,
        name,
        "",
        isNumber ? port : 0,
        false,
        place.then("name"),
        isWritten ? written : place);
  }

  private static void addCalls(Resource resource, List<ApiServerCall> calls) {
    switch (resource.kind()) {
      case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration" -> {
        int count = resource.tree().get("webhooks").map(Node::asItems).orElse(List.of()).size();
        for (int i = 0; i < count; i++) {
          addCall(resource, resource.at("webhooks", i, "clientConfig", "service"), calls);
        }
      }
      case "APIService" -> addCall(resource, resource.at("spec", "service"), calls);
      case "CustomResourceDefinition" ->
          addCall(
              resource,
              resource.at("spec", "conversion", "webhook", "clientConfig", "service"),
              calls);
      default -> {}
    }
  }

  private static void addCall(Resource resource, Place place, List<ApiServerCall> calls) {
    Optional<Node.Mapping> service = place.node().flatMap(Node::asMapping);
    Optional<String> namespace = service.flatMap(map -> map.string("namespace"));
    Optional<String> name = service.flatMap(map -> map.string("name"));
    if (namespace.isPresent() && name.isPresent()) {
      int port =
          service
              .flatMap(map -> map.get("port"))
              .map(node -> node instanceof Node.Scalar scalar ? scalar.value() : null)
              .map(value -> value instanceof Long number ? portOrNone(number) : DEFAULT_PORT)
              .orElse(DEFAULT_PORT);
      calls.add(new ApiServerCall(resource, place, namespace.get(), name.get(), port));
    }
  }

  private static int portOrNone(long number) {
    return number >= 1 && number <= 65535 ? (int) number : 0;
  }

  public boolean arrivesAt(Service service, V1ServicePort servicePort) {
    boolean sameNamespace = !service.namespaceIsWritten() || service.namespace().equals(namespace);
    return sameNamespace
        && service.name().equals(name)
        && servicePort.getPort() != null
        && servicePort.getPort() == port;
  }

  /** {@code ValidatingWebhookConfiguration name}. */
  @Override
  public String toString() {
    return resource.toString();
  }
}
