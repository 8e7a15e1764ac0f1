package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** KP021: an annotation that says something else than what has taken its place. */
public final class ContradictoryAnnotation implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP021",
              "contradictory-annotation",
              "an annotation says something else than the field or annotation that took its place")
          .fixable(Fixability.SAFE);

  static final String INGRESS_CLASS = "kubernetes.io/ingress.class";
  static final String TOPOLOGY = "service.kubernetes.io/topology-mode";
  static final String HINTS = "service.kubernetes.io/topology-aware-hints";

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    // networking validation.go, ValidateIngressCreate
    for (Cluster.Typed<V1Ingress> found : cluster.all(V1Ingress.class)) {
      String annotation = annotations(found.model().getMetadata()).get(INGRESS_CLASS);
      var spec = found.model().getSpec();
      String field = spec == null ? null : spec.getIngressClassName();
      if (annotation != null && field != null && !annotation.equals(field)) {
        Resource resource = found.resource();
        findings
            .report(
                resource,
                resource.at("metadata", "annotations", INGRESS_CLASS),
                "the annotation names the class \""
                    + annotation
                    + "\", but ingressClassName is \""
                    + field
                    + "\"")
            .help("remove the annotation, which ingressClassName has replaced")
            .fix(
                "remove the annotation",
                Edits.remove(resource.at("metadata", "annotations", INGRESS_CLASS)))
            .note(resource.at("spec", "ingressClassName"), "the other class");
      }
    }
    // core validation.go, ValidateService
    for (Service service : cluster.services()) {
      Map<String, String> annotations = annotations(service.model().getMetadata());
      String mode = annotations.get(TOPOLOGY);
      String hints = annotations.get(HINTS);
      if (mode != null && hints != null && !mode.equals(hints)) {
        findings
            .report(
                service,
                service.resource().at("metadata", "annotations", TOPOLOGY),
                "topology-mode is \"" + mode + "\", but topology-aware-hints is \"" + hints + "\"")
            .help("remove topology-aware-hints, which topology-mode has replaced")
            .fix(
                "remove topology-aware-hints",
                Edits.remove(service.resource().at("metadata", "annotations", HINTS)))
            .note(service.resource().at("metadata", "annotations", HINTS), "the older annotation");
      }
    }
  }

  private static Map<String, String> annotations(@Nullable V1ObjectMeta meta) {
    return Lists.orEmpty(meta == null ? null : meta.getAnnotations());
  }
}
