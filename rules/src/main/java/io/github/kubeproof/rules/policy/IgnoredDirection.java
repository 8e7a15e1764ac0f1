package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import java.util.List;

/** KP308: rules in a direction that policyTypes leaves out. */
public final class IgnoredDirection implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP308",
              "ignored-direction",
              Severity.ERROR,
              Confidence.PROVED,
              "a policy has rules in a direction that its policyTypes leaves out, so they do nothing")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      List<String> types = Lists.orEmpty(policy.spec().getPolicyTypes());
      // types that are none were meant to be some: the API server refuses them
      boolean sound =
          !types.isEmpty()
              && types.stream().allMatch(type -> type.equals("Ingress") || type.equals("Egress"));
      for (Direction direction : Direction.values()) {
        if (sound && !types.contains(direction.written()) && !policy.rules(direction).isEmpty()) {
          report(policy, direction, findings);
        }
      }
    }
  }

  private static void report(Policy policy, Direction direction, Findings findings) {
    int rules = policy.rules(direction).size();
    Direction other = direction.opposite();
    boolean deniesAll = policy.rules(other).isEmpty();
    int last = Lists.orEmpty(policy.spec().getPolicyTypes()).size() - 1;
    findings
        .report(
            policy,
            policy.resource().at("spec", "policyTypes"),
            "policyTypes leaves "
                + direction.written()
                + " out, so the "
                + direction.key()
                + (rules == 1 ? " rule does" : " rules do")
                + " nothing"
                + (deniesAll ? "; what is left denies all " + other.key() : ""))
        .help(
            "add "
                + direction.written()
                + " to policyTypes, or remove the "
                + direction.key()
                + " rules")
        .unsafeFix(
            "add " + direction.written() + " to policyTypes",
            "closes all " + direction.key() + " but for what the rules allow",
            Edits.repeat(policy.resource().at("spec", "policyTypes", last), direction.written()))
        .note(
            policy.resource().at("spec", direction.key()),
            rules == 1 ? "the rule that is ignored" : "the rules that are ignored");
  }
}
