package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import java.util.Set;

/** What makes two objects the same one for the API server; the version does not count. */
public record Identity(String group, String kind, String namespace, String name) {

  private static final Set<String> CLUSTER_SCOPED =
      Set.of(
          "Namespace",
          "Node",
          "PersistentVolume",
          "ClusterRole",
          "ClusterRoleBinding",
          "CustomResourceDefinition",
          "IngressClass",
          "GatewayClass",
          "StorageClass",
          "PriorityClass",
          "RuntimeClass",
          "APIService",
          "ValidatingWebhookConfiguration",
          "MutatingWebhookConfiguration",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "AdminNetworkPolicy",
          "BaselineAdminNetworkPolicy",
          "ClusterNetworkConnect",
          "ClusterNetworkPolicy",
          "ClusterUserDefinedNetwork",
          "CSIDriver");

  static Identity of(Resource resource, String namespace) {
    return new Identity(resource.group(), resource.kind(), namespace, resource.name());
  }

  static boolean isClusterScoped(Resource resource) {
    return CLUSTER_SCOPED.contains(resource.kind());
  }
}
