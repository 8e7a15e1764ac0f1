package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import io.kubernetes.client.openapi.models.V1Endpoint;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
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

  /** Go takes an IPv4 address written as IPv6 for what it stands for. */
  private static final Cidr MAPPED = Cidr.of("::ffff:0:0/95");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Addresses.of(cluster).forEach(found -> check(found, findings));
    cluster
        .all(V1EndpointSlice.class)
        .forEach(f -> checkFamily(cluster, f.resource(), f.model(), findings));
  }

  private static void check(Addresses.Found found, Findings findings) {
    String text = found.text();
    Optional<Address> address = Address.parse(text);
    if (address.isEmpty()) {
      Findings.Draft draft =
          findings.report(found.resource(), found.place(), "\"" + text + "\" is no IP address");
      Variables.mind(text, draft);
      if (Cidr.parse(text).isPresent()) {
        draft.help("leave the prefix length away: this is the place of one address");
      }
    } else if (found.isTarget() && !MAPPED.contains(address.get())) {
      SPECIAL.forEach(
          (block, why) -> {
            if (block.contains(address.get())) {
              findings.report(
                  found.resource(), found.place(), "\"" + text + "\" cannot be reached: it " + why);
            }
          });
    }
  }

  private static void checkFamily(
      Cluster cluster, Resource resource, V1EndpointSlice slice, Findings findings) {
    String type = slice.getAddressType();
    if (!"IPv4".equals(type) && !"IPv6".equals(type)) {
      return;
    }
    for (V1Endpoint endpoint : Lists.orEmpty(slice.getEndpoints())) {
      List<String> addresses = Lists.orEmpty(endpoint.getAddresses());
      for (int i = 0; i < addresses.size(); i++) {
        Optional<Address> address =
            Address.parse(addresses.get(i)).filter(found -> !MAPPED.contains(found));
        if (address.isEmpty()) {
          continue;
        }
        Place place = cluster.at(endpoint, "addresses", i);
        if (address.get().v6() != type.equals("IPv6")) {
          findings
              .report(
                  resource,
                  place,
                  "\"" + addresses.get(i) + "\" is not of the slice's addressType " + type)
              .note(resource.at("addressType"), "the type of all addresses here");
        } else if (address.get().v6() && !address.get().toString().equals(addresses.get(i))) {
          // RFC 5952; the one place where another spelling is refused
          findings
              .report(
                  resource,
                  place,
                  "\"" + addresses.get(i) + "\" is not the canonical form of this address")
              .help("write " + address.get());
        }
      }
    }
  }
}
