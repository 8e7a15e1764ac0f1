package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.manifest.Resource;
import java.util.Set;

/**
 * Pods that operators make of custom objects. Which labels they get is the operator's business; so
 * a selector that such pods may satisfy is never said to match nothing.
 */
final class CustomWorkloads {

  /**
   * Groups whose objects configure the network, the build or the cluster and never become pods that
   * a Service selects.
   */
  private static final Set<String> WITHOUT_PODS =
      Set.of(
          "apiextensions.k8s.io",
          "apiregistration.k8s.io",
          "admissionregistration.k8s.io",
          "authentication.k8s.io",
          "authorization.k8s.io",
          "autoscaling",
          "cert-manager.io",
          "certificates.k8s.io",
          "cilium.io",
          "coordination.k8s.io",
          "crd.projectcalico.org",
          "discovery.k8s.io",
          "events.k8s.io",
          "external-secrets.io",
          "flowcontrol.apiserver.k8s.io",
          "gateway.networking.k8s.io",
          "gateway.networking.x-k8s.io",
          "inference.networking.k8s.io",
          "kustomize.config.k8s.io",
          "kyverno.io",
          "metrics.k8s.io",
          "networking.istio.io",
          "networking.k8s.io",
          "node.k8s.io",
          "policy",
          "policy.networking.k8s.io",
          "projectcalico.org",
          "rbac.authorization.k8s.io",
          "scheduling.k8s.io",
          "security.istio.io",
          "storage.k8s.io",
          "telemetry.istio.io",
          "templates.gatekeeper.sh",
          "constraints.gatekeeper.sh");

  private static final Set<String> BUILT_IN = Set.of("", "apps", "batch", "extensions");

  /** Kinds of monitoring.coreos.com that only tell Prometheus what to do. */
  private static final Set<String> MONITORING =
      Set.of(
          "ServiceMonitor",
          "PodMonitor",
          "PrometheusRule",
          "Probe",
          "ScrapeConfig",
          "AlertmanagerConfig");

  private CustomWorkloads() {}

  static boolean mayMakePods(Resource resource) {
    return !BUILT_IN.contains(resource.group())
        && !WITHOUT_PODS.contains(resource.group())
        && !MONITORING.contains(resource.kind())
        && !resource.kind().endsWith("List");
  }

  /**
   * Whether pods that an operator makes of a custom object may satisfy a selector of a member: they
   * are in a namespace it may share, and nothing that every pod carries contradicts. No label of
   * such pods is known, so any selector may be theirs but one that excludes everything.
   */
  static boolean mayMatch(Resource custom, Member member, Selector selector) {
    String namespace = custom.writtenNamespace();
    boolean shared =
        namespace.isEmpty() || !member.namespaceIsWritten() || namespace.equals(member.namespace());
    return shared
        && selector.requirements().stream().noneMatch(CustomWorkloads::belongsToAController);
  }

  private static boolean belongsToAController(Requirement requirement) {
    return requirement.key().equals("pod-template-hash");
  }
}
