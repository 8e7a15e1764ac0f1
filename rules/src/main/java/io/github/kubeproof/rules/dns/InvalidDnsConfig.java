package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.rules.manifest.Variables;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import io.kubernetes.client.openapi.models.V1PodDNSConfigOption;
import java.util.List;

/** KP607: a domain to search that is none, or an option of the resolver without a name. */
public final class InvalidDnsConfig implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP607",
          "invalid-dns-config",
          "a pod searches a domain that is none, or gives its resolver an option without a name");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  // core validation.go, validatePodDNSConfig
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      V1PodDNSConfig config = workload.podSpec().getDnsConfig();
      if (config != null) {
        checkSearches(workload, config, findings);
        for (V1PodDNSConfigOption option : Lists.orEmpty(config.getOptions())) {
          if ((option.getName() == null || option.getName().isEmpty())
              && workload.resource().isUnderstood()) {
            findings
                .report(workload, cluster.at(option), "an option of the resolver has no name")
                .help("write its name, as in { name: ndots, value: \"2\" }");
          }
        }
      }
    }
  }

  private static void checkSearches(Workload workload, V1PodDNSConfig config, Findings findings) {
    List<String> searches = Lists.orEmpty(config.getSearches());
    for (int i = 0; i < searches.size(); i++) {
      String written = searches.get(i);
      // the root alone is fine, and one dot at the end
      if (!written.equals(".")) {
        String domain =
            written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
        Variables.reportFlaw(
            workload.resource(),
            workload.cluster().at(config, "searches", i),
            "domain",
            written,
            Names.flawOfSearchDomain(domain),
            findings);
      }
    }
  }
}
