package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Cluster.Typed;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;

/** KP319: a Namespace asks for isolation with an annotation that nothing reads any more. */
public final class ObsoleteIsolationAnnotation implements Rule {

  private static final String ANNOTATION = "net.beta.kubernetes.io/network-policy";

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP319",
              "obsolete-isolation-annotation",
              Severity.WARNING,
              Confidence.PROVED,
              "an annotation on a Namespace asks for isolation, and nothing reads it any more")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Typed<V1Namespace> namespace : cluster.all(V1Namespace.class)) {
      V1ObjectMeta meta = namespace.model().getMetadata();
      boolean isAnnotated =
          meta != null
              && meta.getAnnotations() != null
              && meta.getAnnotations().containsKey(ANNOTATION);
      if (isAnnotated) {
        findings
            .report(
                namespace.resource(),
                namespace.resource().place().then("metadata", "annotations", ANNOTATION),
                "nothing reads " + ANNOTATION + " since Kubernetes 1.7: it isolates no pod")
            .help("deny by a NetworkPolicy with an empty podSelector and policyTypes: [Ingress]")
            .fix(
                "remove the annotation",
                Edits.remove(namespace.resource().at("metadata", "annotations", ANNOTATION)));
      }
    }
  }
}
