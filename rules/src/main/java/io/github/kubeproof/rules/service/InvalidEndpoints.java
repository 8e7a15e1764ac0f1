package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.rules.manifest.Variables;
import io.kubernetes.client.openapi.models.CoreV1EndpointPort;
import io.kubernetes.client.openapi.models.DiscoveryV1EndpointPort;
import io.kubernetes.client.openapi.models.V1Endpoint;
import io.kubernetes.client.openapi.models.V1EndpointAddress;
import io.kubernetes.client.openapi.models.V1EndpointHints;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1EndpointSubset;
import io.kubernetes.client.openapi.models.V1Endpoints;
import io.kubernetes.client.openapi.models.V1ForNode;
import io.kubernetes.client.openapi.models.V1ForZone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * KP435: endpoints that are too many, not named apart, or named in a way no host is.
 *
 * <p>Addresses are judged by KP019, port numbers and the spelling of port names by KP005.
 *
 * @see "pkg/apis/discovery/validation/validation.go; pkg/apis/core/validation/validation.go"
 */
public final class InvalidEndpoints implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP435",
          "invalid-endpoints",
          "an EndpointSlice or Endpoints object has too many entries, or such that no host has");

  private static final int MOST_ENDPOINTS = 1000;
  private static final int MOST_ADDRESSES = 100;
  private static final int MOST_HINTS = 8;
  private static final int MOST_PORTS = 20_000;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    cluster
        .all(V1EndpointSlice.class)
        .forEach(found -> new Reading(cluster, found.resource(), findings).check(found.model()));
    cluster
        .all(V1Endpoints.class)
        .forEach(found -> new Reading(cluster, found.resource(), findings).check(found.model()));
  }

  /** One object. */
  private record Reading(Cluster cluster, Resource resource, Findings findings) {

    void check(V1EndpointSlice slice) {
      List<V1Endpoint> endpoints = Lists.orEmpty(slice.getEndpoints());
      most(resource.at("endpoints"), "endpoints", endpoints.size(), MOST_ENDPOINTS);
      for (V1Endpoint endpoint : endpoints) {
        check(endpoint, "FQDN".equals(slice.getAddressType()));
      }
      List<DiscoveryV1EndpointPort> ports = Lists.orEmpty(slice.getPorts());
      most(resource.at("ports"), "ports", ports.size(), MOST_PORTS);
      List<String> names = new ArrayList<>();
      for (DiscoveryV1EndpointPort port : ports) {
        names.add(port.getName() == null ? "" : port.getName());
        protocolOfApplication(cluster.at(port, "appProtocol"), port.getAppProtocol());
      }
      different(resource.at("ports"), "name", names);
    }

    private void check(V1Endpoint endpoint, boolean byName) {
      Place place = cluster.at(endpoint);
      List<String> addresses = Lists.orEmpty(endpoint.getAddresses());
      // where the field is not there at all, KP017 speaks of it
      if (addresses.isEmpty() && endpoint.getAddresses() != null && resource.isUnderstood()) {
        findings.report(resource, place.then("addresses"), "the endpoint has no address");
      }
      most(place.then("addresses"), "addresses", addresses.size(), MOST_ADDRESSES);
      for (int i = 0; byName && i < addresses.size(); i++) {
        String address = addresses.get(i);
        String name = address.endsWith(".") ? address.substring(0, address.length() - 1) : address;
        Optional<String> flaw = Names.flawOfDnsName(name);
        report(
            place.then("addresses", i),
            "address",
            address,
            flaw.isPresent() || name.contains(".") ? flaw : Optional.of("has no domain"));
      }
      name(place.then("nodeName"), "nodeName", endpoint.getNodeName());
      label(place.then("hostname"), endpoint.getHostname());
      hints(place.then("hints"), endpoint.getHints());
    }

    private void hints(Place place, @Nullable V1EndpointHints hints) {
      if (hints == null) {
        return;
      }
      List<String> zones =
          Lists.orEmpty(hints.getForZones()).stream().map(V1ForZone::getName).toList();
      List<String> nodes =
          Lists.orEmpty(hints.getForNodes()).stream().map(V1ForNode::getName).toList();
      most(place.then("forZones"), "zones", zones.size(), MOST_HINTS);
      most(place.then("forNodes"), "nodes", nodes.size(), MOST_HINTS);
      different(place.then("forZones"), "name", zones);
      different(place.then("forNodes"), "name", nodes);
    }

    void check(V1Endpoints endpoints) {
      List<V1EndpointSubset> subsets = Lists.orEmpty(endpoints.getSubsets());
      for (int i = 0; i < subsets.size(); i++) {
        check(subsets.get(i), resource.at("subsets", i));
      }
    }

    private void check(V1EndpointSubset subset, Place place) {
      List<V1EndpointAddress> addresses = new ArrayList<>(Lists.orEmpty(subset.getAddresses()));
      addresses.addAll(Lists.orEmpty(subset.getNotReadyAddresses()));
      if (addresses.isEmpty() && resource.isUnderstood()) {
        findings
            .report(resource, place, "the subset has neither addresses nor notReadyAddresses")
            .help("list the addresses, or remove the subset");
      }
      for (V1EndpointAddress address : addresses) {
        name(cluster.at(address, "nodeName"), "nodeName", address.getNodeName());
        label(cluster.at(address, "hostname"), address.getHostname());
      }
      List<CoreV1EndpointPort> ports = Lists.orEmpty(subset.getPorts());
      for (CoreV1EndpointPort port : ports) {
        protocolOfApplication(cluster.at(port, "appProtocol"), port.getAppProtocol());
        if (ports.size() > 1 && (port.getName() == null || port.getName().isEmpty())) {
          findings
              .report(
                  resource,
                  cluster.at(port, "name"),
                  "port " + port.getPort() + " has no name, but needs one beside other ports")
              .help("give each port the name that it has in the Service");
        }
      }
    }

    private void most(Place place, String what, int count, int most) {
      if (count > most) {
        findings.report(
            resource, place, count + " " + what + " are listed, but " + most + " are the most");
      }
    }

    private void different(Place list, String key, List<String> values) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < values.size(); i++) {
        if (!seen.add(values.get(i))) {
          findings.report(
              resource,
              list.then(i, key),
              values.get(i).isEmpty()
                  ? "a second item of the list has no name"
                  : "name \"" + values.get(i) + "\" stands twice in the list");
        }
      }
    }

    private void name(Place place, String what, @Nullable String name) {
      if (name != null) {
        report(place, what, name, Names.flawOfDnsName(name));
      }
    }

    private void label(Place place, @Nullable String hostname) {
      if (hostname != null && !hostname.isEmpty()) {
        report(place, "hostname", hostname, Names.flawOfDnsLabel(hostname));
      }
    }

    private void protocolOfApplication(Place place, @Nullable String protocol) {
      if (protocol != null) {
        report(place, "appProtocol", protocol, Names.flawOfLabelKey(protocol));
      }
    }

    private void report(Place place, String what, String text, Optional<String> flaw) {
      Variables.reportFlaw(resource, place, what, text, flaw, findings);
    }
  }
}
