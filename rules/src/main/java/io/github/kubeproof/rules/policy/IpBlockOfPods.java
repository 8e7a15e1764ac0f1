package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.kubernetes.client.openapi.models.V1IPBlock;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.List;

/** KP315: an ipBlock for addresses of pods or Services, which policies know by labels. */
public final class IpBlockOfPods implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP315",
          "ip-block-of-pods",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "an ipBlock lies among the addresses of pods or of Services");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Settings.Platform platform = cluster.settings().platform();
    if (platform.podCidrs().isEmpty() && platform.serviceCidrs().isEmpty()) {
      return;
    }
    for (Meaning policy : Policies.of(cluster)) {
      for (RuleMeaning rule : policy.rules()) {
        for (V1NetworkPolicyPeer peer : rule.rule().peers()) {
          V1IPBlock block = peer.getIpBlock();
          if (block != null) {
            Cidr cidr = Cidr.of(block.getCidr());
            if (isIn(cidr, platform.podCidrs())) {
              report(policy, block, "pods, which plugins may not match by address", findings)
                  .help("select the pods by their labels");
            } else if (isIn(cidr, platform.serviceCidrs())) {
              report(policy, block, "Services, which are replaced before policies look", findings)
                  .help("select the pods behind the Service by their labels");
            }
          }
        }
      }
    }
  }

  private static boolean isIn(Cidr block, List<String> ranges) {
    return ranges.stream()
        .flatMap(range -> Cidr.parse(range).stream())
        .anyMatch(range -> range.contains(block));
  }

  private static Findings.Draft report(
      Meaning policy, V1IPBlock block, String whose, Findings findings) {
    return findings.report(
        policy.policy(),
        policy.policy().cluster().at(block, "cidr"),
        block.getCidr() + " is a block of addresses of " + whose);
  }
}
