package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
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
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1IPBlock;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.function.BiPredicate;

/** KP307: a peer or a port of a rule that another one of the same rule covers. */
public final class CoveredRulePart implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP307",
              "covered-rule-part",
              Severity.INFO,
              Confidence.PROVED,
              "a peer or a port of a rule adds nothing to another one of the same rule")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (RuleMeaning rule : policy.rules()) {
        List<V1NetworkPolicyPort> ports = rule.rule().ports();
        List<V1NetworkPolicyPeer> peers = rule.rule().peers();
        report(rule, ports, CoveredRulePart::coversPort, "port", findings);
        report(rule, peers, CoveredRulePart::coversPeer, "peer", findings);
      }
    }
  }

  /** Of two that cover each other it is the later one. */
  private static <T> void report(
      RuleMeaning rule, List<T> parts, BiPredicate<T, T> covers, String word, Findings findings) {
    Policy policy = rule.rule().policy();
    for (int i = 0; i < parts.size(); i++) {
      for (int j = 0; j < parts.size(); j++) {
        T part = parts.get(i);
        T other = parts.get(j);
        if (i != j && covers.test(other, part) && (j < i || !covers.test(part, other))) {
          findings
              .report(
                  policy,
                  policy.cluster().at(part),
                  "this %s adds nothing: another one of the rule covers it".formatted(word))
              .note(policy.cluster().at(other), "it covers the other")
              .help("remove it")
              .fix("remove the " + word, Edits.remove(policy.cluster().at(part)));
          break;
        }
      }
    }
  }

  private static boolean coversPort(V1NetworkPolicyPort outer, V1NetworkPolicyPort inner) {
    Traffic one = PolicySemantics.port(outer).orElseThrow();
    Traffic two = PolicySemantics.port(inner).orElseThrow();
    if (one instanceof Traffic.Ports a && two instanceof Traffic.Ports b) {
      return a.protocol() == b.protocol() && a.first() <= b.first() && b.last() <= a.last();
    }
    return one.equals(two);
  }

  private static boolean coversPeer(V1NetworkPolicyPeer outer, V1NetworkPolicyPeer inner) {
    V1IPBlock one = outer.getIpBlock();
    V1IPBlock two = inner.getIpBlock();
    if (one == null || two == null) {
      return outer.equals(inner);
    }
    boolean whole = Lists.orEmpty(one.getExcept()).isEmpty();
    return outer.equals(inner)
        || (whole && Cidr.of(one.getCidr()).contains(Cidr.of(two.getCidr())));
  }
}
