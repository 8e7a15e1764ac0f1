package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;

/** KP604: dnsPolicy None, and no nameserver to ask instead. */
public final class DnsPolicyNoneWithoutNameserver implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP604",
          "dns-policy-none-without-nameserver",
          "a pod has dnsPolicy None, but names no nameserver to ask instead");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      V1PodDNSConfig config = workload.podSpec().getDnsConfig();
      boolean nameless = config == null || Lists.orEmpty(config.getNameservers()).isEmpty();
      if ("None".equals(workload.podSpec().getDnsPolicy()) && nameless) {
        findings
            .report(
                workload.resource(),
                // what is missing; what is shown is the policy that makes it so
                config == null
                    ? cluster.at(workload.podSpec(), "dnsConfig")
                    : cluster.at(config, "nameservers"),
                cluster.at(workload.podSpec(), "dnsPolicy").span(),
                "dnsPolicy None takes the cluster's DNS away, and dnsConfig names no nameserver instead")
            .help("list a nameserver under dnsConfig.nameservers, or leave dnsPolicy out");
      }
    }
  }
}
