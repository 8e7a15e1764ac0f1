package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.kubernetes.client.openapi.models.CoreV1EndpointPort;
import io.kubernetes.client.openapi.models.DiscoveryV1EndpointPort;
import io.kubernetes.client.openapi.models.V1Endpoint;
import io.kubernetes.client.openapi.models.V1EndpointAddress;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1EndpointSubset;
import io.kubernetes.client.openapi.models.V1Endpoints;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of a Service that somebody wrote down: a part of Endpoints, or an EndpointSlice.
 *
 * @param service the name of the Service, which is in the same namespace
 * @param addresses of those that are ready, as they are written
 * @param besidePods whether they also count where the Service has a selector: a slice that no
 *     controller manages does, and Endpoints are replaced by those of the pods
 * @see "k8s.io/api discovery/v1 types.go: EndpointSlice, Endpoint, EndpointPort"
 */
public record ListedEndpoints(
    String namespace,
    String service,
    List<String> addresses,
    List<Port> ports,
    boolean besidePods) {

  /** The label of an EndpointSlice that names its Service. */
  public static final String SERVICE = "kubernetes.io/service-name";

  /** The label of an EndpointSlice that names what keeps it up to date. */
  private static final String MANAGER = "endpointslice.kubernetes.io/managed-by";

  private static final String CONTROLLER = "endpointslice-controller.k8s.io";

  /** Endpoints with this label do not become EndpointSlices, and nothing else reads them. */
  private static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";

  public ListedEndpoints {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  /**
   * A port that all of them have.
   *
   * @param name that of the Service's port; empty where that has none
   */
  public record Port(String name, Protocol protocol, int number) {}

  /** What an object lists; nothing where it is of another kind, or for no Service. */
  static List<ListedEndpoints> of(Resource resource, String namespace) {
    List<ListedEndpoints> listed = new ArrayList<>();
    resource.as(V1Endpoints.class).ifPresent(model -> add(model, resource, namespace, listed));
    resource.as(V1EndpointSlice.class).ifPresent(model -> add(model, namespace, listed));
    return listed;
  }

  private static void add(
      V1Endpoints model, Resource resource, String namespace, List<ListedEndpoints> listed) {
    if ("true".equals(labels(model.getMetadata()).get(SKIP_MIRROR))) {
      return;
    }
    for (V1EndpointSubset subset : Lists.orEmpty(model.getSubsets())) {
      List<String> addresses = new ArrayList<>();
      for (V1EndpointAddress address : Lists.orEmpty(subset.getAddresses())) {
        Optional.ofNullable(address.getIp()).ifPresent(addresses::add);
      }
      List<Port> ports = new ArrayList<>();
      for (CoreV1EndpointPort port : Lists.orEmpty(subset.getPorts())) {
        port(port.getName(), port.getProtocol(), port.getPort()).ifPresent(ports::add);
      }
      listed.add(new ListedEndpoints(namespace, resource.name(), addresses, ports, false));
    }
  }

  private static void add(V1EndpointSlice model, String namespace, List<ListedEndpoints> listed) {
    String service = serviceOf(model);
    if (service.isEmpty()) {
      return;
    }
    List<String> addresses = new ArrayList<>();
    for (V1Endpoint endpoint : Lists.orEmpty(model.getEndpoints())) {
      // absent means ready, and kube-proxy does not look at further addresses
      boolean ready =
          endpoint.getConditions() == null
              || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
      if (ready) {
        Lists.orEmpty(endpoint.getAddresses()).stream().findFirst().ifPresent(addresses::add);
      }
    }
    List<Port> ports = new ArrayList<>();
    for (DiscoveryV1EndpointPort port : Lists.orEmpty(model.getPorts())) {
      port(port.getName(), port.getProtocol(), port.getPort()).ifPresent(ports::add);
    }
    boolean besidePods = !CONTROLLER.equals(labels(model.getMetadata()).get(MANAGER));
    listed.add(new ListedEndpoints(namespace, service, addresses, ports, besidePods));
  }

  private static Optional<Port> port(
      @Nullable String name, @Nullable String protocol, @Nullable Integer number) {
    return number == null
        ? Optional.empty()
        : Protocol.of(protocol).map(known -> new Port(name == null ? "" : name, known, number));
  }

  /** The name of the Service that an EndpointSlice is for; empty when it says none. */
  public static String serviceOf(V1EndpointSlice slice) {
    return labels(slice.getMetadata()).getOrDefault(SERVICE, "");
  }

  private static Map<String, String> labels(@Nullable V1ObjectMeta meta) {
    return Lists.orEmpty(meta == null ? null : meta.getLabels());
  }

  /**
   * The ports on which traffic for a port of the Service arrives. They are joined by name and
   * protocol: the Service's targetPort does not count.
   */
  public List<Integer> numbers(String name, Protocol protocol) {
    return ports.stream()
        .filter(port -> port.name().equals(name) && port.protocol() == protocol)
        .map(Port::number)
        .toList();
  }
}
