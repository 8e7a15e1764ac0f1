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
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;
import java.util.Locale;

/** KP419: a load balancer that lets every address in. */
public final class OpenLoadBalancer implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP419",
          "open-load-balancer",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a load balancer is open to every address");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      if (!service.type().equals("LoadBalancer") || isInternal(service)) {
        continue;
      }
      List<String> ranges = Lists.orEmpty(service.spec().getLoadBalancerSourceRanges());
      boolean open = ranges.stream().anyMatch(r -> r.endsWith("/0"));
      if (ranges.isEmpty() || open) {
        findings
            .report(
                service,
                open
                    ? cluster.at(service.spec(), "loadBalancerSourceRanges")
                    : cluster.at(service.spec(), "type"),
                "the load balancer lets every address in")
            .help("list the clients in loadBalancerSourceRanges, or make it an internal one");
      }
    }
  }

  /**
   * Whether something says that it is not for the world: the annotation of a cloud for internal
   * ones, ranges of sources, an address from a pool of the house, or a class of its own.
   */
  private static boolean isInternal(Service service) {
    V1ObjectMeta meta = service.model().getMetadata();
    boolean marked =
        Lists.orEmpty(meta == null ? null : meta.getAnnotations()).entrySet().stream()
            .anyMatch(
                mark ->
                    mark.getKey().equals(Service.SOURCE_RANGES)
                        || mark.getKey().contains("internal")
                        || mark.getValue().toLowerCase(Locale.ROOT).contains("internal")
                        || mark.getKey().startsWith("metallb.")
                        || mark.getKey().startsWith("lbipam.cilium.io/")
                        || mark.getKey().startsWith("io.cilium/"));
    return marked
        || service.spec().getLoadBalancerClass() != null
        || service.spec().getLoadBalancerIP() != null;
  }
}
