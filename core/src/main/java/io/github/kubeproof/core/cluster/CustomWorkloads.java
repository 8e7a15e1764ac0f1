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
   * Groups whose objects configure the network, the build, the cluster or a tool on somebody's
   * desk, and never become pods that a Service selects.
   */
  private static final Set<String> WITHOUT_PODS =
      Set.of(
          "acme.cert-manager.io",
          "admission.k8s.io",
          "admissionregistration.k8s.io",
          "apiextensions.k8s.io",
          "apiregistration.k8s.io",
          "appprotect.f5.com",
          "authentication.k8s.io",
          "authorization.k8s.io",
          "autoscaling",
          "autoscaling.k8s.io",
          "bitnami.com",
          "build.openshift.io",
          "cert-manager.io",
          "certificates.k8s.io",
          "certmanager.k8s.io",
          "cilium.io",
          "cli.kyverno.io",
          "cloud.google.com",
          "cloudcredential.openshift.io",
          "config.gatekeeper.sh",
          "config.openshift.io",
          "configuration.konghq.com",
          "console.openshift.io",
          "constraints.gatekeeper.sh",
          "coordination.k8s.io",
          "crd.antrea.io",
          "crd.projectcalico.org",
          "csi.ceph.io",
          "dapr.io",
          "discovery.k8s.io",
          "eksctl.io",
          "events.k8s.io",
          "expansion.gatekeeper.sh",
          "extensions.istio.io",
          "external-secrets.io",
          "externaldns.k8s.io",
          "flowcontrol.apiserver.k8s.io",
          "gateway.envoyproxy.io",
          "gateway.networking.k8s.io",
          "gateway.networking.x-k8s.io",
          "gateway.nginx.org",
          "getambassador.io",
          "groupsnapshot.storage.k8s.io",
          "image.openshift.io",
          "image.toolkit.fluxcd.io",
          "inference.networking.k8s.io",
          "inference.networking.x-k8s.io",
          "instancetype.kubevirt.io",
          "internal.gateway.networking.k8s.io",
          "k8s.cni.cncf.io",
          "k8s.nginx.org",
          "k8s.ovn.org",
          "kapp.k14s.io",
          "karpenter.k8s.aws",
          "karpenter.sh",
          "kind.x-k8s.io",
          "kops.k8s.io",
          "kubeadm.k8s.io",
          "kubelet.config.k8s.io",
          "kubeproxy.config.k8s.io",
          "kubescheduler.config.k8s.io",
          "kueue.x-k8s.io",
          "kustomize.config.k8s.io",
          "kyverno.io",
          "machineconfiguration.openshift.io",
          "metallb.io",
          "metrics.k8s.io",
          "monitoring.googleapis.com",
          "multicluster.crd.antrea.io",
          "multicluster.x-k8s.io",
          "mutations.gatekeeper.sh",
          "networking.gke.io",
          "networking.internal.knative.dev",
          "networking.istio.io",
          "networking.k8s.io",
          "node.k8s.io",
          "notification.toolkit.fluxcd.io",
          "objectbucket.io",
          "objectstorage.k8s.io",
          "policies.kyverno.io",
          "policy",
          "policy.linkerd.io",
          "policy.networking.k8s.io",
          "projectcalico.org",
          "projectcontour.io",
          "rbac.authorization.k8s.io",
          "resource.k8s.io",
          "route.openshift.io",
          "scheduling.k8s.io",
          "secrets-store.csi.x-k8s.io",
          "secrets.hashicorp.com",
          "security.istio.io",
          "security.openshift.io",
          "skaffold",
          "snapshot.storage.k8s.io",
          "source.toolkit.fluxcd.io",
          "storage.k8s.io",
          "telemetry.istio.io",
          "templates.gatekeeper.sh",
          "test.gatekeeper.sh",
          "traefik.containo.us",
          "traefik.io",
          "trust.cert-manager.io");

  private static final Set<String> BUILT_IN = Set.of("", "apps", "batch", "extensions");

  /** Kinds that only tell Prometheus or Grafana what to do. */
  private static final Set<String> MONITORING =
      Set.of(
          "ServiceMonitor",
          "PodMonitor",
          "PrometheusRule",
          "Probe",
          "ScrapeConfig",
          "AlertmanagerConfig",
          "GrafanaAlertRuleGroup",
          "GrafanaContactPoint",
          "GrafanaDashboard",
          "GrafanaDatasource",
          "GrafanaFolder");

  private CustomWorkloads() {}

  static boolean mayMakePods(Resource resource) {
    return !BUILT_IN.contains(resource.group())
        && !WITHOUT_PODS.contains(resource.group())
        && !MONITORING.contains(resource.kind())
        && !VirtualMachines.isOne(resource)
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
