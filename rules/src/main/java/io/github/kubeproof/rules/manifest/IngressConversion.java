package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes an Ingress of a beta version as one of networking.k8s.io/v1, as the API server converted
 * them while it served both.
 *
 * @see "Kubernetes documentation, Deprecated API Migration Guide, Ingress; networking/v1beta1
 *     defaults.go, SetDefaults_HTTPIngressPath"
 */
final class IngressConversion {

  private IngressConversion() {}

  /** All that has to change; nothing where some of it is not as it should be. */
  static List<Edit> edits(Resource ingress) {
    List<List<Edit>> edits = new ArrayList<>();
    edits.add(Edits.value(ingress.at("apiVersion"), "networking.k8s.io/v1"));
    Place spec = ingress.at("spec");
    if (spec.then("backend").node().isPresent()) {
      edits.add(Edits.rename(spec.then("backend"), "defaultBackend"));
      edits.add(backend(spec.then("backend")));
    }
    for (int i = 0; spec.then("rules", i).node().isPresent(); i++) {
      for (int j = 0; spec.then("rules", i, "http", "paths", j).node().isPresent(); j++) {
        Place path = spec.then("rules", i, "http", "paths", j);
        edits.add(backend(path.then("backend")));
        if (path.then("pathType").node().isEmpty()) {
          edits.add(MissingField.pathType(path));
        }
      }
    }
    return Edits.all(edits);
  }

  private static List<Edit> backend(Place place) {
    Optional<Mapping> backend = place.node().flatMap(Node::asMapping);
    Optional<String> port =
        backend.flatMap(map -> map.get("servicePort")).flatMap(IngressConversion::keyOfPort);
    return port.isEmpty()
        ? List.of()
        : Edits.nest(
            place,
            "service",
            Map.of("serviceName", List.of("name"), "servicePort", List.of("port", port.get())));
  }

  /** What the port of a Service is called by, which is no longer one field for both. */
  private static Optional<String> keyOfPort(Node port) {
    if (port instanceof Scalar scalar && scalar.value() instanceof Long number) {
      return number >= 1 && number <= 65535 ? Optional.of("number") : Optional.empty();
    }
    return port.asString().filter(name -> Names.flawOfPort(name).isEmpty()).map(name -> "name");
  }
}
