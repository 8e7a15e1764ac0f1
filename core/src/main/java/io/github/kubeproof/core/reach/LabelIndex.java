package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/** Finds the numbers of all things that a selector matches, by their labels. */
final class LabelIndex {

  private final RoaringBitmap all = new RoaringBitmap();
  private final Map<String, RoaringBitmap> byKey = new HashMap<>();
  private final Map<String, Map<String, RoaringBitmap>> byValue = new HashMap<>();
  private final Map<Selector, RoaringBitmap> cache = new HashMap<>();

  void add(int number, Map<String, String> labels) {
    all.add(number);
    labels.forEach(
        (key, value) -> {
          byKey.computeIfAbsent(key, k -> new RoaringBitmap()).add(number);
          byValue
              .computeIfAbsent(key, k -> new HashMap<>())
              .computeIfAbsent(value, v -> new RoaringBitmap())
              .add(number);
        });
  }

  /** The set is shared: not to be changed. */
  RoaringBitmap matching(Selector selector) {
    return cache.computeIfAbsent(selector, this::find);
  }

  private RoaringBitmap find(Selector selector) {
    if (selector.requirements().isEmpty()) {
      return all;
    }
    RoaringBitmap found = null;
    for (Requirement requirement : selector.requirements()) {
      RoaringBitmap matching = matching(requirement);
      found = found == null ? matching : RoaringBitmap.and(found, matching);
    }
    return found == null ? all : found;
  }

  private RoaringBitmap matching(Requirement requirement) {
    RoaringBitmap having = byKey.getOrDefault(requirement.key(), new RoaringBitmap());
    return switch (requirement.operator()) {
      case EXISTS -> having;
      case DOES_NOT_EXIST -> RoaringBitmap.andNot(all, having);
      case IN -> withAnyValue(requirement);
      case NOT_IN -> RoaringBitmap.andNot(all, withAnyValue(requirement));
    };
  }

  private RoaringBitmap withAnyValue(Requirement requirement) {
    Map<String, RoaringBitmap> values = byValue.getOrDefault(requirement.key(), Map.of());
    RoaringBitmap found = new RoaringBitmap();
    for (String value : requirement.values()) {
      RoaringBitmap having = values.get(value);
      if (having != null) {
        found.or(having);
      }
    }
    return found;
  }
}
