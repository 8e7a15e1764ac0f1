package io.github.kubeproof.rules.tier;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.Map;
import java.util.Optional;

/** KP904: the subject of a policy of a tier has no pod in it. */
public final class TierSelectsNothing implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP904",
          "tier-selects-nothing",
          Severity.INFO,
          Confidence.HEURISTIC,
          "the subject of a policy of a tier matches no pod, so the policy does nothing");

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
        boolean closed = cluster.settings().closedWorld();
        findings
            .report(
                policy.resource(),
                policy.resource().at("spec", "subject"),
                "the subject of "
                    + policy
                    + " has no pod"
                    + (closed ? "" : " of the input")
                    + " in it")
            .severity(closed ? Severity.WARNING : Severity.INFO)
            .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
      }
    }
  }

  private static boolean mayBeIn(Peer.Pods subject, Workload workload, World world) {
    return workload.mayMatch(subject.pods())
        && (!workload.namespaceIsWritten()
            || mayBe(subject.namespaces(), workload.namespace(), world));
  }

  /** A namespace that the input does not define has a name, and any other labels. */
  private static boolean mayBe(Selector selector, String namespace, World world) {
    Optional<Map<String, String>> labels = world.namespaceLabels(namespace);
    Map<String, String> name = Map.of("kubernetes.io/metadata.name", namespace);
    return labels.isPresent()
        ? selector.matches(labels.get())
        : selector.requirements().stream()
            .filter(requirement -> name.containsKey(requirement.key()))
            .allMatch(requirement -> requirement.matches(name));
  }
}
