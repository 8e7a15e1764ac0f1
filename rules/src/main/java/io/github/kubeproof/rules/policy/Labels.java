package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1LabelSelectorRequirement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the labels of a selector are written. */
final class Labels {

  private Labels() {}

  /**
   * The place of one requirement of a selector, in its matchLabels or its matchExpressions.
   *
   * @param selector the place of the whole selector
   */
  static Place placeOf(Requirement requirement, Place selector, @Nullable V1LabelSelector model) {
    if (model == null) {
      return selector;
    }
    String key = requirement.key();
    String label = Lists.orEmpty(model.getMatchLabels()).get(key);
    if (label != null && requirement.values().contains(label)) {
      return selector.then("matchLabels", key);
    }
    List<V1LabelSelectorRequirement> expressions = Lists.orEmpty(model.getMatchExpressions());
    for (int i = 0; i < expressions.size(); i++) {
      if (key.equals(expressions.get(i).getKey())) {
        return selector.then("matchExpressions", i, "values");
      }
    }
    return selector;
  }
}
