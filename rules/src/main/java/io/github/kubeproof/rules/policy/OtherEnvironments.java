package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
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
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
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
 * @param pods of the workloads of the input
 * @param tiers the policies of the tiers of all units
 * @param out what the policies of the namespaces and the tiers let out
 * @param doubtful the flows that something has a say about of which nobody knows what
 */
record OtherEnvironments(
    Environments environments,
    Set<String> namespaces,
    List<Traffic> pods,
    Enforcement tiers,
    Traffic out,
    Traffic doubtful) {

  static OtherEnvironments of(World world) {
    Environments environments = world.settings().environments();
    Set<String> namespaces = new TreeSet<>();
    for (String name : world.namespaceNames()) {
      if (world.namespaceLabels(name).filter(environments.others()::matches).isPresent()) {
        namespaces.add(name);
      }
    }
    List<Traffic> pods = new ArrayList<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Workload workload : world.workloads()) {
      Endpoint endpoint = Endpoints.of(workload);
      endpoints.add(endpoint);
      if (workload.namespaceIsWritten()
          && workload.replicas() > 0
          && namespaces.contains(workload.namespace())) {
        endpoint.asPod().ifPresent(pod -> pods.add(new Traffic.IsThis(End.FROM, pod)));
      }
    }
    List<Policy> policies = new ArrayList<>();
    List<TierPolicy> tiers = new ArrayList<>();
    List<Resource> unknown = new ArrayList<>();
    for (Cluster unit : world.clusters()) {
      unit.policies().stream()
          .filter(policy -> policy.isolates(Direction.EGRESS))
          .forEach(policy -> policies.addAll(inEach(policy, namespaces)));
      tiers.addAll(unit.tierPolicies());
      unknown.addAll(unit.otherPolicies());
    }
    Enforcement all = Enforcement.of(policies, tiers, unknown, Blocks.OUTSIDE_ONLY);
    List<Traffic> doubtful = new ArrayList<>();
    all.gaps(endpoints).forEach(gap -> doubtful.add(gap.flows()));
    return new OtherEnvironments(
        environments,
        namespaces,
        pods,
        new Enforcement(List.of(), all.tiers(), List.of()),
        all.allowed(Direction.EGRESS),
        Traffic.anyOf(doubtful));
  }

  /** A policy without a namespace gets it from whoever deploys it, so it may be in any. */
  private static List<Policy> inEach(Policy policy, Set<String> namespaces) {
    return policy.namespaceIsWritten()
        ? List.of(policy)
        : namespaces.stream().map(policy::in).toList();
  }

  /**
   * A flow that one of these pods opens and that nobody stops; pods of the input come first, so
   * that people know whom it is about.
   *
   * @param wanted sets of flows, of which the first are looked at first
   * @param asked what the policies that let it in ask of namespaces
   */
  Optional<Flow> witness(
      List<Traffic> wanted, List<Requirement> asked, Connectivity connectivity, Place about) {
    List<Traffic> here = new ArrayList<>();
    namespaces.forEach(name -> here.add(new Traffic.InNamespace(End.FROM, name)));
    for (Traffic from : List.of(Traffic.anyOf(pods), Traffic.anyOf(here), strangers(asked))) {
      for (Traffic set : wanted) {
        Traffic through =
            Traffic.allOf(
                from, set, out, new Traffic.Not(doubtful), new Traffic.Not(new Traffic.ToItself()));
        Optional<Flow> witness =
            from.equals(Traffic.none()) ? Optional.empty() : connectivity.witness(through, about);
        if (witness.isPresent()) {
          return witness;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Pods of namespaces that are not in the input, and have no label but that of the environment.
   */
  private Traffic strangers(List<Requirement> asked) {
    List<Requirement> labels = new ArrayList<>(environments.others().requirements());
    Set<String> names = new TreeSet<>(namespaces);
    for (Requirement requirement : asked) {
      if (requirement.key().equals("kubernetes.io/metadata.name")) {
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
