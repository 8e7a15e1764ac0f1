package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Address;
import java.util.List;
import java.util.Optional;

/**
 * KP425: addresses, families and the policy about them that cannot all be true of one Service.
 *
 * @see "pkg/apis/core/validation/validation.go, ValidateServiceClusterIPsRelatedFields"
 */
public final class DualStackContradiction implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP425",
          "dual-stack-contradiction",
          "clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy of a Service contradict each other");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      // KP412 speaks of an ExternalName, which has no addresses
      if (!service.isExternalName()) {
        checkAddresses(service, findings);
        checkFamilies(service, findings);
        checkPolicy(service, findings);
      }
    }
  }

  private static void checkAddresses(Service service, Findings findings) {
    List<String> all = Lists.orEmpty(service.spec().getClusterIPs());
    String first = service.spec().getClusterIP();
    Place place = service.resource().at("spec", "clusterIPs");
    if (all.isEmpty()) {
      return;
    }
    if (first == null || first.isEmpty()) {
      findings
          .report(service, place, "clusterIPs is set, but clusterIP is not")
          .help("set clusterIP to the first of clusterIPs, or leave both out");
    } else if (!all.get(0).equals(first)) {
      findings
          .report(
              service,
              place.then(0),
              "the first of clusterIPs is " + all.get(0) + ", but clusterIP is " + first)
          .note(service.resource().at("spec", "clusterIP"), "must be the same address");
    }
    if (all.size() > 1 && all.contains("None")) {
      findings
          .report(service, place, "clusterIPs lists None beside another address")
          .help("write None alone for a headless Service, which has no address");
    } else if (all.size() > 2) {
      findings.report(
          service, place, "clusterIPs lists " + all.size() + " addresses, but two are the most");
    } else if (all.size() == 2
        && isV6(all.get(0)).isPresent()
        && isV6(all.get(0)).equals(isV6(all.get(1)))) {
      findings
          .report(service, place, "both of clusterIPs are of one family")
          .help("write one IPv4 and one IPv6 address");
    }
  }

  private static void checkFamilies(Service service, Findings findings) {
    List<String> families = Lists.orEmpty(service.spec().getIpFamilies());
    Place place = service.resource().at("spec", "ipFamilies");
    if (families.size() > 1 && families.get(0).equals(families.get(1))) {
      findings.report(service, place.then(1), families.get(1) + " stands twice in ipFamilies");
    }
    List<String> all = addresses(service);
    for (int i = 0; i < Math.min(all.size(), families.size()); i++) {
      boolean asked = families.get(i).equals("IPv6");
      if (isV6(all.get(i)).filter(v6 -> v6 != asked).isPresent()) {
        Place address =
            Lists.orEmpty(service.spec().getClusterIPs()).isEmpty()
                ? service.resource().at("spec", "clusterIP")
                : service.resource().at("spec", "clusterIPs", i);
        findings
            .report(
                service,
                address,
                "address " + all.get(i) + " is not of the family " + families.get(i))
            .note(place.then(i), "the family that is asked for");
      }
    }
  }

  /** The server makes the list of the single address before it looks at either. */
  private static List<String> addresses(Service service) {
    List<String> all = Lists.orEmpty(service.spec().getClusterIPs());
    String single = service.spec().getClusterIP();
    return !all.isEmpty() ? all : single == null || single.isEmpty() ? List.of() : List.of(single);
  }

  private static void checkPolicy(Service service, Findings findings) {
    String policy = Optional.ofNullable(service.spec().getIpFamilyPolicy()).orElse("SingleStack");
    boolean families = Lists.orEmpty(service.spec().getIpFamilies()).size() > 1;
    boolean addresses = addresses(service).size() > 1 && !addresses(service).contains("None");
    if (policy.equals("SingleStack") && (families || addresses)) {
      findings
          .report(
              service.resource(),
              service.resource().at("spec", "ipFamilyPolicy"),
              service.resource().at("spec", families ? "ipFamilies" : "clusterIPs").span(),
              (families ? "ipFamilies" : "clusterIPs")
                  + " lists two, but ipFamilyPolicy is "
                  + (service.spec().getIpFamilyPolicy() == null ? "not set" : policy))
          .help("set ipFamilyPolicy to PreferDualStack or RequireDualStack, or list one");
    }
  }

  /** Empty for what is no address; KP019 speaks of that. */
  private static Optional<Boolean> isV6(String text) {
    return Address.parse(text).map(Address::v6);
  }
}
