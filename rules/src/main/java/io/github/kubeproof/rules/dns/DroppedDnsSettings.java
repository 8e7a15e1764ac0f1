package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.NodeResolver;
import io.github.kubeproof.core.dns.PodResolver;
import io.github.kubeproof.core.dns.PodResolver.Kubelet;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import java.util.List;

/**
 * KP626: DNS settings of a pod that kubelet leaves out, as there are too many with those of the
 * cluster.
 */
public final class DroppedDnsSettings implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP626",
          "dropped-dns-settings",
          Severity.WARNING,
          Confidence.PROVED,
          "nameservers or search paths of a pod are left out, as there are too many with those of the cluster");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  private static final String SERVER = "the DNS of the cluster";

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    // kubelet knows one server at least, and nobody knows what the node adds
    Kubelet kubelet =
        new Kubelet(
            new NodeResolver(List.of(), List.of(), List.of()),
            List.of(SERVER),
            cluster.settings().domain());
    for (Workload workload : cluster.workloads()) {
      V1PodDNSConfig config = workload.podSpec().getDnsConfig();
      if (config == null
          || PodResolver.sourceOf(workload.podSpec()) != PodResolver.Source.CLUSTER) {
        continue;
      }
      PodResolver resolver = PodResolver.of(workload.podSpec(), workload.namespace(), kubelet);
      List<String> servers = Lists.orEmpty(config.getNameservers());
      List<String> searches = Lists.orEmpty(config.getSearches());
      if (servers.size() <= PodResolver.MAX_NAMESERVERS
          && !resolver.droppedNameservers().isEmpty()) {
        boolean mayBeListed = PrivateServers.in(workload);
        findings
            .report(
                workload,
                cluster.at(
                    config, "nameservers", servers.indexOf(resolver.droppedNameservers().get(0))),
                "nameserver "
                    + String.join(", ", resolver.droppedNameservers())
                    + " is left out: with the cluster's own there are more than "
                    + PodResolver.MAX_NAMESERVERS)
            .severity(mayBeListed ? Severity.INFO : Severity.WARNING)
            .confidence(mayBeListed ? Confidence.HEURISTIC : Confidence.PROVED)
            .help("list two at most, or set dnsPolicy: None and list all of them");
      }
      boolean isAccepted =
          searches.size() <= PodResolver.MAX_SEARCHES
              && String.join(" ", searches).length() <= PodResolver.MAX_SEARCH_CHARACTERS;
      if (isAccepted && !resolver.droppedSearches().isEmpty()) {
        findings.report(
            workload,
            cluster.at(
                config,
                "searches",
                Math.max(0, searches.indexOf(resolver.droppedSearches().get(0)))),
            "search path "
                + String.join(", ", resolver.droppedSearches())
                + " is left out: with the three of the cluster there are more than "
                + PodResolver.MAX_SEARCHES
                + ", or more than "
                + PodResolver.MAX_SEARCH_CHARACTERS
                + " characters");
      }
    }
  }
}
