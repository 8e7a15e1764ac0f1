package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.List;

/** KP416: a Service takes the traffic for addresses that its author names. */
public final class ExternalIps implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP416",
          "external-ips",
          Severity.WARNING,
          Confidence.PROVED,
          "a Service takes over addresses of its own choice with externalIPs");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      List<String> addresses = Lists.orEmpty(service.spec().getExternalIPs());
      if (!addresses.isEmpty() && !service.isExternalName()) {
        findings
            .report(
                service,
                cluster.at(service.spec(), "externalIPs"),
                "externalIPs lets this Service take all traffic of the cluster to "
                    + String.join(", ", addresses))
            .help("use type LoadBalancer; who may set externalIPs may take any address");
      }
    }
  }
}
