package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1ServiceSpec;
import java.util.Map;

/** KP434: a wish for traffic to stay near that something else overrules. */
public final class IneffectiveTopologyHint implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP434",
              "ineffective-topology-hint",
              Severity.WARNING,
              Confidence.PROVED,
              "a wish for traffic to stay near has no effect on this Service")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  private static final String MODE = "service.kubernetes.io/topology-mode";
  private static final String HINTS = "service.kubernetes.io/topology-aware-hints";

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      V1ObjectMeta meta = service.model().getMetadata();
      Map<String, String> annotations = Lists.orEmpty(meta == null ? null : meta.getAnnotations());
      if (service.spec().getTrafficDistribution() != null) {
        check(service, annotations, findings);
      }
      if (annotations.containsKey(HINTS)) {
        findings
            .report(
                service,
                service.resource().at("metadata", "annotations", HINTS),
                "annotation " + HINTS + " is deprecated since Kubernetes 1.27")
            .severity(Severity.INFO)
            .help("write trafficDistribution: PreferClose, or the annotation " + MODE);
      }
    }
  }

  private static void check(Service service, Map<String, String> annotations, Findings findings) {
    V1ServiceSpec spec = service.spec();
    if (service.isHeadless() || service.isExternalName()) {
      report(service, "nothing but DNS answers for this Service", findings)
          .help("remove it")
          .fix(
              "remove trafficDistribution",
              Edits.remove(service.cluster().at(spec, "trafficDistribution")));
    } else if ("auto".equalsIgnoreCase(annotations.getOrDefault(MODE, ""))) {
      report(service, "the annotation " + MODE + " comes before it", findings)
          .note(service.resource().at("metadata", "annotations", MODE), "the annotation")
          .help("keep one of the two");
    } else if ("Local".equals(spec.getInternalTrafficPolicy())
        && service.type().equals("ClusterIP")) {
      report(service, "internalTrafficPolicy: Local keeps all traffic on its node", findings)
          .note(service.cluster().at(spec, "internalTrafficPolicy"), "the stricter wish")
          .help("keep one of the two");
    }
  }

  private static Findings.Draft report(Service service, String reason, Findings findings) {
    return findings.report(
        service,
        service.cluster().at(service.spec(), "trafficDistribution"),
        "trafficDistribution has no effect: " + reason);
  }
}
