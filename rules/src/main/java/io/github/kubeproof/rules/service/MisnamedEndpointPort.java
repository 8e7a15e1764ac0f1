package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.ListedEndpoints;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.CoreV1EndpointPort;
import io.kubernetes.client.openapi.models.DiscoveryV1EndpointPort;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1EndpointSubset;
import io.kubernetes.client.openapi.models.V1Endpoints;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** KP424: a port of endpoints that its Service does not know by this name. */
public final class MisnamedEndpointPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP424",
              "misnamed-endpoint-port",
              Severity.WARNING,
              Confidence.PROVED,
              "a port of an EndpointSlice has a name that no port of its Service has")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  // kube-proxy joins ports by name alone: the names must be equal, also when they are empty
  // (k8s.io/api discovery v1 types.go, EndpointPort)
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Cluster.Typed<V1EndpointSlice> found : cluster.all(V1EndpointSlice.class)) {
      String name = ListedEndpoints.serviceOf(found.model());
      for (Service service : services(cluster, found.resource(), name)) {
        for (DiscoveryV1EndpointPort port : Lists.orEmpty(found.model().getPorts())) {
          check(found.resource(), cluster.at(port, "name"), port.getName(), service, findings);
        }
      }
    }
    for (Cluster.Typed<V1Endpoints> found : cluster.all(V1Endpoints.class)) {
      for (Service service : services(cluster, found.resource(), found.resource().name())) {
        for (V1EndpointSubset subset : Lists.orEmpty(found.model().getSubsets())) {
          for (CoreV1EndpointPort port : Lists.orEmpty(subset.getPorts())) {
            check(found.resource(), cluster.at(port, "name"), port.getName(), service, findings);
          }
        }
      }
    }
  }

  /** The Service that endpoints belong to, where it is known; several are alternatives. */
  private static List<Service> services(Cluster cluster, Resource endpoints, String name) {
    List<Service> services = cluster.world().services(cluster.namespaceOf(endpoints), name);
    return services.size() == 1 && !services.get(0).ports().isEmpty() ? services : List.of();
  }

  private static void check(
      Resource resource,
      Place place,
      @Nullable String written,
      Service service,
      Findings findings) {
    String name = Optional.ofNullable(written).orElse("");
    List<String> known =
        service.ports().stream()
            .map(port -> Optional.ofNullable(port.getName()).orElse(""))
            .toList();
    if (known.contains(name)) {
      return;
    }
    findings
        .report(
            resource,
            place,
            (name.isEmpty()
                    ? "the port has no name, but those of " + service + " have"
                    : service + " has no port of the name \"" + name + "\"")
                + ": no traffic comes to it")
        .help(
            known.equals(List.of(""))
                ? "leave the name out, as the Service does"
                : "give it the name of the Service's port: " + String.join(", ", known))
        .unsafeFix(
            "name it " + String.join(", ", known),
            "traffic of the Service comes to it",
            !name.isEmpty() && known.size() == 1 && !known.get(0).isEmpty()
                ? Edits.value(place, known.get(0))
                : List.of())
        .note(service.resource().at("spec", "ports"), "the ports of " + service);
  }
}
