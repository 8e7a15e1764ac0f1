package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import io.kubernetes.client.openapi.models.V1Endpoint;
import io.kubernetes.client.openapi.models.V1EndpointAddress;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1EndpointSubset;
import io.kubernetes.client.openapi.models.V1Endpoints;
import io.kubernetes.client.openapi.models.V1HostAlias;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** KP019: an IP address that is none, or one that cannot be where it is written. */
public final class InvalidIpAddress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP019",
          "invalid-ip-address",
          "an IP address cannot be read, or is one that never leaves a host or its link");

  /** What no endpoint and no external address may be (core validation.go, ValidateNonSpecialIP). */
  private static final Map<Cidr, String> SPECIAL =
      Map.of(
          Cidr.of("0.0.0.0/32"), "means no address",
          Cidr.of("::/128"), "means no address",
          Cidr.of("127.0.0.0/8"), "is the host itself",
          Cidr.of("::1/128"), "is the host itself",
          Cidr.of("169.254.0.0/16"), "is known on its own link only",
          Cidr.of("fe80::/10"), "is known on its own link only",
          Cidr.of("224.0.0.0/24"), "is known on its own link only");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Addresses addresses = new Addresses(cluster, findings);
    cluster.services().forEach(addresses::check);
    cluster.workloads().forEach(addresses::check);
    cluster.all(V1Endpoints.class).forEach(f -> addresses.check(f.resource(), f.model()));
    cluster.all(V1EndpointSlice.class).forEach(f -> addresses.check(f.resource(), f.model()));
  }

  /** Walks over the addresses of one unit. */
  private record Addresses(Cluster cluster, Findings findings) {

    void check(Service service) {
      Resource resource = service.resource();
      if (!service.isExternalName()) {
        checkClusterAddresses(service);
      }
      List<String> external = Lists.orEmpty(service.spec().getExternalIPs());
      for (int i = 0; i < external.size(); i++) {
        reachable(resource, resource.at("spec", "externalIPs", i), external.get(i));
      }
    }

    /** The server looks at the list; without one it makes it of the single address. */
    private void checkClusterAddresses(Service service) {
      Resource resource = service.resource();
      List<String> list = Lists.orEmpty(service.spec().getClusterIPs());
      String single = service.spec().getClusterIP();
      if (list.isEmpty() && single != null && !single.isEmpty() && !single.equals("None")) {
        address(resource, resource.at("spec", "clusterIP"), single);
      }
      for (int i = 0; i < list.size(); i++) {
        if (!list.get(i).equals("None")) {
          address(resource, resource.at("spec", "clusterIPs", i), list.get(i));
        }
      }
    }

    void check(Workload workload) {
      V1PodDNSConfig config = workload.podSpec().getDnsConfig();
      if (config != null) {
        List<String> nameservers = Lists.orEmpty(config.getNameservers());
        for (int i = 0; i < nameservers.size(); i++) {
          address(workload.resource(), cluster.at(config, "nameservers", i), nameservers.get(i));
        }
      }
      for (V1HostAlias alias : Lists.orEmpty(workload.podSpec().getHostAliases())) {
        if (alias.getIp() != null) {
          address(workload.resource(), cluster.at(alias, "ip"), alias.getIp());
        }
      }
    }

    void check(Resource resource, V1Endpoints endpoints) {
      for (V1EndpointSubset subset : Lists.orEmpty(endpoints.getSubsets())) {
        for (V1EndpointAddress address : Lists.orEmpty(subset.getAddresses())) {
          if (address.getIp() != null) {
            reachable(resource, cluster.at(address, "ip"), address.getIp());
          }
        }
        for (V1EndpointAddress address : Lists.orEmpty(subset.getNotReadyAddresses())) {
          if (address.getIp() != null) {
            reachable(resource, cluster.at(address, "ip"), address.getIp());
          }
        }
      }
    }

    void check(Resource resource, V1EndpointSlice slice) {
      String type = slice.getAddressType();
      if (!"IPv4".equals(type) && !"IPv6".equals(type)) {
        return;
      }
      for (V1Endpoint endpoint : Lists.orEmpty(slice.getEndpoints())) {
        List<String> addresses = Lists.orEmpty(endpoint.getAddresses());
        for (int i = 0; i < addresses.size(); i++) {
          Place place = cluster.at(endpoint, "addresses", i);
          Optional<Address> address = reachable(resource, place, addresses.get(i));
          if (address.isPresent() && address.get().v6() != type.equals("IPv6")) {
            findings
                .report(
                    resource,
                    place,
                    "\"" + addresses.get(i) + "\" is not of the slice's addressType " + type)
                .note(resource.at("addressType"), "the type of all addresses here");
          }
        }
      }
    }

    private Optional<Address> reachable(Resource resource, Place place, String text) {
      Optional<Address> address = address(resource, place, text);
      if (address.isPresent()) {
        SPECIAL.forEach(
            (block, why) -> {
              if (block.contains(address.get())) {
                findings.report(resource, place, "\"" + text + "\" cannot be reached: it " + why);
              }
            });
      }
      return address;
    }

    private Optional<Address> address(Resource resource, Place place, String text) {
      Optional<Address> address = Address.parse(text);
      if (address.isEmpty()) {
        Findings.Draft draft =
            findings.report(resource, place, "\"" + text + "\" is no IP address");
        Variables.mind(text, draft);
        if (Cidr.parse(text).isPresent()) {
          draft.help("leave the prefix length away: this is the place of one address");
        }
      }
      // Go takes an IPv4 address written as IPv6 for what it stands for
      return address.filter(found -> !Cidr.of("::ffff:0:0/95").contains(found));
    }
  }
}
