package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
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

/** KP206: an ipBlock, or several together, that no host of the internet is left out of. */
public final class InternetWideIpBlock implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP206",
          "internet-wide-ip-block",
          Severity.WARNING,
          Confidence.PROVED,
          "ipBlocks of a policy leave out no host of the internet");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (Direction direction : Direction.values()) {
        for (Wide wide : WideBlocks.of(policy, direction, connectivity)) {
          if (wide.way() != Way.EVERYTHING) { // KP207 speaks of those
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
    boolean ingress = direction == Direction.INGRESS;
    String what =
        wide.way() == Way.ALONE
            ? written(wide.blocks().get(0)) + (ingress ? " lets in" : " lets pods out to")
            : "these ipBlocks together " + (ingress ? "let in" : "let pods out to");
    Draft draft =
        findings
            .report(
                policy.policy(),
                wide.place(),
                what
                    + " the whole "
                    + wide.family()
                    + " internet on "
                    + wide.rule().rule().portsInWords())
            .help(
                ingress
                    ? "name the blocks that clients come from"
                    : "name the blocks that the pods have to call")
            .severity(ingress && !Policies.isPublished(policy) ? Severity.WARNING : Severity.INFO);
    if (wide.way() != Way.ALONE) {
      wide.blocks().forEach(block -> draft.note(block.place(), "a part of it"));
    }
    connectivity
        .witness(policy.sample(direction).and(wide.allowed()), wide.place())
        .ifPresent(draft::witness);
  }

  private static String written(Block block) {
    int excepts = Lists.orEmpty(block.model().getExcept()).size();
    return "ipBlock "
        + block.model().getCidr()
        + (excepts == 0 ? "" : excepts == 1 ? ", despite its except," : ", despite its excepts,");
  }
}
