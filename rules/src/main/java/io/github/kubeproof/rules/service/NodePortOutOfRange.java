package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.openapi.models.V1ServicePort;

/** KP407: a nodePort that the API server will not allocate. */
public final class NodePortOutOfRange implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP407",
              "node-port-out-of-range",
              "a nodePort is outside of the range that the API server allocates from")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    PortRange range = cluster.settings().nodePorts();
    for (Service service : cluster.services()) {
      if (!service.type().equals("NodePort") && !service.type().equals("LoadBalancer")) {
        continue; // KP412 speaks of a nodePort on other types
      }
      for (V1ServicePort port : service.ports()) {
        Integer nodePort = port.getNodePort();
        // 0 means "choose one" (pkg/apis/core/types.go, ServicePort.NodePort)
        if (nodePort != null && nodePort != 0 && !range.contains(nodePort)) {
          findings
              .report(
                  service,
                  cluster.at(port, "nodePort"),
                  "nodePort " + nodePort + " is outside of the range " + range)
              .help(
                  "choose a port from "
                      + range
                      + ", leave nodePort out to get one, or state the cluster's own range with --node-port-range")
              .fix(
                  "leave nodePort out, to get one of the range",
                  Edits.remove(cluster.at(port, "nodePort")));
        }
      }
    }
  }
}
