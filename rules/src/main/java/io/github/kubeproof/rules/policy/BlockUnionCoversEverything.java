package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.rules.policy.WideBlocks.Block;
import io.github.kubeproof.rules.policy.WideBlocks.Way;
import io.github.kubeproof.rules.policy.WideBlocks.Wide;
import java.util.List;

/** KP207: ipBlocks that look like parts of the address space and are all of it. */
public final class BlockUnionCoversEverything implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP207",
          "block-union-covers-everything",
          Severity.WARNING,
          Confidence.PROVED,
          "several ipBlocks together cover every address, though none of them says so");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (Direction direction : Direction.values()) {
        for (Wide wide : WideBlocks.of(policy, direction, connectivity)) {
          if (wide.way() == Way.EVERYTHING) {
            report(policy, direction, wide, connectivity, findings);
          }
        }
      }
    }
  }

  private static void report(
      Meaning policy,
      Direction direction,
      Wide wide,
      Connectivity connectivity,
      Findings findings) {
    List<Block> blocks = wide.blocks();
    String named =
        blocks.size() == 2
            ? blocks.get(0).model().getCidr() + " and " + blocks.get(1).model().getCidr()
            : "these " + blocks.size() + " ipBlocks";
    Draft draft =
        findings
            .report(
                policy.policy(),
                wide.place(),
                named
                    + " together cover every "
                    + wide.family()
                    + " address on "
                    + wide.rule().rule().portsInWords())
            .help(
                "if everything is meant, write "
                    + (wide.family().equals("IPv4") ? "0.0.0.0/0" : "::/0")
                    + " or leave out "
                    + direction.peersKey()
                    + "; otherwise name the blocks that are needed");
    blocks.forEach(block -> draft.note(block.place(), "a part of it"));
    connectivity
        .witness(policy.sample(direction).and(wide.allowed()), wide.place())
        .ifPresent(draft::witness);
  }
}
