package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.PolicySet;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** KP601: policies that let pods out, but not to the servers that tell them names. */
public final class EgressWithoutDns implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP601",
          "egress-without-dns",
          Severity.ERROR,
          Confidence.PROVED,
          "the egress policies of pods do not let them ask DNS");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /**
   * Pods that cannot ask DNS.
   *
   * @param workloads those of the input; empty when it is about every pod that the policy selects
   * @param isolating the policies that isolate their egress
   */
  private record Closed(List<Workload> workloads, List<Meaning> isolating) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      if (policy.isolates(Direction.EGRESS) && policy.resource().isUnderstood()) {
        closed(policy, cluster, dns(policy), connectivity)
            .ifPresent(closed -> report(policy, cluster, closed, findings));
      }
    }
  }

  /** All ways to a DNS server. */
  private static Traffic dns(Policy policy) {
    Settings settings = policy.cluster().settings();
    return DnsServers.asked(policy)
        .and(
            Traffic.anyOf(
                DnsServers.ports(settings, Protocol.UDP),
                DnsServers.ports(settings, Protocol.TCP)));
  }

  /** What is closed in every alternative, as the first of them shows it. */
  private static Optional<Closed> closed(
      Policy policy, Cluster cluster, Traffic dns, Connectivity connectivity) {
    Optional<Closed> first = Optional.empty();
    for (Alternative alternative : cluster.alternatives(policy)) {
      Optional<Closed> here = closedIn(policy, alternative, dns, connectivity);
      if (here.isEmpty()) {
        return Optional.empty();
      }
      first = first.isEmpty() ? here : first;
    }
    return first;
  }

  private static Optional<Closed> closedIn(
      Policy policy, Alternative alternative, Traffic dns, Connectivity connectivity) {
    Optional<PolicyTogether> together = PolicyTogether.of(policy, alternative);
    if (together.isEmpty()) {
      return Optional.empty();
    }
    PolicySet policies = together.get().policies();
    Meaning meaning = together.get().meaning();
    List<Workload> selected = together.get().selected();
    return selected.isEmpty()
        ? closedForAll(meaning, dns.and(policies.allowed(Direction.EGRESS)), connectivity)
        : closedFor(selected, meaning, policies, dns, connectivity);
  }

  private static Optional<Closed> closedFor(
      List<Workload> selected,
      Meaning policy,
      PolicySet policies,
      Traffic dns,
      Connectivity connectivity) {
    List<Workload> closed = new ArrayList<>();
    List<Meaning> isolating = new ArrayList<>();
    for (Workload workload : selected) {
      List<Meaning> here = policies.isolating(workload, Direction.EGRESS);
      Optional<Endpoint.Pod> pod = Endpoints.of(workload).asPod();
      if (pod.isEmpty()
          || !DnsServers.areAskedBy(workload)
          || here.stream().anyMatch(EgressWithoutDns::opensEverything)
          || !mostTelling(here).equals(policy)) {
        continue;
      }
      Traffic question =
          Traffic.allOf(
              new Traffic.IsThis(End.FROM, pod.get()),
              dns,
              policies.about(List.of(pod.get())).allowed(Direction.EGRESS));
      // a cluster has DNS servers, also where the input is all that is deployed
      if (connectivity.proveImpossible(question, policy.place()).isPresent()) {
        closed.add(workload);
        here.stream().filter(meaning -> !isolating.contains(meaning)).forEach(isolating::add);
      }
    }
    return closed.isEmpty() ? Optional.empty() : Optional.of(new Closed(closed, isolating));
  }

  /** Of the policies that isolate a pod, the one to speak at: the one with rules to mend. */
  private static Meaning mostTelling(List<Meaning> isolating) {
    return isolating.stream()
        .min(
            Comparator.comparing((Meaning policy) -> inClusterPeer(policy).isEmpty())
                .thenComparing(policy -> policy.rules(Direction.EGRESS).isEmpty()))
        .orElseThrow();
  }

  /** For pods that somebody else makes: the claim must hold for each that the policy selects. */
  private static Optional<Closed> closedForAll(
      Meaning policy, Traffic allowed, Connectivity connectivity) {
    if (policy.rules(Direction.EGRESS).isEmpty() // it says that nothing may go out, and means it
        || opensEverything(policy)
        || DnsServers.areLabelled(policy.selector().equalities(), policy.policy().cluster())) {
      return Optional.empty();
    }
    return connectivity
        .proveImpossible(policy.subject(Direction.EGRESS).and(allowed), policy.place())
        // without a reason there are no such pods: KP303
        .filter(proved -> !proved.because().isEmpty())
        .map(proved -> new Closed(List.of(), List.of(policy)));
  }

  private static boolean opensEverything(Meaning policy) {
    return policy.rules(Direction.EGRESS).stream()
        .anyMatch(rule -> rule.rule().peers().isEmpty() && rule.rule().ports().isEmpty());
  }

  /** Where a policy lets pods out to other pods, which people reach by the names of Services. */
  private static Optional<Place> inClusterPeer(Meaning policy) {
    for (RuleMeaning rule : policy.rules(Direction.EGRESS)) {
      List<V1NetworkPolicyPeer> peers = rule.rule().peers();
      for (int i = 0; i < peers.size(); i++) {
        if (peers.get(i).getIpBlock() == null) {
          return Optional.of(rule.place().then("to", i));
        }
      }
    }
    return Optional.empty();
  }

  private static void report(Policy policy, Cluster cluster, Closed closed, Findings findings) {
    String ports =
        cluster.settings().dns().ports().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(" or "));
    Draft draft =
        findings
            .report(
                policy,
                place(policy),
                "egress of "
                    + who(policy, closed.workloads())
                    + " is closed to DNS: nothing lets them ask on port "
                    + ports)
            .help(
                "add an egress rule for ports 53/UDP and 53/TCP to the pods labelled"
                    + " k8s-app=kube-dns in namespace kube-system");
    Optional<Place> peer =
        closed.isolating().stream().flatMap(p -> inClusterPeer(p).stream()).findFirst();
    Optional<Place> mention =
        closed.workloads().stream()
            .flatMap(workload -> Mention.of(workload).stream())
            .filter(Mention::namesService)
            .map(Mention::place)
            .findFirst();
    if (peer.isPresent()) {
      draft.severity(Severity.ERROR).note(peer.get(), "pods are reached by the name of a Service");
    } else if (mention.isPresent()) {
      draft
          .severity(Severity.WARNING)
          .note(mention.get(), "names a Service, which must be looked up");
    } else {
      draft.severity(Severity.INFO);
    }
    if (closed.workloads().size() > 1) {
      closed.workloads().forEach(w -> draft.note(w.resource().place(), w + " cannot ask DNS"));
    }
    for (Meaning other : closed.isolating()) {
      if (!other.policy().equals(policy)) {
        draft.note(other.place(), other.policy() + " isolates their egress");
      }
    }
  }

  private static String who(Policy policy, List<Workload> workloads) {
    return switch (workloads.size()) {
      case 0 -> "the pods of " + policy;
      case 1 -> workloads.get(0).toString();
      default -> workloads.size() + " workloads of namespace " + policy.namespace();
    };
  }

  /** The rules, or what isolates without rules. */
  private static Place place(Policy policy) {
    Optional<Node.Mapping> spec = policy.resource().tree().get("spec").flatMap(Node::asMapping);
    boolean written = spec.isPresent() && spec.get().get("egress").isPresent();
    return policy.resource().at("spec", written ? "egress" : "policyTypes");
  }
}
