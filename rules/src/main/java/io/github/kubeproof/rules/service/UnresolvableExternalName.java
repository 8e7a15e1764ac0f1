package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.traffic.Address;
import java.util.List;
import java.util.Locale;

/** KP417: an ExternalName that no client can resolve to something useful. */
public final class UnresolvableExternalName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP417",
          "unresolvable-external-name",
          Severity.WARNING,
          Confidence.PROVED,
          "an externalName is an address, the Service itself, or no complete name");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      String written = service.spec().getExternalName();
      if (service.isExternalName() && written != null && !written.isEmpty()) {
        String name = written.toLowerCase(Locale.ROOT);
        check(service, name.endsWith(".") ? name.substring(0, name.length() - 1) : name, findings);
      }
    }
  }

  private static void check(Service service, String name, Findings findings) {
    Cluster cluster = service.cluster();
    String domain = ".svc." + cluster.settings().domain();
    String own = service.name() + "." + service.namespace() + domain;
    if (Address.parse(name).isPresent()) {
      report(
              service,
              name + " is an address, but DNS answers with it as if it were a name",
              findings)
          .severity(Severity.ERROR)
          .help("give the Service no selector and an EndpointSlice with the address");
    } else if (name.equals(own)) {
      report(service, "the Service leads to itself", findings).severity(Severity.ERROR);
    } else if (name.equals("localhost") || name.startsWith("localhost.")) {
      report(service, name + " is the client itself, whichever pod that is", findings)
          .help("name the host that is meant");
    } else if (!name.contains(".") || name.endsWith(".svc")) {
      report(
              service,
              name + " is no complete name: no search path is applied to the answer of DNS",
              findings)
          .help("write the whole name, for a Service <name>.<namespace>" + domain);
    } else if (name.endsWith(domain)) {
      checkService(service, name.substring(0, name.length() - domain.length()), findings);
    }
  }

  /** A name of the cluster must be that of a Service; it is doubted when one slip away from one. */
  private static void checkService(Service service, String name, Findings findings) {
    int dot = name.lastIndexOf('.');
    if (dot <= 0 || name.indexOf('.') != dot) {
      return;
    }
    World world = service.cluster().world();
    String target = name.substring(0, dot);
    String namespace = name.substring(dot + 1);
    if (!world.services(namespace, target).isEmpty()) {
      return;
    }
    List<Service> slips =
        world.clusters().stream()
            .flatMap(unit -> unit.services().stream())
            .filter(other -> other.namespace().equals(namespace))
            .filter(other -> Spelling.isSlip(target, other.name()))
            .toList();
    if (!slips.isEmpty()) {
      report(
              service,
              "there is no Service %s/%s; did you mean %s?"
                  .formatted(namespace, target, slips.get(0).name()),
              findings)
          .note(slips.get(0).resource().at("metadata", "name"), slips.get(0) + " is here");
    }
  }

  private static Findings.Draft report(Service service, String message, Findings findings) {
    return findings.report(service, service.cluster().at(service.spec(), "externalName"), message);
  }
}
