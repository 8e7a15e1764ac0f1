package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Optional;

/** KP503: a backend that controllers cannot send such traffic to. */
public final class UnsuitableBackend implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP503",
          "unsuitable-backend",
          Severity.WARNING,
          Confidence.PROVED,
          "the backend of an Ingress or a route cannot take its traffic: another protocol, or an"
              + " ExternalName");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Route route : cluster.routes()) {
      for (Backend backend : route.backends()) {
        // conflict is claimed for what is surely meant: the Service of the same unit
        List<Service> meant =
            cluster.services().stream()
                .filter(service -> service.name().equals(backend.service()))
                .filter(service -> service.namespace().equals(backend.namespace()))
                .toList();
        if (meant.size() == 1) {
          check(route, backend, meant.get(0), findings);
        }
      }
    }
  }

  private static void check(Route route, Backend backend, Service service, Findings findings) {
    if (service.isExternalName()) {
      boolean isIngress = route.resource().kind().equals("Ingress");
      findings
          .report(
              route,
              backend.place(),
              service + " is an ExternalName, which not every controller sends traffic to")
          .severity(isIngress ? Severity.INFO : Severity.WARNING)
          .note(service.cluster().at(service.spec(), "type"), service + " has no pods of its own")
          .help(
              isIngress
                  ? "make sure that the controller follows it, and sends the right Host header"
                  : "the Gateway API advises controllers not to follow it: give the Service"
                      + " EndpointSlices instead");
      return;
    }
    Protocol wanted = route.protocol();
    List<V1ServicePort> ports =
        service.ports().stream().filter(port -> isPort(port, backend)).toList();
    boolean fits =
        ports.stream()
            .map(port -> Protocol.of(port.getProtocol()))
            .anyMatch(protocol -> protocol.isEmpty() || protocol.equals(Optional.of(wanted)));
    if (!ports.isEmpty() && !fits) {
      V1ServicePort port = ports.get(0);
      findings
          .report(
              route,
              backend.portPlace(),
              "port %s of %s is %s, but %s sends %s"
                  .formatted(
                      backend.port(),
                      service,
                      Protocol.of(port.getProtocol()).orElseThrow(),
                      route.resource().kind(),
                      wanted))
          .note(service.cluster().at(port, "protocol"), "the protocol of the port")
          .help("name a port of the Service that is " + wanted);
    }
  }

  private static boolean isPort(V1ServicePort port, Backend backend) {
    return backend.portName().isEmpty()
        ? Integer.valueOf(backend.portNumber()).equals(port.getPort())
        : backend.portName().equals(port.getName());
  }
}
