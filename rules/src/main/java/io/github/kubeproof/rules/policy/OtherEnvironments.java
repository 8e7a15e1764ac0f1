package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.Settings.Environments;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Given;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pods of namespaces that say that they are not production, and what may let them out.
 *
 * <p>Beside those of the input there may be others: pods of a namespace that the input does not
 * define, with the label of another environment and no other one that a rule asks for.
 *
 * @param environments how namespaces tell what they are
 * @param namespaces those of the input
 * @param pods any of each workload of the input
 * @param tiers the policies of the tiers of all units
 * @param out what the policies of the namespaces and the tiers let out
 * @param doubtful the flows that something has a say about of which nobody knows what
 */
record OtherEnvironments(
    Environments environments,
    Set<String> namespaces,
    List<Pod> pods,
    Enforcement tiers,
    Traffic out,
    Traffic doubtful) {

  /** Enough to show one that can be called; the solver thinks about each of them. */
  private static final int MOST_CALLED = 20;

  /**
   * A way into production.
   *
   * @param in what gets in
   * @param called the workloads of the input that it may get in to
   * @param onlyCalled whether nothing else is meant
   * @param asked what the policies that let it in ask of namespaces
   */
  record Opening(Traffic in, List<Workload> called, boolean onlyCalled, List<Requirement> asked) {}

  static OtherEnvironments of(World world) {
    return world.once(OtherEnvironments.class, () -> in(world));
  }

  private static OtherEnvironments in(World world) {
    Environments environments = world.settings().environments();
    Set<String> namespaces = new TreeSet<>();
    for (String name : world.namespaceNames()) {
      if (world.namespaceLabels(name).filter(environments.others()::matches).isPresent()) {
        namespaces.add(name);
      }
    }
    List<Pod> pods = new ArrayList<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Workload workload : world.workloads()) {
      Endpoint endpoint = Endpoints.of(workload);
      endpoints.add(endpoint);
      if (workload.namespaceIsWritten()
          && workload.replicas() > 0
          && namespaces.contains(workload.namespace())) {
        endpoint.asPod().ifPresent(pods::add);
      }
    }
    List<Policy> policies = new ArrayList<>();
    List<TierPolicy> tiers = new ArrayList<>();
    List<Resource> unknown = new ArrayList<>();
    for (Cluster unit : world.clusters()) {
      unit.policies().stream()
          .filter(policy -> policy.isolates(Direction.EGRESS))
          .filter(policy -> namespaces.contains(policy.namespace()))
          .forEach(policies::add);
      tiers.addAll(unit.tierPolicies());
      unknown.addAll(unit.otherPolicies());
      unknown.addAll(unit.restrictions());
    }
    Enforcement all = Enforcement.of(policies, tiers, unknown, Blocks.OUTSIDE_ONLY);
    List<Traffic> doubtful = new ArrayList<>();
    all.gaps(endpoints).forEach(gap -> doubtful.add(gap.flows()));
    // what is on a network of its own may be kept apart by that
    for (End end : End.values()) {
      doubtful.add(new Traffic.NamespaceLabels(end, Network.ASKING));
    }
    return new OtherEnvironments(
        environments,
        namespaces,
        pods,
        new Enforcement(List.of(), all.tiers(), List.of(), List.of()),
        all.allowed(Direction.EGRESS),
        Traffic.anyOf(doubtful));
  }

  /**
   * A flow that one of these pods opens and that nobody stops; pods of the input and the ports they
   * declare come first, so that people know whom it is about.
   */
  Optional<Flow> witness(Opening opening, Connectivity connectivity, Place about) {
    Traffic through = Traffic.allOf(opening.in(), out, new Traffic.Not(doubtful));
    Optional<Flow> known = known(through, opening.called());
    if (known.isPresent()) {
      return known;
    }
    List<Traffic> here = new ArrayList<>();
    namespaces.forEach(name -> here.add(new Traffic.InNamespace(End.FROM, name)));
    List<Workload> some = opening.called().stream().limit(MOST_CALLED).toList();
    List<Traffic> wanted = new ArrayList<>(List.of(listening(some), pods(some)));
    if (!opening.onlyCalled()) {
      wanted.add(Traffic.all());
    }
    for (Traffic from : List.of(Traffic.anyOf(here), strangers(opening.asked()))) {
      for (Traffic to : wanted) {
        boolean isPossible = !from.equals(Traffic.none()) && !to.equals(Traffic.none());
        Optional<Flow> witness =
            isPossible
                ? connectivity.witness(Traffic.allOf(from, to, through), about)
                : Optional.empty();
        if (witness.isPresent()) {
          return witness;
        }
      }
    }
    return Optional.empty();
  }

  /** A flow between workloads of the input, to a port that is declared. */
  private Optional<Flow> known(Traffic through, List<Workload> called) {
    // who is treated alike is looked at once
    Map<Traffic, Pod> different = new LinkedHashMap<>();
    pods.forEach(pod -> different.putIfAbsent(Given.rest(through, End.FROM, pod), pod));
    different.remove(Traffic.none());
    for (Pod from : different.values()) {
      for (Workload workload : called) {
        Optional<Pod> to = Endpoints.of(workload).asPod();
        for (PodPort port : to.isPresent() ? workload.ports() : List.<PodPort>of()) {
          Flow flow = new Flow(from, to.get(), port.protocol(), port.number());
          if (FlowEvaluator.contains(through, flow)) {
            return Optional.of(flow);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Flows to the ports that some workloads declare. */
  private static Traffic listening(List<Workload> workloads) {
    List<Traffic> listening = new ArrayList<>();
    for (Workload workload : workloads) {
      Optional<Pod> pod = Endpoints.of(workload).asPod();
      for (PodPort port : pod.isPresent() ? workload.ports() : List.<PodPort>of()) {
        listening.add(
            new Traffic.IsThis(End.TO, pod.get())
                .and(new Traffic.Ports(port.protocol(), port.number(), port.number())));
      }
    }
    return Traffic.anyOf(listening);
  }

  private static Traffic pods(List<Workload> workloads) {
    List<Traffic> pods = new ArrayList<>();
    for (Workload workload : workloads) {
      Endpoints.of(workload).asPod().ifPresent(pod -> pods.add(new Traffic.IsThis(End.TO, pod)));
    }
    return Traffic.anyOf(pods);
  }

  /**
   * Pods of namespaces that are not in the input, and have no label but that of the environment.
   */
  private Traffic strangers(List<Requirement> asked) {
    List<Requirement> labels = new ArrayList<>(environments.others().requirements());
    Set<String> names = new TreeSet<>(namespaces);
    for (Requirement requirement : asked) {
      if (requirement.key().equals(World.NAMESPACE_NAME)) {
        names.addAll(requirement.values());
      } else if (!requirement.key().equals(environments.key())) {
        labels.add(new Requirement(requirement.key(), Operator.DOES_NOT_EXIST, List.of()));
      }
    }
    List<Traffic> known = new ArrayList<>();
    names.forEach(name -> known.add(new Traffic.InNamespace(End.FROM, name)));
    return new Traffic.NamespaceLabels(End.FROM, new Selector(labels))
        .without(Traffic.anyOf(known));
  }
}
