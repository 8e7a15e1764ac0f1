package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** KP110: the policies of two workloads name each other, and still let nothing through. */
public final class OneSidedPermission implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP110",
          "one-sided-permission",
          Severity.INFO,
          Confidence.PROVED,
          "an egress rule and an ingress rule name each other's pods, but have no port in common");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Two workloads of a unit, the first of which would connect to the second. */
  private record Pair(Workload from, Workload to) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Meaning> policies = Policies.of(cluster);
    Map<String, List<Workload>> workloads = byNamespace(cluster);
    Map<Pair, RuleMeaning> out = named(policies, workloads, Direction.EGRESS);
    Map<Pair, RuleMeaning> in =
        out.isEmpty() ? Map.of() : named(policies, workloads, Direction.INGRESS);
    out.forEach(
        (pair, rule) -> {
          RuleMeaning answer = in.get(pair);
          if (answer != null
              && !isBehindAnotherPort(pair.to())
              && isStopped(pair, rule.place(), connectivity)) {
            report(pair, rule, answer, findings);
          }
        });
  }

  /** Whether a Service leads to a workload from another port, which is then named: KP313. */
  private static boolean isBehindAnotherPort(Workload workload) {
    return workload.cluster().services().stream()
        .filter(service -> service.namespace().equals(workload.namespace()))
        .filter(service -> service.selector().filter(workload::matches).isPresent())
        .flatMap(service -> service.ports().stream())
        .anyMatch(
            port -> !Service.targetOn(workload, port).equals(Optional.ofNullable(port.getPort())));
  }

  /** The pairs of which the rules of a direction name the other end, each with the first rule. */
  private static Map<Pair, RuleMeaning> named(
      List<Meaning> policies, Map<String, List<Workload>> workloads, Direction direction) {
    Map<Pair, RuleMeaning> named = new LinkedHashMap<>();
    for (Meaning policy : policies) {
      for (RuleMeaning rule :
          policy.isolates(direction) ? policy.rules(direction) : List.<RuleMeaning>of()) {
        for (V1NetworkPolicyPeer peer : rule.rule().peers()) {
          for (Workload other : named(policy.policy(), peer, workloads)) {
            for (Workload guarded : Policies.selected(policy)) {
              boolean isSource = direction == Direction.EGRESS;
              named.putIfAbsent(
                  new Pair(isSource ? guarded : other, isSource ? other : guarded), rule);
            }
          }
        }
      }
    }
    return named;
  }

  private static Map<String, List<Workload>> byNamespace(Cluster cluster) {
    Map<String, List<Workload>> workloads = new TreeMap<>();
    for (Workload workload : cluster.workloads()) {
      if (!workload.onHostNetwork()) {
        workloads.computeIfAbsent(workload.namespace(), n -> new ArrayList<>()).add(workload);
      }
    }
    return workloads;
  }

  /** The workloads of the unit that a peer names by labels. */
  private static List<Workload> named(
      Policy policy, V1NetworkPolicyPeer peer, Map<String, List<Workload>> workloads) {
    Optional<Selector> selector =
        peer.getPodSelector() == null
            ? Optional.empty()
            : Selector.of(peer.getPodSelector()).filter(s -> !s.isEverything());
    if (selector.isEmpty()) {
      return List.of();
    }
    List<Workload> found = new ArrayList<>();
    if (peer.getNamespaceSelector() == null) {
      found.addAll(workloads.getOrDefault(policy.namespace(), List.of()));
    } else {
      Selector namespaces = Selector.of(peer.getNamespaceSelector()).orElseThrow();
      workloads.forEach(
          (namespace, members) -> {
            if (names(namespaces, namespace, policy)) {
              members.stream().filter(Workload::namespaceIsWritten).forEach(found::add);
            }
          });
    }
    return found.stream().filter(workload -> workload.matches(selector.get())).toList();
  }

  /** Whether a selector surely picks a namespace, and not just all of them. */
  private static boolean names(Selector selector, String namespace, Policy policy) {
    World world = policy.cluster().world();
    return !selector.isEverything()
        && selector.matches(world.knownNamespaceLabels(namespace))
        && (world.namespaceLabels(namespace).isPresent()
            || selector.requirements().stream()
                .allMatch(one -> one.key().equals(World.NAMESPACE_NAME)));
  }

  private static boolean isStopped(Pair pair, Place about, Connectivity connectivity) {
    Optional<Endpoint.Pod> from = Endpoints.of(pair.from()).asPod();
    Optional<Endpoint.Pod> to = Endpoints.of(pair.to()).asPod();
    if (from.isEmpty() || to.isEmpty() || pair.from().equals(pair.to())) {
      return false;
    }
    Traffic between =
        new Traffic.IsThis(End.FROM, from.get()).and(new Traffic.IsThis(End.TO, to.get()));
    boolean areTogether = pair.from().namespace().equals(pair.to().namespace());
    for (Alternative here : pair.from().cluster().alternatives(pair.from())) {
      for (Alternative there :
          areTogether ? List.of(here) : pair.to().cluster().alternatives(pair.to())) {
        Optional<PolicySet> out =
            PolicySet.of(pair.from(), here).map(set -> set.about(List.of(from.get())));
        Optional<PolicySet> in =
            PolicySet.of(pair.to(), there).map(set -> set.about(List.of(to.get())));
        boolean isClosed =
            out.isPresent()
                && in.isPresent()
                && connectivity
                    .proveEmpty(
                        Traffic.allOf(
                            between,
                            out.get().allowed(Direction.EGRESS),
                            in.get().allowed(Direction.INGRESS)),
                        about)
                    .isPresent();
        if (!isClosed) {
          return false;
        }
      }
    }
    return true;
  }

  private static void report(Pair pair, RuleMeaning out, RuleMeaning in, Findings findings) {
    Policy policy = out.rule().policy();
    findings
        .report(
            policy,
            out.place(),
            "nothing gets from "
                + pair.from()
                + " to "
                + pair.to()
                + ": this rule lets out "
                + out.rule().portsInWords()
                + ", and "
                + in.rule().policy()
                + " lets in "
                + in.rule().portsInWords())
        .help("name the same port in both, that of the pods")
        .note(in.place(), in.rule().policy() + " lets in " + in.rule().portsInWords());
  }
}
