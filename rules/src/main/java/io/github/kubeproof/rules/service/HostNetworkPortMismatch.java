package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;

/** KP429: a hostPort that is not the port of a container in the network of its node. */
public final class HostNetworkPortMismatch implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP429",
              "host-network-port-mismatch",
              "a pod in the network of its node has a hostPort that is not its containerPort")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  // core validation.go, validateHostNetwork: without a hostPort it is the containerPort
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      if (!Boolean.TRUE.equals(workload.podSpec().getHostNetwork())) {
        continue;
      }
      for (V1Container container : Lists.orEmpty(workload.podSpec().getContainers())) {
        for (V1ContainerPort port : Lists.orEmpty(container.getPorts())) {
          Integer host = port.getHostPort();
          if (host != null && host != 0 && !host.equals(port.getContainerPort())) {
            findings
                .report(
                    workload,
                    cluster.at(port, "hostPort"),
                    "hostPort "
                        + host
                        + " is not containerPort "
                        + port.getContainerPort()
                        + ", but with hostNetwork they are one port")
                .help("leave hostPort out")
                .fix("leave hostPort out", Edits.remove(cluster.at(port, "hostPort")))
                .note(cluster.at(workload.podSpec(), "hostNetwork"), "joins the node's network");
          }
        }
      }
    }
  }
}
