package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** KP314: one name for several ports. */
public final class VaryingNamedPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP314",
          "varying-named-port",
          Severity.INFO,
          Confidence.PROVED,
          "a named port of a policy stands for different numbers in the pods it selects");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (RuleMeaning rule : policy.rules(Direction.INGRESS)) {
        for (V1NetworkPolicyPort port : rule.rule().ports()) {
          if (PolicySemantics.port(port).orElseThrow() instanceof Traffic.NamedPort named) {
            check(policy, port, named.name(), findings);
          }
        }
      }
    }
  }

  private static void check(
      Meaning policy, V1NetworkPolicyPort port, Endpoint.PortName name, Findings findings) {
    Map<Integer, Workload> byNumber = new TreeMap<>();
    for (Workload workload : Policies.selected(policy)) {
      workload
          .portNamed(name.name(), name.protocol())
          .ifPresent(number -> byNumber.putIfAbsent(number, workload));
    }
    if (byNumber.size() < 2) {
      return;
    }
    Draft draft =
        findings
            .report(
                policy.policy(),
                policy.policy().cluster().at(port, "port"),
                "port %s stands for %s"
                    .formatted(
                        name.name(),
                        byNumber.entrySet().stream()
                            .map(entry -> entry.getKey() + " of " + entry.getValue())
                            .collect(Collectors.joining(" and "))))
            .help("give each kind of pods a policy of its own, or write the numbers");
    byNumber.forEach(
        (number, workload) ->
            draft.note(
                workload.cluster().at(workload.podSpec(), "containers"), "here it is " + number));
  }
}
