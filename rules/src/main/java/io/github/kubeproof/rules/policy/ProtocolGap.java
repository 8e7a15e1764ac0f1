package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.rules.policy.RulePods.Numbered;
import io.github.kubeproof.rules.policy.RulePods.Target;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.Optional;

/** KP215: a port that is open for a protocol that nobody uses there. */
public final class ProtocolGap implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP215",
          "protocol-gap",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "a policy opens a port for one protocol, and the Services over its pods use another");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    RulePods.ask(
        cluster,
        ProtocolGap::missed,
        (policy, port, target) -> report(policy, port, target, findings));
  }

  /** What arrives at the number with another protocol only, and is not let in. */
  private static Optional<Target> missed(RulePods pods, Numbered written) {
    List<Target> targets =
        pods.targets().stream()
            .filter(target -> target.arrival().number() == written.number())
            .toList();
    boolean used =
        pods.declare(written)
            || targets.stream().anyMatch(target -> target.arrival().equals(written));
    return used
        ? Optional.empty()
        : targets.stream().filter(target -> !pods.areOpenAt(target.arrival())).findFirst();
  }

  private static void report(
      Meaning policy, V1NetworkPolicyPort port, Target missed, Findings findings) {
    Cluster cluster = policy.policy().cluster();
    Protocol needed = missed.arrival().protocol();
    boolean written = port.getProtocol() != null;
    findings
        .report(
            policy.policy(),
            cluster.at(port, written ? "protocol" : "port"),
            "port %s is open for %s%s, but %s sends %s to it"
                .formatted(
                    port.getPort(),
                    Protocol.of(port.getProtocol()).orElseThrow(),
                    written ? "" : ", as no protocol is written",
                    missed.service(),
                    needed))
        .help("write protocol: " + needed)
        .note(
            cluster.at(missed.port()),
            "port " + missed.port().getPort() + "/" + needed + " leads to it");
  }
}
