package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import java.util.List;

/** KP606: more domains to search than a pod may have. */
public final class OverlongSearchList implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP606", "overlong-search-list", "a pod lists more domains to search than it may have");

  // core validation.go, MaxDNSSearchPaths and MaxDNSSearchListChars
  private static final int MOST = 32;
  private static final int LONGEST = 2048;

  // KEP-2595: before Kubernetes 1.26 there were fewer
  private static final int EXPANDED = 26;
  private static final int MOST_BEFORE = 6;
  private static final int LONGEST_BEFORE = 256;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    boolean expanded = cluster.settings().platform().release() >= EXPANDED;
    int most = expanded ? MOST : MOST_BEFORE;
    int longest = expanded ? LONGEST : LONGEST_BEFORE;
    for (Workload workload : cluster.workloads()) {
      V1PodDNSConfig config = workload.podSpec().getDnsConfig();
      if (config == null) {
        continue;
      }
      List<String> searches = Lists.orEmpty(config.getSearches());
      // blanks between them count
      int length = String.join(" ", searches).length();
      if (searches.size() > most) {
        findings.report(
            workload,
            cluster.at(config, "searches"),
            searches.size() + " domains are listed, but a pod may search " + most);
      } else if (length > longest) {
        findings.report(
            workload,
            cluster.at(config, "searches"),
            "the domains have " + length + " characters together, but may have " + longest);
      }
    }
  }
}
