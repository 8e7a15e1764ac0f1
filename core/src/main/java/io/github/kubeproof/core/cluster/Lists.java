package io.github.kubeproof.core.cluster;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The edge where the models' nulls end. Null, missing and empty often mean different things: ask
 * the tree where it matters.
 */
public final class Lists {

  private Lists() {}

  public static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  public static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
    return map == null ? Map.of() : map;
  }
}
