package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1HTTPGetAction;
import io.kubernetes.client.openapi.models.V1Lifecycle;
import io.kubernetes.client.openapi.models.V1LifecycleHandler;
import io.kubernetes.client.openapi.models.V1Probe;
import org.jspecify.annotations.Nullable;

/** The ports that kubelet calls: of probes, and of the hooks of a container. */
final class Probes {

  private Probes() {}

  /**
   * Sees the port of a probe or a hook, which of the two it is, and the model that it was written
   * in.
   */
  interface Visitor {
    void see(V1Container container, String what, Object action, IntOrString port);
  }

  static void forEach(Workload workload, Visitor visitor) {
    for (V1Container container : Lists.orEmpty(workload.podSpec().getContainers())) {
      visit(container, visitor);
    }
    for (V1Container container : Lists.orEmpty(workload.podSpec().getInitContainers())) {
      visit(container, visitor);
    }
  }

  private static void visit(V1Container container, Visitor visitor) {
    visit(container, container.getLivenessProbe(), visitor);
    visit(container, container.getReadinessProbe(), visitor);
    visit(container, container.getStartupProbe(), visitor);
    V1Lifecycle lifecycle = container.getLifecycle();
    if (lifecycle != null) {
      visit(container, lifecycle.getPostStart(), visitor);
      visit(container, lifecycle.getPreStop(), visitor);
    }
  }

  private static void visit(
      V1Container container, @Nullable V1LifecycleHandler hook, Visitor visitor) {
    V1HTTPGetAction get = hook == null ? null : hook.getHttpGet();
    if (get != null && get.getPort() != null) {
      visitor.see(container, "hook", get, get.getPort());
    }
  }

  private static void visit(V1Container container, @Nullable V1Probe probe, Visitor visitor) {
    if (probe == null) {
      return;
    }
    if (probe.getHttpGet() != null && probe.getHttpGet().getPort() != null) {
      visitor.see(container, "probe", probe.getHttpGet(), probe.getHttpGet().getPort());
    } else if (probe.getTcpSocket() != null && probe.getTcpSocket().getPort() != null) {
      visitor.see(container, "probe", probe.getTcpSocket(), probe.getTcpSocket().getPort());
    }
  }
}
