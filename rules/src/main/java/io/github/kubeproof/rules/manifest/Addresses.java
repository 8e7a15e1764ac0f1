package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1Endpoint;
import io.kubernetes.client.openapi.models.V1EndpointAddress;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1EndpointSubset;
import io.kubernetes.client.openapi.models.V1Endpoints;
import io.kubernetes.client.openapi.models.V1HostAlias;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The single IP addresses of a unit, as they are written. */
final class Addresses {

  /**
   * A text that should be an IP address.
   *
   * @param isTarget whether traffic is sent to it from other hosts
   */
  record Found(Resource resource, Place place, String text, boolean isTarget) {}

  private final Cluster cluster;
  private final List<Found> found = new ArrayList<>();

  private Addresses(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Those of Services, endpoints, nameservers and host aliases. */
  static List<Found> of(Cluster cluster) {
    Addresses addresses = new Addresses(cluster);
    cluster.services().forEach(addresses::add);
    cluster.workloads().forEach(addresses::add);
    cluster.all(V1Endpoints.class).forEach(f -> addresses.add(f.resource(), f.model()));
    cluster.all(V1EndpointSlice.class).forEach(f -> addresses.add(f.resource(), f.model()));
    return addresses.found;
  }

  private void add(Service service) {
    Resource resource = service.resource();
    if (!service.isExternalName()) {
      // the server looks at the list; without one it makes it of the single address
      List<String> list = Lists.orEmpty(service.spec().getClusterIPs());
      String single = service.spec().getClusterIP();
      if (list.isEmpty() && single != null && !single.isEmpty() && !single.equals("None")) {
        found.add(new Found(resource, resource.at("spec", "clusterIP"), single, false));
      }
      for (int i = 0; i < list.size(); i++) {
        if (!list.get(i).equals("None")) {
          Place place = resource.at("spec", "clusterIPs", i);
          found.add(new Found(resource, place, list.get(i), false));
        }
      }
    }
    add(resource, resource.at("spec", "externalIPs"), service.spec().getExternalIPs(), true);
  }

  private void add(Workload workload) {
    V1PodDNSConfig config = workload.podSpec().getDnsConfig();
    if (config != null) {
      Place list = cluster.at(config, "nameservers");
      add(workload.resource(), list, config.getNameservers(), false);
    }
    for (V1HostAlias alias : Lists.orEmpty(workload.podSpec().getHostAliases())) {
      if (alias.getIp() != null) {
        Place place = cluster.at(alias, "ip");
        found.add(new Found(workload.resource(), place, alias.getIp(), false));
      }
    }
  }

  private void add(Resource resource, V1Endpoints endpoints) {
    for (V1EndpointSubset subset : Lists.orEmpty(endpoints.getSubsets())) {
      List<V1EndpointAddress> addresses = new ArrayList<>(Lists.orEmpty(subset.getAddresses()));
      addresses.addAll(Lists.orEmpty(subset.getNotReadyAddresses()));
      for (V1EndpointAddress address : addresses) {
        if (address.getIp() != null) {
          found.add(new Found(resource, cluster.at(address, "ip"), address.getIp(), true));
        }
      }
    }
  }

  private void add(Resource resource, V1EndpointSlice slice) {
    String type = slice.getAddressType();
    if ("IPv4".equals(type) || "IPv6".equals(type)) {
      for (V1Endpoint endpoint : Lists.orEmpty(slice.getEndpoints())) {
        add(resource, cluster.at(endpoint, "addresses"), endpoint.getAddresses(), true);
      }
    }
  }

  private void add(Resource resource, Place list, @Nullable List<String> texts, boolean isTarget) {
    List<String> items = Lists.orEmpty(texts);
    for (int i = 0; i < items.size(); i++) {
      found.add(new Found(resource, list.then(i), items.get(i), isTarget));
    }
  }
}
