package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
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
          "a policy opens the port of a Service instead of the targetPort that its pods listen on");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      List<Alternative> alternatives = cluster.alternatives(policy.policy());
      for (Direction direction : Direction.values()) {
        for (RuleMeaning rule : policy.rules(direction)) {
          for (V1NetworkPolicyPort port : rule.rule().ports()) {
            List<Match> matches = new ArrayList<>();
            for (Alternative alternative : alternatives) {
              match(policy, rule, port, alternative).ifPresent(matches::add);
            }
            if (!matches.isEmpty() && matches.size() == alternatives.size()) {
              report(policy, port, matches.get(0), findings);
            }
          }
        }
      }
    }
  }

  /** The workloads that a rule speaks of: those that it opens ports of. */
  private static List<Workload> pods(Meaning policy, RuleMeaning rule, Alternative alternative) {
    if (rule.rule().direction() == Direction.EGRESS) {
      return peers(rule, alternative);
    }
    return alternative.workloads().stream()
        .filter(workload -> workload.namespace().equals(policy.policy().namespace()))
        .filter(workload -> workload.matches(policy.selector()) && !workload.onHostNetwork())
        .toList();
  }

  /** The workloads that a rule names as its peers; none where it names other things, too. */
  private static List<Workload> peers(RuleMeaning rule, Alternative alternative) {
    boolean onlyPods =
        rule.rule().peers().stream()
            .map(V1NetworkPolicyPeer::getIpBlock)
            .allMatch(block -> block == null);
    if (rule.rule().peers().isEmpty() || !onlyPods) {
      return List.of();
    }
    List<Workload> pods = new ArrayList<>();
    for (Workload workload : alternative.workloads()) {
      if (!workload.onHostNetwork() && isPeer(workload, rule)) {
        pods.add(workload);
      }
    }
    return pods;
  }

  private static boolean isPeer(Workload workload, RuleMeaning rule) {
    Flow any = new Flow(Endpoints.of(workload), Endpoints.of(workload), Protocol.TCP, 1);
    return FlowEvaluator.contains(rule.peers(), any);
  }

  /** The port of a Service that a policy's port was taken from by mistake. */
  private static Optional<Match> match(
      Meaning policy, RuleMeaning rule, V1NetworkPolicyPort port, Alternative alternative) {
    Optional<Protocol> protocol = Protocol.of(port.getProtocol());
    if (port.getPort() == null
        || !port.getPort().isInteger()
        || port.getEndPort() != null
        || protocol.isEmpty()) {
      return Optional.empty();
    }
    int number = port.getPort().getIntValue();
    List<Workload> pods = pods(policy, rule, alternative);
    if (pods.stream().anyMatch(pod -> declares(pod, number, protocol.get()))) {
      return Optional.empty();
    }
    List<Match> matches = matches(alternative, pods, number, protocol.get());
    if (matches.stream().anyMatch(match -> match.target() == number)) {
      return Optional.empty();
    }
    Direction direction = rule.rule().direction();
    return matches.stream()
        .filter(match -> !isOpen(policy, direction, match.target(), protocol.get()))
        .findFirst();
  }

  /** A port of a Service over some pods, and where its traffic arrives on them. */
  private record Match(Service service, V1ServicePort port, int target) {}

  /**
   * The ports of Services that a number may stand for: its own port, or the port of pods it leads
   * to.
   */
  private static List<Match> matches(
      Alternative alternative, List<Workload> pods, int number, Protocol protocol) {
    List<Match> matches = new ArrayList<>();
    for (Service service : alternative.services()) {
      Optional<Selector> selector = service.selector();
      for (Workload pod : pods) {
        boolean behind =
            selector.isPresent()
                && service.namespace().equals(pod.namespace())
                && pod.matches(selector.get());
        if (behind) {
          for (V1ServicePort port : service.ports()) {
            Optional<Integer> target = Service.targetOn(pod, port);
            boolean named = port.getPort() != null && port.getPort() == number;
            if (target.isPresent()
                && Protocol.of(port.getProtocol()).equals(Optional.of(protocol))
                && (named || target.get() == number)) {
              matches.add(new Match(service, port, target.get()));
            }
          }
        }
      }
    }
    return matches;
  }

  private static boolean declares(Workload pod, int number, Protocol protocol) {
    return pod.ports().stream()
        .anyMatch(port -> port.number() == number && port.protocol() == protocol);
  }

  /** Whether some rule of the policy opens a number, so that the other one does no harm. */
  private static boolean isOpen(
      Meaning policy, Direction direction, int number, Protocol protocol) {
    for (RuleMeaning rule : policy.rules(direction)) {
      if (rule.rule().ports().isEmpty() || opens(rule, number, protocol)) {
        return true;
      }
    }
    return false;
  }

  /** A name may stand for any number. */
  private static boolean opens(RuleMeaning rule, int number, Protocol protocol) {
    return rule.rule().ports().stream()
        .map(port -> PolicySemantics.port(port).orElseThrow())
        .anyMatch(
            meaning ->
                meaning instanceof Traffic.NamedPort
                    || (meaning instanceof Traffic.Ports ports
                        && ports.protocol() == protocol
                        && ports.first() <= number
                        && number <= ports.last()));
  }

  private static void report(
      Meaning policy, V1NetworkPolicyPort port, Match match, Findings findings) {
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
                + match.target()
                + " of its pods")
        .help(
            "write "
                + match.target()
                + "; network plugins that filter before the Service's address is replaced, such as"
                + " that of AWS, want both")
        .note(cluster.at(match.port()), "port " + number + " leads to port " + match.target());
  }
}
