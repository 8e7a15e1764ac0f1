package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Place;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Which place every decoded model object came from, by identity: two equal ports of two Services
 * have two places.
 */
public final class Origins {

  private final IdentityHashMap<Object, Place> places;

  Origins() {
    this(new IdentityHashMap<>());
  }

  private Origins(IdentityHashMap<Object, Place> places) {
    this.places = places;
  }

  /** Those of several inputs together. */
  static Origins of(List<Origins> parts) {
    int size = parts.stream().mapToInt(part -> part.places.size()).sum();
    IdentityHashMap<Object, Place> all = new IdentityHashMap<>(size);
    parts.forEach(part -> all.putAll(part.places));
    return new Origins(all);
  }

  void put(Object model, Place place) {
    places.put(model, place);
  }

  void putAll(Origins others) {
    places.putAll(others.places);
  }

  /** These and others together. */
  public Origins and(Origins others) {
    return of(List.of(this, others));
  }

  /**
   * Where a model object was written.
   *
   * @param steps keys and item numbers below it, as in {@code at(port, "endPort")}; what is absent
   *     resolves to its nearest ancestor when a line is asked for
   * @throws IllegalStateException for an object that was not decoded from the input
   */
  public Place at(Object model, Object... steps) {
    Place place = places.get(model);
    if (place == null) {
      throw new IllegalStateException(
          "no origin is known for this " + model.getClass().getSimpleName() + ": " + model);
    }
    return steps.length == 0 ? place : place.then(steps);
  }
}
