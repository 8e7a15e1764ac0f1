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
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.github.kubeproof.rules.policy.WideBlocks.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP311: an exception of an ipBlock that something else takes back. */
public final class IneffectiveExcept implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP311",
          "ineffective-except",
          Severity.WARNING,
          Confidence.PROVED,
          "what an except leaves out is allowed by another peer, rule or policy");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /**
   * One peer of a rule, or a whole rule that has none.
   *
   * @param flows what it allows to the pods that its policy selects
   */
  private record Grant(Meaning policy, Place place, Optional<Cidr> block, Traffic flows) {

    boolean mayTouch(Cidr range) {
      return block.isEmpty() || block.get().contains(range) || range.contains(block.get());
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Meaning> policies = Policies.of(cluster);
    for (Meaning policy : policies) {
      for (Direction direction : Direction.values()) {
        for (Block block : WideBlocks.blocks(policy, direction)) {
          List<String> excepts = Lists.orEmpty(block.model().getExcept());
          for (int i = 0; i < excepts.size(); i++) {
            check(policy, block, i, policies, connectivity, findings);
          }
        }
      }
    }
  }

  private static void check(
      Meaning policy,
      Block block,
      int number,
      List<Meaning> policies,
      Connectivity connectivity,
      Findings findings) {
    Direction direction = block.rule().rule().direction();
    End end = End.guarded(direction).other();
    String text = Lists.orEmpty(block.model().getExcept()).get(number);
    Cidr range = Cidr.of(text);
    List<Grant> others = new ArrayList<>();
    for (Meaning other : policies) {
      if (other.policy().namespace().equals(policy.policy().namespace())) {
        for (Grant grant : grants(other, direction)) {
          if (!grant.place().equals(block.place()) && grant.mayTouch(range)) {
            others.add(grant);
          }
        }
      }
    }
    if (others.isEmpty()) {
      return;
    }
    Traffic left =
        Traffic.allOf(
            policy.subject(direction),
            new Traffic.Not(new Traffic.IsPod(end)),
            new Traffic.InBlock(end, range),
            block.rule().ports());
    List<Traffic> written =
        others.stream().<Traffic>map(g -> new Traffic.Written(g.place(), g.flows())).toList();
    Place place = block.place().then("except", number);
    Optional<Proved> proved = connectivity.proveContained(left, Traffic.anyOf(written), place);
    if (proved.isEmpty()) {
      return;
    }
    List<Grant> covering =
        others.stream().filter(grant -> proved.get().because().contains(grant.place())).toList();
    Draft draft =
        findings
            .report(
                policy.policy(),
                place,
                "except "
                    + text
                    + " leaves nothing out on "
                    + block.rule().rule().portsInWords()
                    + ": "
                    + words(policy, block.rule(), covering))
            .help("policies only ever add: narrow what allows the range, or drop the except");
    covering.forEach(grant -> draft.note(grant.place(), "allows addresses of " + text));
    connectivity.witness(policy.sample(direction).and(left), place).ifPresent(draft::witness);
  }

  /** What the rules of a direction allow, peer by peer. */
  private static List<Grant> grants(Meaning policy, Direction direction) {
    List<Grant> grants = new ArrayList<>();
    Traffic subject = policy.subject(direction);
    for (RuleMeaning rule : policy.rules(direction)) {
      if (rule.rule().peers().isEmpty()) {
        Traffic flows = subject.and(rule.allowed());
        grants.add(new Grant(policy, rule.place(), Optional.empty(), flows));
      }
    }
    for (Block block : WideBlocks.blocks(policy, direction)) {
      Traffic flows = subject.and(block.flows());
      grants.add(new Grant(policy, block.place(), Optional.of(block.cidr()), flows));
    }
    return grants;
  }

  private static String words(Meaning policy, RuleMeaning rule, List<Grant> covering) {
    if (covering.size() != 1) {
      return covering.size() + " other places together allow the range";
    }
    Grant grant = covering.get(0);
    if (!grant.policy().place().equals(policy.place())) {
      return grant.policy().policy() + " allows the range for the same pods";
    }
    return grant.block().isEmpty()
        ? "another rule allows every "
            + (rule.rule().direction() == Direction.INGRESS ? "source" : "destination")
        : "ipBlock " + grant.block().get() + " of the same policy allows the range";
  }
}
