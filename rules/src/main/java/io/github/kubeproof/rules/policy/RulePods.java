package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
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

/**
 * The workloads that a rule opens ports of, in one alternative: those that its policy selects, or
 * for egress those that are its peers.
 */
record RulePods(
    Meaning policy, RuleMeaning rule, Alternative alternative, List<Workload> workloads) {

  /** A single port that a rule names by its number. */
  record Numbered(int number, Protocol protocol) {

    static Optional<Numbered> of(V1NetworkPolicyPort port) {
      Optional<Protocol> protocol = Protocol.of(port.getProtocol());
      boolean single =
          port.getPort() != null && port.getPort().isInteger() && port.getEndPort() == null;
      return single
          ? protocol.map(known -> new Numbered(port.getPort().getIntValue(), known))
          : Optional.empty();
    }
  }

  /** A port of a Service over some of the pods, and where its traffic arrives on them. */
  record Target(Service service, V1ServicePort port, Numbered arrival) {}

  /** Finds what a rule's port misses of the pods that the rule opens ports of. */
  interface Question {
    Optional<Target> missed(RulePods pods, Numbered written);
  }

  /** Tells of what a port of a policy misses. */
  interface Reporter {
    void report(Meaning policy, V1NetworkPolicyPort port, Target missed);
  }

  /**
   * Asks about every numbered port; told is what is missed in all alternatives, as in the first.
   */
  static void ask(Cluster cluster, Question question, Reporter reporter) {
    for (Meaning policy : Policies.of(cluster)) {
      List<Alternative> alternatives = cluster.alternatives(policy.policy());
      for (RuleMeaning rule : policy.rules()) {
        for (V1NetworkPolicyPort port : rule.rule().ports()) {
          Optional<Numbered> number = Numbered.of(port);
          List<Target> missed = new ArrayList<>();
          for (Alternative alternative : alternatives) {
            number
                .flatMap(n -> question.missed(of(policy, rule, alternative), n))
                .ifPresent(missed::add);
          }
          if (!missed.isEmpty() && missed.size() == alternatives.size()) {
            reporter.report(policy, port, missed.get(0));
          }
        }
      }
    }
  }

  private static RulePods of(Meaning policy, RuleMeaning rule, Alternative alternative) {
    List<Workload> workloads =
        rule.rule().direction() == Direction.EGRESS
            ? peers(rule, alternative)
            : alternative.workloads().stream()
                .filter(workload -> workload.namespace().equals(policy.policy().namespace()))
                .filter(workload -> workload.matches(policy.selector()))
                .filter(workload -> !workload.onHostNetwork())
                .toList();
    return new RulePods(policy, rule, alternative, workloads);
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
    return alternative.workloads().stream()
        .filter(workload -> !workload.onHostNetwork() && isPeer(workload, rule))
        .toList();
  }

  private static boolean isPeer(Workload workload, RuleMeaning rule) {
    Flow any = new Flow(Endpoints.of(workload), Endpoints.of(workload), Protocol.TCP, 1);
    return FlowEvaluator.contains(rule.peers(), any);
  }

  boolean declare(Numbered wanted) {
    return workloads.stream()
        .flatMap(pod -> pod.ports().stream())
        .anyMatch(port -> port.number() == wanted.number() && port.protocol() == wanted.protocol());
  }

  /** The ports of all Services over some of the pods. */
  List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (Service service : workloads.isEmpty() ? List.<Service>of() : alternative.services()) {
      Optional<Selector> selector = service.selector();
      for (Workload pod : workloads) {
        boolean behind =
            selector.isPresent()
                && service.namespace().equals(pod.namespace())
                && pod.matches(selector.get());
        if (behind) {
          for (V1ServicePort port : service.ports()) {
            Protocol.of(port.getProtocol())
                .ifPresent(
                    protocol ->
                        Service.targetOn(pod, port)
                            .map(number -> new Numbered(number, protocol))
                            .map(arrival -> new Target(service, port, arrival))
                            .ifPresent(targets::add));
          }
        }
      }
    }
    return targets;
  }

  /** Whether some rule of the policy opens a port in the same direction, for whomever. */
  boolean areOpenAt(Numbered port) {
    return policy.rules(rule.rule().direction()).stream()
        .anyMatch(other -> other.rule().ports().isEmpty() || opens(other, port));
  }

  /** A name may stand for any number. */
  private static boolean opens(RuleMeaning rule, Numbered port) {
    return rule.rule().ports().stream()
        .map(written -> PolicySemantics.port(written).orElseThrow())
        .anyMatch(
            meaning ->
                meaning instanceof Traffic.NamedPort
                    || (meaning instanceof Traffic.Ports ports
                        && ports.protocol() == port.protocol()
                        && ports.first() <= port.number()
                        && port.number() <= ports.last()));
  }
}
