package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.ApiServerCall;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.stream.Collectors;

/**
 * KP502: an Ingress, a route or a webhook sends traffic to a port that the Service does not have.
 */
public final class MissingBackendPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP502",
              "missing-backend-port",
              Severity.ERROR,
              Confidence.PROVED,
              "the backend of an Ingress, a route or a webhook is a port that the Service does not have")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Route route : ApiServerCall.withRoutes(cluster)) {
      for (Backend backend : route.backends()) {
        if (!backend.port().isEmpty()) {
          check(route, backend, findings);
        }
      }
    }
  }

  private static void check(Route route, Backend backend, Findings findings) {
    List<Service> definitions =
        route.cluster().world().servicesNamed(backend.service()).stream()
            .filter(service -> mayBeMeant(service, route, backend))
            .toList();
    List<Service> meant =
        definitions.stream().filter(service -> isMeant(service, route, backend)).toList();
    if (meant.isEmpty() || definitions.stream().anyMatch(service -> mayHave(service, backend))) {
      return;
    }
    Service service = meant.get(0);
    boolean isTarget =
        meant.stream().flatMap(s -> s.ports().stream()).anyMatch(port -> isTarget(port, backend));
    Findings.Draft draft =
        findings.report(
            route,
            backend.portPlace(),
            "%s has no port %s%s"
                .formatted(service, backend.port(), isTarget ? ", it is a targetPort" : ""));
    draft.help("use a port of the Service: " + list(service.ports()));
    if (isTarget && meant.size() == 1 && service.ports().size() == 1) {
      V1ServicePort only = service.ports().get(0);
      Object port = backend.portName().isEmpty() ? only.getPort() : only.getName();
      draft.unsafeFix(
          "write " + port,
          "requests go to " + service,
          port == null ? List.of() : Edits.value(backend.portPlace(), port));
    }
    for (Service definition : meant) {
      draft.note(
          definition.cluster().at(definition.spec(), "ports"),
          "the ports of " + definition + ": " + list(definition.ports()));
    }
  }

  // an object without a namespace may be put into any
  private static boolean mayBeMeant(Service service, Route route, Backend backend) {
    boolean isAnywhere =
        !route.namespaceIsWritten() && backend.namespace().equals(route.namespace());
    return isAnywhere
        || !service.namespaceIsWritten()
        || service.namespace().equals(backend.namespace());
  }

  /** Whether a Service that may be meant is surely deployed together with the route. */
  private static boolean isMeant(Service service, Route route, Backend backend) {
    boolean sameNamespace =
        service.namespaceIsWritten()
            && service.namespace().equals(backend.namespace())
            && !service.namespace().equals("default")
            && (route.namespaceIsWritten() || !backend.namespace().equals(route.namespace()));
    return sameNamespace || service.cluster() == route.cluster();
  }

  private static boolean mayHave(Service service, Backend backend) {
    return service.isExternalName() // what it leads to has ports of its own
        || service.ports().isEmpty() // a headless one, or a stub
        || !service.resource().isUnderstood()
        || service.cluster().world().patchesOf(service).stream()
            .anyMatch(
                patch ->
                    patch
                        .tree()
                        .get("spec")
                        .flatMap(s -> s.asMapping())
                        .flatMap(s -> s.get("ports"))
                        .isPresent())
        || service.ports().stream().anyMatch(port -> isPort(port, backend));
  }

  private static boolean isPort(V1ServicePort port, Backend backend) {
    return backend.portName().isEmpty()
        ? Integer.valueOf(backend.portNumber()).equals(port.getPort())
        : backend.portName().equals(port.getName());
  }

  private static boolean isTarget(V1ServicePort port, Backend backend) {
    IntOrString target = Service.target(port);
    return target != null && target.toString().equals(backend.port());
  }

  /** {@code http (80), 9090}. */
  private static String list(List<V1ServicePort> ports) {
    return ports.isEmpty()
        ? "none"
        : ports.stream()
            .map(
                port ->
                    port.getName() == null || port.getName().isEmpty()
                        ? String.valueOf(port.getPort())
                        : port.getName() + " (" + port.getPort() + ")")
            .collect(Collectors.joining(", "));
  }
}
