package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.openapi.models.V1APIService;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1Endpoints;
import io.kubernetes.client.openapi.models.V1IPAddress;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1IngressClass;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1MutatingWebhookConfiguration;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.openapi.models.V1ReplicationController;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceCIDR;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1ValidatingWebhookConfiguration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that Kubernetes itself serves, with those of Gateway API, and the models of those that
 * matter for a network.
 */
final class Kinds {

  /** Every kind of these versions; a kind that is not listed does not exist there. */
  private static final Map<String, List<String>> SERVED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "v1",
                  List.of(
                      "Binding",
                      "ComponentStatus",
                      "ConfigMap",
                      "Endpoints",
                      "Event",
                      "LimitRange",
                      "List",
                      "Namespace",
                      "Node",
                      "PersistentVolume",
                      "PersistentVolumeClaim",
                      "Pod",
                      "PodTemplate",
                      "ReplicationController",
                      "ResourceQuota",
                      "Secret",
                      "Service",
                      "ServiceAccount")),
              Map.entry(
                  "apps/v1",
                  List.of(
                      "ControllerRevision",
                      "DaemonSet",
                      "Deployment",
                      "ReplicaSet",
                      "StatefulSet")),
              Map.entry("batch/v1", List.of("CronJob", "Job")),
              Map.entry(
                  "networking.k8s.io/v1",
                  List.of("IPAddress", "Ingress", "IngressClass", "NetworkPolicy", "ServiceCIDR")),
              Map.entry("discovery.k8s.io/v1", List.of("EndpointSlice")),
              Map.entry(
                  "gateway.networking.k8s.io/v1",
                  List.of(
                      "BackendTLSPolicy",
                      "GRPCRoute",
                      "Gateway",
                      "GatewayClass",
                      "HTTPRoute",
                      "ListenerSet",
                      "ReferenceGrant",
                      "TCPRoute",
                      "TLSRoute",
                      "UDPRoute")),
              Map.entry(
                  "admissionregistration.k8s.io/v1",
                  List.of(
                      "MutatingAdmissionPolicy",
                      "MutatingAdmissionPolicyBinding",
                      "MutatingWebhookConfiguration",
                      "ValidatingAdmissionPolicy",
                      "ValidatingAdmissionPolicyBinding",
                      "ValidatingWebhookConfiguration")),
              Map.entry("apiregistration.k8s.io/v1", List.of("APIService")),
              Map.entry("apiextensions.k8s.io/v1", List.of("CustomResourceDefinition")),
              Map.entry("autoscaling/v2", List.of("HorizontalPodAutoscaler")),
              Map.entry("policy/v1", List.of("PodDisruptionBudget")),
              Map.entry(
                  "rbac.authorization.k8s.io/v1",
                  List.of("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")),
              Map.entry("scheduling.k8s.io/v1", List.of("PriorityClass"))));

  private Kinds() {}

  /** The versions that have a kind, as {@code apps/v1}; none for a kind that is not known. */
  static List<String> versionsWith(String kind) {
    return SERVED.entrySet().stream()
        .filter(version -> version.getValue().contains(kind))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The official model of a kind; absent for kinds that are only kept as they were written. */
  static Optional<Class<?>> model(String apiVersion, String kind) {
    return Optional.ofNullable(modelOrNull(apiVersion + " " + kind));
  }

  // Secrets have none: their values stay out of memory that others see. A switch, because it loads
  // only the classes that are met.
  private static @Nullable Class<?> modelOrNull(String apiVersionAndKind) {
    return switch (apiVersionAndKind) {
      case "v1 ConfigMap" -> V1ConfigMap.class;
      case "v1 Endpoints" -> V1Endpoints.class;
      case "v1 Namespace" -> V1Namespace.class;
      case "v1 Pod" -> V1Pod.class;
      case "v1 ReplicationController" -> V1ReplicationController.class;
      case "v1 Service" -> V1Service.class;
      case "apps/v1 DaemonSet" -> V1DaemonSet.class;
      case "apps/v1 Deployment" -> V1Deployment.class;
      case "apps/v1 ReplicaSet" -> V1ReplicaSet.class;
      case "apps/v1 StatefulSet" -> V1StatefulSet.class;
      case "batch/v1 CronJob" -> V1CronJob.class;
      case "batch/v1 Job" -> V1Job.class;
      case "networking.k8s.io/v1 IPAddress" -> V1IPAddress.class;
      case "networking.k8s.io/v1 Ingress" -> V1Ingress.class;
      case "networking.k8s.io/v1 IngressClass" -> V1IngressClass.class;
      case "networking.k8s.io/v1 NetworkPolicy" -> V1NetworkPolicy.class;
      case "networking.k8s.io/v1 ServiceCIDR" -> V1ServiceCIDR.class;
      case "discovery.k8s.io/v1 EndpointSlice" -> V1EndpointSlice.class;
      case "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration" ->
          V1MutatingWebhookConfiguration.class;
      case "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration" ->
          V1ValidatingWebhookConfiguration.class;
      case "apiregistration.k8s.io/v1 APIService" -> V1APIService.class;
      default -> null;
    };
  }

  /**
   * What is wrong with a kind that does not exist in a version that Kubernetes itself serves; empty
   * when it exists, or when nothing like it is known.
   */
  static Optional<String> mistake(String apiVersion, String kind) {
    List<String> served = SERVED.get(apiVersion);
    if (served == null || served.contains(kind)) {
      return Optional.empty();
    }
    String start = "no kind \"" + kind + "\" in " + apiVersion;
    for (Map.Entry<String, List<String>> other : SERVED.entrySet()) {
      if (other.getValue().contains(kind)) {
        return Optional.of(start + ", it is in " + other.getKey());
      }
    }
    return served.stream()
        .filter(other -> isSlip(kind, other))
        .findFirst()
        .map(other -> start + Hints.didYouMean(other));
  }

  // the plural, another case, or two letters; other systems serve kinds of their own under v1
  private static boolean isSlip(String written, String kind) {
    String slip = written.toLowerCase(Locale.ROOT);
    String right = kind.toLowerCase(Locale.ROOT);
    if (slip.length() > right.length() + 2) {
      return false;
    }
    boolean plural = slip.equals(right + "s") || slip.equals(right.replaceAll("y$", "ies"));
    return plural || Spelling.distance(slip, right) <= Math.min(2, right.length() / 4);
  }
}
