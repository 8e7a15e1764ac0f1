package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
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

/** KP217: egress to the metadata service of clouds. */
public final class MetadataAddressOpen implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP217",
              "metadata-address-open",
              Severity.INFO,
              Confidence.PROVED,
              "an ipBlock for egress takes in the address that clouds give credentials from")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Of AWS, Azure, Google Cloud and others; the second one is that of AWS for IPv6. */
  private static final List<Cidr> METADATA =
      List.of(Cidr.of("169.254.169.254/32"), Cidr.of("fd00:ec2::254/128"));

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (Block block : WideBlocks.blocks(policy, Direction.EGRESS)) {
        for (Cidr address : METADATA) {
          if (block.isWiderThan(address) && !block.leavesOut(address)) {
            findings
                .report(
                    policy.policy(),
                    block.place().then("cidr"),
                    "ipBlock %s takes in %s, where clouds answer with the credentials of the node"
                        .formatted(block.model().getCidr(), address.first()))
                .help("add it to except: " + address);
          }
        }
      }
    }
  }
}
