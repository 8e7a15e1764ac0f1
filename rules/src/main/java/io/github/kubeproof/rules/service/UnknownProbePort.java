package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import java.util.List;

/** KP426: a probe names a port that its container does not have. */
public final class UnknownProbePort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP426",
              "unknown-probe-port",
              Severity.ERROR,
              Confidence.PROVED,
              "a probe or a hook names a port that its container does not have")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      if (workload.resource().isUnderstood()) {
        Probes.forEach(
            workload,
            (container, what, action, port) ->
                check(workload, container, what, action, port, findings));
      }
    }
  }

  // kubelet looks in the container of the probe alone (probe.go, ResolveContainerPort)
  private static void check(
      Workload workload,
      V1Container container,
      String what,
      Object action,
      IntOrString port,
      Findings findings) {
    if (port.isInteger() || Names.flawOfPort(port.getStrValue()).isPresent()) {
      return; // KP005 speaks of what can be no name
    }
    String name = port.getStrValue();
    List<V1ContainerPort> ports = Lists.orEmpty(container.getPorts());
    boolean known =
        ports.stream().anyMatch(declared -> name.equals(declared.getName()))
            || ContainerPorts.isPatchedIn(
                workload, patch -> patch.string("name").filter(name::equals).isPresent());
    if (known) {
      return;
    }
    List<String> names =
        ports.stream().map(V1ContainerPort::getName).filter(n -> n != null).toList();
    List<String> slips = names.stream().filter(one -> Spelling.isSlip(name, one)).toList();
    findings
        .report(
            workload,
            workload.cluster().at(action, "port"),
            "container %s has no port named %s, so the %s always fails"
                .formatted(container.getName(), name, what))
        .note(
            workload.cluster().at(container, "ports"),
            "the names of its ports: " + (names.isEmpty() ? "none" : String.join(", ", names)))
        .help(
            names.isEmpty()
                ? "name the number, or declare a port of that name"
                : "name one of " + String.join(", ", names))
        .unsafeFix(
            "name " + String.join(", ", slips),
            "the probe asks that port, and the pod becomes ready by it",
            slips.size() == 1
                ? Edits.value(workload.cluster().at(action, "port"), slips.get(0))
                : List.of());
  }
}
