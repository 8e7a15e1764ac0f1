package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Cluster.Typed;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1DaemonSetSpec;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1DeploymentSpec;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1LabelSelectorRequirement;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.openapi.models.V1ReplicaSetSpec;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1StatefulSetSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** KP010: a label selector that the API server cannot read, or will not have. */
public final class InvalidSelector implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP010",
          "invalid-selector",
          "a selector has a bad operator, key or value, or does not fit its own pods");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Selectors selectors = new Selectors(cluster, findings);
    cluster.policies().forEach(selectors::check);
    cluster.services().forEach(selectors::check);
    for (Typed<V1Deployment> found : cluster.all(V1Deployment.class)) {
      V1DeploymentSpec spec = found.model().getSpec();
      if (spec != null) {
        selectors.checkOwn(found.resource(), spec.getSelector(), spec.getTemplate());
      }
    }
    for (Typed<V1ReplicaSet> found : cluster.all(V1ReplicaSet.class)) {
      V1ReplicaSetSpec spec = found.model().getSpec();
      if (spec != null) {
        selectors.checkOwn(found.resource(), spec.getSelector(), spec.getTemplate());
      }
    }
    for (Typed<V1StatefulSet> found : cluster.all(V1StatefulSet.class)) {
      V1StatefulSetSpec spec = found.model().getSpec();
      if (spec != null) {
        selectors.checkOwn(found.resource(), spec.getSelector(), spec.getTemplate());
      }
    }
    for (Typed<V1DaemonSet> found : cluster.all(V1DaemonSet.class)) {
      V1DaemonSetSpec spec = found.model().getSpec();
      if (spec != null) {
        selectors.checkOwn(found.resource(), spec.getSelector(), spec.getTemplate());
      }
    }
  }

  /** Looks at the selectors of one unit. */
  private record Selectors(Cluster cluster, Findings findings) {

    void check(Policy policy) {
      check(policy.resource(), policy.spec().getPodSelector());
      for (Policy.Rule rule : policy.rules()) {
        for (V1NetworkPolicyPeer peer : rule.peers()) {
          check(policy.resource(), peer.getPodSelector());
          check(policy.resource(), peer.getNamespaceSelector());
        }
      }
    }

    void check(Service service) {
      labels(
          service.resource(),
          service.spec().getSelector(),
          service.resource().at("spec", "selector"));
    }

    private boolean check(Resource resource, @Nullable V1LabelSelector selector) {
      if (selector == null) {
        return true;
      }
      boolean sound =
          labels(resource, selector.getMatchLabels(), cluster.at(selector, "matchLabels"));
      for (V1LabelSelectorRequirement expression : Lists.orEmpty(selector.getMatchExpressions())) {
        sound &= check(resource, expression);
      }
      return sound;
    }

    private boolean labels(Resource resource, @Nullable Map<String, String> labels, Place place) {
      boolean sound = true;
      for (Map.Entry<String, String> label : Lists.orEmpty(labels).entrySet()) {
        Place at = place.then(label.getKey());
        Optional<String> flaw = Names.flawOfLabelKey(label.getKey());
        Variables.reportFlawOfKey(resource, at, "label key", label.getKey(), flaw, findings);
        sound &= flaw.isEmpty();
        sound &= value(resource, at, label.getValue() == null ? "" : label.getValue());
      }
      return sound;
    }

    // meta/v1/validation, ValidateLabelSelectorRequirement
    private boolean check(Resource resource, V1LabelSelectorRequirement expression) {
      boolean sound = true;
      if (expression.getKey() != null) {
        sound = key(resource, cluster.at(expression, "key"), expression.getKey());
      }
      List<String> values = Lists.orEmpty(expression.getValues());
      for (int i = 0; i < values.size(); i++) {
        sound &= value(resource, cluster.at(expression, "values", i), values.get(i));
      }
      if (expression.getOperator() == null) {
        return false; // KP017 speaks of it
      }
      Optional<Operator> operator = Operator.of(expression.getOperator());
      if (operator.isEmpty()) {
        findings.report(
            resource,
            cluster.at(expression, "operator"),
            "operator \""
                + expression.getOperator()
                + "\" is none of In, NotIn, Exists and DoesNotExist");
        return false;
      }
      boolean wantsValues = operator.get() == Operator.IN || operator.get() == Operator.NOT_IN;
      if (wantsValues && values.isEmpty()) {
        findings
            .report(
                resource,
                cluster.at(expression, "values"),
                cluster.at(expression, "operator").span(),
                "operator " + operator.get().written() + " has no values")
            .help(
                operator.get() == Operator.IN
                    ? "list the values, or write Exists if any value will do"
                    : "list the values, or write DoesNotExist if no value will do");
        return false;
      }
      if (!wantsValues && !values.isEmpty()) {
        findings
            .report(
                resource,
                cluster.at(expression, "values"),
                "operator " + operator.get().written() + " takes no values")
            .help(
                "leave the values out, or write "
                    + (operator.get() == Operator.EXISTS ? "In" : "NotIn"));
        return false;
      }
      return sound;
    }

    private boolean key(Resource resource, Place place, String key) {
      Optional<String> flaw = Names.flawOfLabelKey(key);
      Variables.reportFlaw(resource, place, "label key", key, flaw, findings);
      return flaw.isEmpty();
    }

    private boolean value(Resource resource, Place place, String value) {
      Optional<String> flaw = Names.flawOfLabelValue(value);
      Variables.reportFlaw(resource, place, "label value", value, flaw, findings);
      return flaw.isEmpty();
    }

    /** A controller must select the pods that it makes (apps validation.go). */
    void checkOwn(
        Resource resource,
        @Nullable V1LabelSelector written,
        @Nullable V1PodTemplateSpec template) {
      if (written == null || !check(resource, written) || !resource.isUnderstood()) {
        return;
      }
      Selector selector = Selector.of(written).orElseThrow();
      if (selector.isEverything()) {
        findings
            .report(
                resource, cluster.at(written), "the selector of a " + resource.kind() + " is empty")
            .help("name the labels of the pod template");
        return;
      }
      Map<String, String> labels =
          template == null || template.getMetadata() == null
              ? Map.of()
              : Lists.orEmpty(template.getMetadata().getLabels());
      for (Selector.Requirement requirement : selector.requirements()) {
        if (!requirement.matches(labels)) {
          String value = labels.get(requirement.key());
          findings
              .report(
                  resource,
                  place(written, requirement.key()),
                  "the selector wants "
                      + requirement
                      + ", but the pods of this "
                      + resource.kind()
                      + (value == null
                          ? " have no label " + requirement.key()
                          : " have " + requirement.key() + "=" + value))
              .note(
                  resource.at("spec", "template", "metadata", "labels"), "the labels of its pods");
        }
      }
    }

    private Place place(V1LabelSelector selector, String key) {
      if (Lists.orEmpty(selector.getMatchLabels()).containsKey(key)) {
        return cluster.at(selector, "matchLabels", key);
      }
      for (V1LabelSelectorRequirement expression : Lists.orEmpty(selector.getMatchExpressions())) {
        if (key.equals(expression.getKey())) {
          return cluster.at(expression, "key");
        }
      }
      return cluster.at(selector);
    }
  }
}
