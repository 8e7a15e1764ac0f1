package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** KP022: an annotation or a value that the API server warns of, for its days are counted. */
public final class DeprecatedFeature implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP022",
          "deprecated-feature",
          Severity.WARNING,
          Confidence.PROVED,
          "an annotation or value has been replaced by another, and the API server warns of it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    // networking ingress/strategy.go, WarningsOnCreate
    for (Cluster.Typed<V1Ingress> found : cluster.all(V1Ingress.class)) {
      var spec = found.model().getSpec();
      // where both say something else, KP021 speaks of it
      if (spec == null || spec.getIngressClassName() == null) {
        report(
            found.resource(),
            found.model().getMetadata(),
            ContradictoryAnnotation.INGRESS_CLASS,
            "write spec.ingressClassName; the IngressClass of that name must exist",
            findings);
      }
    }
    // core service/warnings.go, GetWarningsForService
    for (Service service : cluster.services()) {
      report(
          service.resource(),
          service.model().getMetadata(),
          ContradictoryAnnotation.HINTS,
          "write " + ContradictoryAnnotation.TOPOLOGY + ", or spec.trafficDistribution",
          findings);
    }
    // discovery endpointslice/strategy.go, warnOnDeprecatedAddressType
    for (Cluster.Typed<V1EndpointSlice> found : cluster.all(V1EndpointSlice.class)) {
      if ("FQDN".equals(found.model().getAddressType())) {
        findings
            .report(
                found.resource(),
                found.resource().at("addressType"),
                "addressType FQDN is deprecated: nothing in Kubernetes ever looked such names up")
            .help("list addresses, or use a Service of type ExternalName");
      }
    }
  }

  private static void report(
      Resource resource, @Nullable V1ObjectMeta meta, String key, String help, Findings findings) {
    Map<String, String> annotations = Lists.orEmpty(meta == null ? null : meta.getAnnotations());
    if (annotations.containsKey(key)) {
      findings
          .report(
              resource,
              resource.at("metadata", "annotations", key),
              "annotation " + key + " is deprecated")
          .help(help);
    }
  }
}
