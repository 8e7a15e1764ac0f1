package io.github.kubeproof.core.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A part of the cluster that keeps what is made of it, because many rules ask for the same. */
public abstract sealed class Derivable permits World, Cluster, Workload, Policy {

  private final Map<Class<?>, Object> made = new ConcurrentHashMap<>(4);

  /**
   * What is made of this part; there is one thing of each class.
   *
   * @param maker used at the first call; when two threads meet there, by both, so it must always
   *     come to the same. It may ask for other things.
   */
  public final <T> T once(Class<T> type, Supplier<? extends T> maker) {
    Object known = made.get(type);
    if (known == null) {
      known = maker.get();
      made.put(type, known);
    }
    return type.cast(known);
  }
}
