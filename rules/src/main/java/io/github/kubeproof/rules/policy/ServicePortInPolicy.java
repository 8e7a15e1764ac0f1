package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.rules.policy.RulePods.Numbered;
import io.github.kubeproof.rules.policy.RulePods.Target;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.Optional;

/** KP313: a policy that opens the port of a Service, where policies see the port of the pod. */
public final class ServicePortInPolicy implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP313",
              "service-port-in-policy",
              Severity.WARNING,
              Confidence.HEURISTIC,
              "a policy opens the port of a Service instead of the targetPort that its pods listen on")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    RulePods.ask(
        cluster,
        ServicePortInPolicy::mistaken,
        (policy, port, target) -> report(policy, port, target, findings));
  }

  /** The port of a Service that a policy's port was taken from by mistake. */
  private static Optional<Target> mistaken(RulePods pods, Numbered written) {
    List<Target> targets =
        pods.targets().stream()
            .filter(target -> target.arrival().protocol() == written.protocol())
            .toList();
    if (pods.declare(written)
        || targets.stream().anyMatch(target -> target.arrival().equals(written))) {
      return Optional.empty();
    }
    return targets.stream()
        .filter(target -> Integer.valueOf(written.number()).equals(target.port().getPort()))
        .filter(target -> !pods.areOpenAt(target.arrival()))
        .findFirst();
  }

  private static void report(
      Meaning policy, V1NetworkPolicyPort port, Target match, Findings findings) {
    Cluster cluster = policy.policy().cluster();
    String number = port.getPort().toString();
    findings
        .report(
            policy.policy(),
            cluster.at(port, "port"),
            "port "
                + number
                + " is the port of "
                + match.service()
                + ", but policies see port "
                + match.arrival().number()
                + " of its pods")
        .help(
            "write "
                + match.arrival().number()
                + "; network plugins that filter before the Service's address is replaced, such as"
                + " that of AWS, want both")
        .unsafeFix(
            "write " + match.arrival().number(),
            "opens port " + match.arrival().number() + " of the pods instead of " + number,
            Edits.value(cluster.at(port, "port"), match.arrival().number()))
        .note(
            cluster.at(match.port()),
            "port " + number + " leads to port " + match.arrival().number());
  }
}
