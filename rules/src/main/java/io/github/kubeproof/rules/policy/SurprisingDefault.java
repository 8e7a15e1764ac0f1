package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Node;
import java.util.Optional;

/** KP309: a policy without policyTypes whose default is hardly what was meant. */
public final class SurprisingDefault implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP309",
          "surprising-default",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "a policy speaks of egress only and has no policyTypes, which then mean something else");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      if (Lists.orEmpty(policy.spec().getPolicyTypes()).isEmpty()
          && policy.resource().isUnderstood()) {
        check(policy, findings);
      }
    }
  }

  // networking/v1 defaults.go: Ingress always, Egress only when there is an egress rule
  private static void check(Policy policy, Findings findings) {
    boolean saysIngress = isList(policy, Direction.INGRESS);
    boolean saysEgress = isList(policy, Direction.EGRESS);
    if (saysEgress && policy.rules(Direction.EGRESS).isEmpty()) {
      findings
          .report(
              policy,
              policy.resource().at("spec", "egress"),
              "egress: [] denies nothing without policyTypes, which then means Ingress alone")
          .help(
              saysIngress
                  ? "write policyTypes: [Ingress, Egress] to deny all egress, or remove the line"
                  : "write policyTypes: [Egress] to deny all egress; as it is, all ingress is denied");
    } else if (saysEgress && !saysIngress) {
      findings
          .report(
              policy,
              policy.resource().at("spec", "egress"),
              "without policyTypes, a policy that speaks of egress only denies all ingress, too")
          .help("write policyTypes: [Egress], or [Ingress, Egress] if that is meant");
    }
  }

  /** Whether a list is written; null is as good as nothing. */
  private static boolean isList(Policy policy, Direction direction) {
    Optional<Node> list =
        policy
            .resource()
            .tree()
            .get("spec")
            .flatMap(Node::asMapping)
            .flatMap(spec -> spec.get(direction.key()));
    return list.filter(Node.Sequence.class::isInstance).isPresent();
  }
}
