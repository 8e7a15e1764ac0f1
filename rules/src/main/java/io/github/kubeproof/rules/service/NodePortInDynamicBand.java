package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1ServicePort;

/** KP409: a chosen nodePort stands where the API server takes free ones from. */
public final class NodePortInDynamicBand implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP409",
              "node-port-in-dynamic-band",
              Severity.INFO,
              Confidence.PROVED,
              "a nodePort is chosen from the part of the range that free ones are taken from")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    PortRange range = cluster.settings().nodePorts();
    int first = range.first() + reserved(range);
    for (Service service : cluster.services()) {
      for (V1ServicePort port : service.ports()) {
        Integer number = port.getNodePort();
        if (number != null && range.contains(number) && number >= first) {
          findings
              .report(
                  service,
                  cluster.at(port, "nodePort"),
                  "nodePort %d may be taken: the API server gives ports from %d on to Services"
                          .formatted(number, first)
                      + " that choose none")
              .help("choose one from " + range.first() + " to " + (first - 1));
        }
      }
    }
  }

  /** The size of the lower band (KEP-3668; portallocator, calculateRangeOffset). */
  private static int reserved(PortRange range) {
    int size = range.last() - range.first() + 1;
    return size <= 16 ? 0 : Math.min(Math.max(16, size / 32), 128);
  }
}
