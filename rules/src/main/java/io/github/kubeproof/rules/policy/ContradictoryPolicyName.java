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
import java.util.Locale;

/** KP318: a policy whose name says the contrary of what it does. */
public final class ContradictoryPolicyName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP318",
          "contradictory-policy-name",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "the name of a policy says that it denies or allows all, and it does the contrary");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      String name = policy.policy().name().toLowerCase(Locale.ROOT);
      boolean allows = saysAllowAll(name);
      boolean denies = name.contains("deny") && !name.contains("allow");
      for (Direction direction : Direction.values()) {
        if (!policy.isolates(direction) || !concerns(name, direction)) {
          continue;
        }
        List<RuleMeaning> rules = policy.rules(direction);
        String key = direction.key();
        if (allows && !name.contains("deny") && rules.isEmpty()) {
          findings
              .report(
                  policy.policy(),
                  policy.policy().resource().at("spec", key),
                  "this policy denies all %s, but its name says that it allows all".formatted(key))
              .help("write " + key + ": [{}] to allow all, or another name");
        }
        for (RuleMeaning rule : rules) {
          if (denies && rule.rule().peers().isEmpty() && rule.rule().ports().isEmpty()) {
            findings
                .report(
                    policy.policy(),
                    rule.place(),
                    "an empty rule allows all %s, but the name says that it is denied"
                        .formatted(key))
                .help("write " + key + ": [] to deny all, or another name");
          }
        }
      }
    }
  }

  static boolean saysAllowAll(String name) {
    return name.toLowerCase(Locale.ROOT).contains("allow-all");
  }

  /** Whether a name speaks of a direction: of the only one that it names, or of both. */
  private static boolean concerns(String name, Direction direction) {
    boolean ingress = name.contains("ingress");
    boolean egress = name.contains("egress");
    return ingress == egress || (direction == Direction.INGRESS) == ingress;
  }
}
