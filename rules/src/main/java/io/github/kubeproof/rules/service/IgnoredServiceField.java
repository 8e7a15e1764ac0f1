package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.openapi.models.V1ServiceSpec;

/** KP418: a field that a Service may have, but that does nothing there. */
public final class IgnoredServiceField implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP418",
              "ignored-service-field",
              Severity.WARNING,
              Confidence.PROVED,
              "a field of a Service is accepted, but does nothing for a Service of its type")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  // core service/warnings.go, GetWarningsForService
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      V1ServiceSpec spec = service.spec();
      boolean external = !Lists.orEmpty(spec.getExternalIPs()).isEmpty();
      if (service.isExternalName()) {
        if (external) {
          report(
              service, "externalIPs", "of type ExternalName: there is no proxy for it", findings);
        }
        if (!Lists.orEmpty(spec.getSelector()).isEmpty()) {
          report(service, "selector", "of type ExternalName: it has no pods", findings)
              .severity(Severity.INFO);
        }
        if ("ClientIP".equals(spec.getSessionAffinity())) {
          report(
                  service,
                  "sessionAffinity",
                  "of type ExternalName: there is no proxy for it",
                  findings)
              .severity(Severity.INFO);
        }
      } else if (spec.getExternalName() != null && !spec.getExternalName().isEmpty()) {
        report(
            service,
            "externalName",
            "of type " + service.type() + ": clients get its own address",
            findings);
      }
      if (service.type().equals("ClusterIP") && service.isHeadless()) {
        checkHeadless(service, spec, external, findings);
      }
    }
  }

  private static void checkHeadless(
      Service service, V1ServiceSpec spec, boolean external, Findings findings) {
    String why = "that is headless: clients go to its pods directly";
    if (spec.getLoadBalancerIP() != null && !spec.getLoadBalancerIP().isEmpty()) {
      report(service, "loadBalancerIP", why, findings);
    }
    if (external) {
      report(service, "externalIPs", why, findings);
    }
    if ("ClientIP".equals(spec.getSessionAffinity())) {
      report(service, "sessionAffinity", why, findings);
    }
  }

  private static Draft report(Service service, String field, String why, Findings findings) {
    return findings
        .report(
            service,
            service.resource().at("spec", field),
            field + " is ignored in a Service " + why)
        .help("remove it, or change the type of the Service")
        .fix("remove " + field, Edits.remove(service.resource().at("spec", field)));
  }
}
