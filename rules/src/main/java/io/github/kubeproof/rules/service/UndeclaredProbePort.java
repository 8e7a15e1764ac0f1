package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import java.util.List;

/** KP427: a probe asks a port that its container does not declare. */
public final class UndeclaredProbePort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP427",
              "undeclared-probe-port",
              Severity.INFO,
              Confidence.HEURISTIC,
              "a probe asks a port by a number that its container, which declares others, does not declare")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      Probes.forEach(
          workload,
          (container, what, action, port) -> {
            List<V1ContainerPort> ports = Lists.orEmpty(container.getPorts());
            boolean silent = ports.isEmpty() || !port.isInteger();
            if (!silent && !ContainerPorts.mentions(workload, port.getIntValue())) {
              findings
                  .report(
                      workload,
                      cluster.at(action, "port"),
                      "container %s declares no port %s"
                          .formatted(container.getName(), port.getIntValue()))
                  .note(cluster.at(container, "ports"), "the ports it declares")
                  .help("declare the port, or ask one that is declared");
            }
          });
    }
  }
}
