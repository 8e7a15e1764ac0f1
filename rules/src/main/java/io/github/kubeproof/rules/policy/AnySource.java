package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import java.util.List;

/** KP205: a port that anybody may call, though nothing leads there from the outside. */
public final class AnySource implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP205",
          "any-source",
          Severity.INFO,
          Confidence.HEURISTIC,
          "an ingress rule opens a port to any source");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Integer> dns = cluster.settings().dns().ports();
    for (Meaning policy : Policies.of(cluster)) {
      List<RuleMeaning> open =
          policy.rules(Direction.INGRESS).stream()
              .filter(rule -> rule.rule().peers().isEmpty() && !rule.rule().ports().isEmpty())
              .filter(rule -> !AllNamespaces.isOnlyFor(dns, rule.rule()))
              .filter(rule -> !SensitivePortOpen.speaksOf(policy, rule))
              .toList();
      if (!open.isEmpty()
          && !Policies.selected(policy).isEmpty()
          && !Policies.isCalledFromOutside(policy)) {
        open.forEach(rule -> report(policy, rule, findings));
      }
    }
  }

  private static void report(Meaning policy, RuleMeaning rule, Findings findings) {
    findings
        .report(
            policy.policy(),
            rule.place(),
            "any source may call %s: the rule has no from".formatted(rule.rule().portsInWords()))
        .help("say under from who may call it");
  }
}
