package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;

/** KP605: more nameservers than a resolver asks. */
public final class TooManyNameservers implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected("KP605", "too-many-nameservers", "a pod names more than three nameservers");

  /** What resolv.conf(5) holds (core validation.go, MaxDNSNameservers). */
  private static final int MOST = 3;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      V1PodDNSConfig config = workload.podSpec().getDnsConfig();
      int count = config == null ? 0 : Lists.orEmpty(config.getNameservers()).size();
      if (config != null && count > MOST) {
        findings
            .report(
                workload,
                cluster.at(config, "nameservers"),
                count + " nameservers are listed, but a pod may have " + MOST)
            .help("keep three of them: resolvers never ask a fourth one");
      }
    }
  }
}
