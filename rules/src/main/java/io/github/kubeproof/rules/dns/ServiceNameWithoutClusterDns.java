package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.dns.PodResolver;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP609: pods that do not ask the cluster's DNS, but call Services by name. */
public final class ServiceNameWithoutClusterDns implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP609",
          "service-name-without-cluster-dns",
          Severity.WARNING,
          Confidence.PROVED,
          "a pod calls a Service by name, but asks no DNS that knows it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      String policy = workload.podSpec().getDnsPolicy();
      boolean isChosen = "Default".equals(policy) || "None".equals(policy);
      if (!isChosen || PrivateServers.in(workload)) {
        continue;
      }
      String whom =
          PodResolver.sourceOf(workload.podSpec()) == PodResolver.Source.NODE
              ? "the DNS of the node"
              : "the servers of dnsConfig";
      Mention.firstService(workload)
          .ifPresent(
              mention ->
                  findings
                      .report(
                          workload,
                          cluster.at(workload.podSpec(), "dnsPolicy"),
                          "dnsPolicy "
                              + policy
                              + " asks "
                              + whom
                              + ", which does not know Service "
                              + mention.reference().host())
                      .note(mention.place(), "names Service " + mention.reference().host())
                      .help("leave dnsPolicy out, or list the cluster's DNS under dnsConfig"));
    }
  }
}
