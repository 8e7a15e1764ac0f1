package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1LabelSelectorRequirement;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** KP303: a selector of a policy that contradicts itself. */
public final class UnsatisfiableSelector implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP303",
          "unsatisfiable-selector",
          Severity.ERROR,
          Confidence.PROVED,
          "a selector contradicts itself, so nothing can ever match it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      Question question = new Question(cluster, connectivity, findings, policy);
      question.ask(policy.spec().getPodSelector(), false);
      for (Policy.Rule rule : policy.rules()) {
        for (V1NetworkPolicyPeer peer : rule.peers()) {
          question.ask(peer.getPodSelector(), false);
          question.ask(peer.getNamespaceSelector(), true);
        }
      }
    }
  }

  /** One condition of a selector, with the place where it is written. */
  private record Written(Requirement requirement, Place place) {}

  private record Question(
      Cluster cluster, Connectivity connectivity, Findings findings, Policy policy) {

    /**
     * Each key is asked for by itself: labels do not depend on one another, so a contradiction is
     * always between conditions on the same one.
     */
    void ask(@Nullable V1LabelSelector selector, boolean ofNamespaces) {
      if (selector == null || Selector.of(selector).isEmpty()) {
        return;
      }
      byKey(selector)
          .forEach(
              (key, written) -> {
                if (mayContradict(key, written, ofNamespaces)) {
                  ask(key, written, ofNamespaces);
                }
              });
    }

    private Map<String, List<Written>> byKey(V1LabelSelector selector) {
      Map<String, List<Written>> byKey = new TreeMap<>();
      for (String key : Lists.orEmpty(selector.getMatchLabels()).keySet()) {
        String value = selector.getMatchLabels().get(key);
        add(
            new Requirement(key, Operator.IN, List.of(value == null ? "" : value)),
            cluster.at(selector, "matchLabels", key),
            byKey);
      }
      for (V1LabelSelectorRequirement expression : Lists.orEmpty(selector.getMatchExpressions())) {
        Optional<Operator> operator = Operator.of(expression.getOperator());
        List<String> values = Lists.orEmpty(expression.getValues());
        operator.ifPresent(
            known ->
                add(
                    new Requirement(expression.getKey(), known, values),
                    cluster.at(expression, values.isEmpty() ? "operator" : "values"),
                    byKey));
      }
      return byKey;
    }

    private static void add(
        Requirement requirement, Place place, Map<String, List<Written>> byKey) {
      byKey
          .computeIfAbsent(requirement.key(), key -> new ArrayList<>())
          .add(new Written(requirement, place));
    }

    private static boolean mayContradict(String key, List<Written> written, boolean ofNamespaces) {
      return written.size() > 1
          || (ofNamespaces
              && key.equals(World.NAMESPACE_NAME)
              && written.get(0).requirement().operator() == Operator.DOES_NOT_EXIST);
    }

    private void ask(String key, List<Written> written, boolean ofNamespaces) {
      List<Traffic> conditions = new ArrayList<>();
      conditions.add(new Traffic.IsPod(End.TO));
      for (Written one : written) {
        Selector condition = new Selector(List.of(one.requirement()));
        Traffic matching =
            ofNamespaces
                ? new Traffic.NamespaceLabels(End.TO, condition)
                : new Traffic.PodLabels(End.TO, condition);
        // what it keeps out is written down, so that a proof can name it
        conditions.add(
            new Traffic.Not(new Traffic.Written(one.place(), new Traffic.Not(matching))));
      }
      Place about = written.get(written.size() - 1).place();
      connectivity
          .proveImpossible(Traffic.allOf(conditions), about)
          .ifPresent(proof -> report(key, written, proof.because(), ofNamespaces));
    }

    private void report(
        String key, List<Written> written, List<Place> because, boolean ofNamespaces) {
      List<Written> guilty = written.stream().filter(one -> because.contains(one.place())).toList();
      List<String> conditions = guilty.stream().map(one -> describe(one.requirement())).toList();
      Findings.Draft draft =
          findings
              .report(
                  policy,
                  guilty.get(guilty.size() - 1).place(),
                  "no "
                      + (ofNamespaces ? "namespace" : "pod")
                      + " can match: label "
                      + key
                      + " would "
                      + String.join(" and ", conditions))
              .help("remove one of the conditions, or make two selectors of them");
      if (guilty.size() == 1) {
        draft.help("remove the condition: every namespace carries this label");
      }
      for (Written one : guilty.subList(0, guilty.size() - 1)) {
        draft.note(one.place(), "here it would " + describe(one.requirement()));
      }
    }
  }

  private static String describe(Requirement requirement) {
    String values =
        requirement.values().size() == 1
            ? "\"" + requirement.values().get(0) + "\""
            : "one of " + requirement.values();
    return switch (requirement.operator()) {
      case IN -> "be " + values;
      case NOT_IN -> "not be " + values;
      case EXISTS -> "exist";
      case DOES_NOT_EXIST -> "not exist";
    };
  }
}
