package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** KP022: an annotation or a value that the API server warns of, for its days are counted. */
public final class DeprecatedFeature implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP022",
              "deprecated-feature",
              Severity.WARNING,
              Confidence.PROVED,
              "an annotation or value has been replaced by another, and the API server warns of it")
          .fixable(Fixability.UNSAFE);

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
                findings)
            .ifPresent(draft -> fix(found, draft));
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

  private static Optional<Findings.Draft> report(
      Resource resource, @Nullable V1ObjectMeta meta, String key, String help, Findings findings) {
    return annotations(meta).containsKey(key)
        ? Optional.of(
            findings
                .report(
                    resource,
                    resource.at("metadata", "annotations", key),
                    "annotation " + key + " is deprecated")
                .help(help))
        : Optional.empty();
  }

  private static Map<String, String> annotations(@Nullable V1ObjectMeta meta) {
    return Lists.orEmpty(meta == null ? null : meta.getAnnotations());
  }

  /**
   * Moves the class of an Ingress from the annotation into the field; not for GKE, whose controller
   * reads the annotation alone.
   */
  private static void fix(Cluster.Typed<V1Ingress> ingress, Findings.Draft draft) {
    Resource resource = ingress.resource();
    Map<String, String> annotations = annotations(ingress.model().getMetadata());
    String name = annotations.getOrDefault(ContradictoryAnnotation.INGRESS_CLASS, "");
    Place place = resource.at("metadata", "annotations");
    if (name.equals("gce") || name.equals("gce-internal")) {
      draft.help("keep it: the controller of GKE reads nothing else, whatever the API server says");
    } else if (Names.flawOfDnsName(name).isEmpty()) {
      draft.unsafeFix(
          "write ingressClassName: " + name,
          "the controller of the IngressClass " + name + ", which must exist, takes the requests",
          Edits.all(
              List.of(
                  Edits.remove(
                      annotations.size() == 1
                          ? place
                          : place.then(ContradictoryAnnotation.INGRESS_CLASS)),
                  Edits.addFirst(resource.at("spec"), "ingressClassName", name))));
    }
  }
}
