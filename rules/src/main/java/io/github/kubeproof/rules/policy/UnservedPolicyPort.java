package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** KP312: a policy opens a port that none of the pods it selects serves. */
public final class UnservedPolicyPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP312",
          "unserved-policy-port",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a policy opens a port that none of the pods it selects declares");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (RuleMeaning rule : policy.rules(Direction.INGRESS)) {
        for (V1NetworkPolicyPort port : rule.rule().ports()) {
          Optional<Protocol> protocol = Protocol.of(port.getProtocol());
          if (port.getPort() != null && port.getEndPort() == null && protocol.isPresent()) {
            check(policy, port, protocol.get(), findings);
          }
        }
      }
    }
  }

  private static void check(
      Meaning meaning, V1NetworkPolicyPort port, Protocol protocol, Findings findings) {
    Policy policy = meaning.policy();
    Cluster cluster = policy.cluster();
    List<Workload> pods = cluster.world().workloadsMatching(policy, meaning.selector());
    boolean known =
        !pods.isEmpty()
            && cluster.world().podMakers(policy, meaning.selector()).stream()
                .noneMatch(cluster.resources()::contains)
            && pods.stream().anyMatch(pod -> pod.cluster() == cluster)
            && pods.stream().allMatch(UnservedPolicyPort::isComplete);
    if (!known || pods.stream().anyMatch(p -> serves(p, port.getPort(), protocol))) {
      return;
    }
    boolean named = !port.getPort().isInteger();
    Findings.Draft draft =
        findings
            .report(
                policy,
                cluster.at(port, "port"),
                "port %s/%s is open, but %s no such port"
                    .formatted(
                        port.getPort(),
                        protocol,
                        pods.size() == 1 ? pods.get(0) + " declares" : "the selected pods declare"))
            // a number need not be declared, a name cannot stand for anything else
            .severity(named ? Severity.WARNING : Severity.INFO)
            .help("remove it, or name a port that the pods serve");
    Workload first = pods.get(0);
    draft.note(
        first.cluster().at(first.podSpec(), "containers", 0, "ports"),
        "the ports of " + first + ": " + words(first.ports()));
  }

  private static String words(List<PodPort> ports) {
    return ports.stream()
        .map(port -> (port.name().isEmpty() ? "" : port.name() + " ") + port.number())
        .collect(Collectors.joining(", "));
  }

  /** Whether its pods declare ports, as far as they are written down. */
  private static boolean isComplete(Workload workload) {
    return workload.resource().isUnderstood()
        && !workload.onHostNetwork()
        && !workload.ports().isEmpty();
  }

  private static boolean serves(Workload workload, IntOrString wanted, Protocol protocol) {
    Pattern word = Pattern.compile("(?<!\\w)" + Pattern.quote(wanted.toString()) + "(?!\\w)");
    boolean patchedIn =
        workload.cluster().world().patchesOf(workload).stream()
            .anyMatch(patch -> mentions(patch.tree(), word));
    if (patchedIn || !wanted.isInteger()) {
      return patchedIn || workload.portNamed(wanted.getStrValue(), protocol).isPresent();
    }
    // a container may listen on what it does not declare: then mostly something says so, but not of
    // the guest of a virtual machine
    return workload.isVirtual()
        || mentions(workload.resource().tree(), word)
        || workload.cluster().services().stream()
            .filter(service -> service.selector().filter(workload::mayMatch).isPresent())
            .flatMap(service -> service.ports().stream())
            .anyMatch(
                port ->
                    wanted.equals(Service.target(port))
                        || Integer.valueOf(wanted.getIntValue()).equals(port.getPort()));
  }

  private static boolean mentions(Node node, Pattern word) {
    if (node instanceof Node.Mapping mapping) {
      return mapping.entries().stream().anyMatch(entry -> mentions(entry.value(), word));
    }
    return node instanceof Node.Scalar scalar
        ? word.matcher(scalar.text()).find()
        : node.asItems().stream().anyMatch(item -> mentions(item, word));
  }
}
