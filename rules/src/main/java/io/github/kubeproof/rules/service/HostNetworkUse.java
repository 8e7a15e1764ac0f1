package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP430: pods that share the network of their node, or take a port of it. */
public final class HostNetworkUse implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP430",
              "host-network-use",
              Severity.INFO,
              Confidence.PROVED,
              "pods use the network of their node, where no policy holds")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      if (workload.kind().equals("DaemonSet")) {
        continue; // what serves each node mostly has to
      }
      if (workload.onHostNetwork()) {
        findings
            .report(
                workload,
                cluster.at(workload.podSpec(), "hostNetwork"),
                "these pods share the network of their node, where no policy holds")
            .help("remove hostNetwork, and put a Service before the pods");
        continue;
      }
      for (HostPort port : HostPort.of(workload)) {
        findings
            .report(
                workload,
                port.place(),
                "port %s of the node leads to this pod, so a node takes one of them only"
                    .formatted(port.key()))
            .help("put a Service before the pods");
      }
    }
  }
}
