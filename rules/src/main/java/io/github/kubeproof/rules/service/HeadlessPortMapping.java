package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;

/** KP415: a headless Service maps a port to another, which nothing does. */
public final class HeadlessPortMapping implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP415",
          "headless-port-mapping",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "a headless Service maps a port to another, but clients connect to its pods directly");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      if (!service.isHeadless() || service.selector().isEmpty()) {
        continue;
      }
      List<Workload> backends = ContainerPorts.behind(service);
      for (V1ServicePort port : service.ports()) {
        IntOrString target = port.getTargetPort();
        boolean mapped =
            target != null
                && target.isInteger()
                && target.getIntValue() != 0
                && port.getPort() != null
                && !port.getPort().equals(target.getIntValue());
        // who listens on the port of the Service as well does not depend on the mapping
        if (mapped
            && !backends.isEmpty()
            && backends.stream().noneMatch(pods -> ContainerPorts.mentions(pods, port.getPort()))) {
          findings
              .report(
                  service,
                  cluster.at(port, "port"),
                  "port %d is not mapped to %d: clients of a headless Service get addresses of pods"
                      .formatted(port.getPort(), target.getIntValue()))
              .note(cluster.at(service.spec(), "clusterIP"), "without an address, nothing maps")
              .help("set port to " + target.getIntValue());
        }
      }
    }
  }
}
