package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.rules.policy.WideBlocks.Block;
import java.util.List;

/** KP214: an ipBlock for the outside that takes in the cluster itself. */
public final class IpBlockOverCluster implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP214",
          "ip-block-over-cluster",
          Severity.WARNING,
          Confidence.PROVED,
          "an ipBlock for egress takes in the addresses of pods, Services or nodes");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Settings.Platform platform = cluster.settings().platform();
    for (Meaning policy : Policies.of(cluster)) {
      for (Block block : WideBlocks.blocks(policy, Direction.EGRESS)) {
        check(block, "pods", platform.podCidrs(), findings);
        check(block, "Services", platform.serviceCidrs(), findings);
        check(block, "nodes", platform.nodeCidrs(), findings);
      }
    }
  }

  private static void check(Block block, String whose, List<String> ranges, Findings findings) {
    for (Cidr range : ranges.stream().flatMap(text -> Cidr.parse(text).stream()).toList()) {
      if (block.isWiderThan(range) && !block.leavesOut(range)) {
        findings
            .report(
                block.rule().rule().policy(),
                block.place().then("cidr"),
                "ipBlock %s takes in the addresses of %s, %s"
                    .formatted(block.model().getCidr(), whose, range))
            .help("add it to except: " + range);
      }
    }
  }
}
