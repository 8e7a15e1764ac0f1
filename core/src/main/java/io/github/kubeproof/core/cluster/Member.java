package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;

/** A namespaced object of the cluster. */
public sealed interface Member permits Workload, Service, Policy, Route {

  Resource resource();

  /** The namespace it lives in; the default one when none is written. */
  String namespace();

  /** The unit it is deployed with. */
  Cluster cluster();

  default String name() {
    return resource().name();
  }

  /**
   * Whether the namespace is certain: written on the object, or set by a kustomization beside it.
   */
  default boolean namespaceIsWritten() {
    return cluster().isNamespaceWritten(resource());
  }

  /**
   * Whether both may be in one namespace: a missing one is filled in by whoever deploys the file.
   */
  default boolean mayShareNamespace(Member other) {
    return namespace().equals(other.namespace())
        || !namespaceIsWritten()
        || !other.namespaceIsWritten();
  }

  /**
   * Whether another object is surely deployed together with this one, in one of the {@linkplain
   * Cluster#alternatives alternatives}.
   */
  default boolean isDeployedWith(Member other) {
    return other.cluster() == cluster()
        || cluster().alternatives(this).stream()
            .anyMatch(alternative -> alternative.units().contains(other.cluster()));
  }

  /** {@code namespace/name}. */
  default String qualifiedName() {
    return namespace() + "/" + name();
  }
}
