package io.github.kubeproof.rules.tier;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.NearMiss;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** KP904: the subject of a policy of a tier has no pod in it. */
public final class TierSelectsNothing implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP904",
              "tier-selects-nothing",
              Severity.INFO,
              Confidence.HEURISTIC,
              "the subject of a policy of a tier matches no pod, so the policy does nothing")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    World world = cluster.world();
    for (TierPolicy policy : cluster.tierPolicies()) {
      boolean asks = !policy.subject().equals(Peer.Pods.ALL);
      if (asks
          && !policy.isRefused()
          && policy.resource().isUnderstood()
          && !world.mayHaveHiddenPods()
          && !world.workloads().isEmpty()
          && world.workloads().stream().noneMatch(w -> mayBeIn(policy.subject(), w, world))) {
        check(policy, findings);
      }
    }
  }

  private static void check(TierPolicy policy, Findings findings) {
    Optional<NearMiss> pods = misspeltPods(policy);
    Optional<Workload> other = pods.isPresent() ? Optional.empty() : ofMisspeltNamespace(policy);
    if (pods.isPresent()) {
      NearMiss miss = pods.get();
      Place place = placeOf(miss.wanted(), policy);
      report(policy, place, "no pod has the label %s, %s".formatted(miss.wanted(), miss), findings)
          .severity(Severity.WARNING)
          .help("select " + miss.label() + ", or correct the labels of the pods")
          .note(miss.place(), miss.toString())
          .unsafeFix(
              "select " + miss.label(),
              "the policy holds for " + miss.workload(),
              miss.correction(place));
    } else if (other.isPresent()) {
      Workload workload = other.get();
      Requirement name = nameOf(policy).orElseThrow();
      Place place = placeOf(name, policy);
      report(
              policy,
              place,
              "the input has no namespace %s, did you mean %s?"
                  .formatted(name.values().get(0), workload.namespace()),
              findings)
          .severity(Severity.WARNING)
          .help("write " + workload.namespace())
          .note(workload.resource().at("metadata", "namespace"), workload + " is in that one")
          .unsafeFix(
              "write " + workload.namespace(),
              "the policy holds for " + workload,
              Edits.value(place, workload.namespace()));
    } else {
      boolean closed = policy.cluster().settings().closedWorld();
      report(
              policy,
              policy.resource().at("spec", "subject"),
              "the subject of "
                  + policy
                  + " has no pod"
                  + (closed ? "" : " of the input")
                  + " in it",
              findings)
          .severity(closed ? Severity.WARNING : Severity.INFO)
          .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
    }
  }

  private static Findings.Draft report(
      TierPolicy policy, Place place, String message, Findings findings) {
    return findings.report(policy.resource(), place, message);
  }

  /** The slip of the fingers that keeps the pods of the unit out of the subject. */
  private static Optional<NearMiss> misspeltPods(TierPolicy policy) {
    World world = policy.cluster().world();
    List<Workload> there =
        policy.cluster().workloads().stream()
            .filter(Workload::namespaceIsWritten)
            .filter(w -> mayBe(policy.subject().namespaces(), w.namespace(), world))
            .toList();
    return NearMiss.slip(policy.subject().pods(), there);
  }

  /** A pod of the only namespace of the unit whose name is one slip away from the one asked for. */
  private static Optional<Workload> ofMisspeltNamespace(TierPolicy policy) {
    Optional<Requirement> name = nameOf(policy);
    boolean isAlone = policy.subject().namespaces().requirements().size() == 1;
    World world = policy.cluster().world();
    if (name.isEmpty() || !isAlone || world.namespaceNames().containsAll(name.get().values())) {
      return Optional.empty();
    }
    List<Workload> there =
        policy.cluster().workloads().stream()
            .filter(Workload::namespaceIsWritten)
            .filter(w -> Spelling.isSlip(name.get().values().get(0), w.namespace()))
            .filter(w -> w.mayMatch(policy.subject().pods()))
            .toList();
    return there.stream().map(Workload::namespace).distinct().count() == 1
        ? Optional.of(there.get(0))
        : Optional.empty();
  }

  /** The requirement that the namespace of the subject has one name; empty when there is none. */
  private static Optional<Requirement> nameOf(TierPolicy policy) {
    return policy.subject().namespaces().requirements().stream()
        .filter(one -> one.key().equals(World.NAMESPACE_NAME) && one.operator() == Operator.IN)
        .filter(one -> one.values().size() == 1)
        .findFirst();
  }

  /** Where a label of the subject is written; the subject where it is an expression. */
  private static Place placeOf(Requirement wanted, TierPolicy policy) {
    Place subject = policy.resource().at("spec", "subject");
    return Stream.of(
            List.of("pods", "podSelector"),
            List.of("pods", "namespaceSelector"),
            List.of("namespaces"))
        .map(steps -> subject.then(steps.toArray()).then("matchLabels", wanted.key()))
        .filter(
            place ->
                place.node().flatMap(Node::asString).filter(wanted.values()::contains).isPresent())
        .findFirst()
        .orElse(subject);
  }

  private static boolean mayBeIn(Peer.Pods subject, Workload workload, World world) {
    return workload.mayMatch(subject.pods())
        && (!workload.namespaceIsWritten()
            || mayBe(subject.namespaces(), workload.namespace(), world));
  }

  /** A namespace that the input does not define has a name, and any other labels. */
  private static boolean mayBe(Selector selector, String namespace, World world) {
    Optional<Map<String, String>> labels = world.namespaceLabels(namespace);
    Map<String, String> name = Map.of(World.NAMESPACE_NAME, namespace);
    return labels.isPresent()
        ? selector.matches(labels.get())
        : selector.requirements().stream()
            .filter(requirement -> name.containsKey(requirement.key()))
            .allMatch(requirement -> requirement.matches(name));
  }
}
