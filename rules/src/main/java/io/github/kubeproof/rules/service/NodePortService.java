package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP420: a Service opens a port of every node. */
public final class NodePortService implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP420",
              "node-port-service",
              Severity.INFO,
              Confidence.PROVED,
              "a Service of type NodePort opens a port of every node")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      if (service.type().equals("NodePort")) {
        findings
            .report(
                service,
                cluster.at(service.spec(), "type"),
                "a NodePort opens a port on every address of every node")
            .help("use ClusterIP behind an Ingress or a Gateway, or a LoadBalancer");
      }
    }
  }
}
