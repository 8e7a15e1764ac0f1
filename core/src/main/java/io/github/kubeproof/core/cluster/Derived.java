package io.github.kubeproof.core.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What others make of an object of the cluster, kept with it because many rules ask for the same.
 *
 * <p>Two threads may both make a thing, so it must always come out alike.
 */
final class Derived {

  private final Map<Class<?>, Object> made = new ConcurrentHashMap<>(4);

  /** The one thing of a class that is made of the object; the maker may ask for other things. */
  <T> T once(Class<T> type, Supplier<? extends T> maker) {
    Object known = made.get(type);
    if (known == null) {
      known = maker.get();
      made.put(type, known);
    }
    return type.cast(known);
  }
}
