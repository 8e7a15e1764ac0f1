package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One object of the input: a document, or an item of a {@code List}.
 *
 * <p>Its kind is always read together with its apiVersion: a Calico {@code NetworkPolicy} is not a
 * core one.
 */
public final class Resource {

  private final String apiVersion;
  private final String kind;
  private final String name;
  private final String namespace;
  private final @Nullable Object model;
  private final Node.Mapping tree;
  private final Place place;
  private final boolean understood;

  Resource(
      String apiVersion,
      String kind,
      String name,
      String namespace,
      @Nullable Object model,
      Node.Mapping tree,
      Place place,
      boolean understood) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.name = name;
    this.namespace = namespace;
    this.model = model;
    this.tree = tree;
    this.place = place;
    this.understood = understood;
  }

  public String apiVersion() {
    return apiVersion;
  }

  /** The part of the apiVersion before the slash; empty for the core group. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  public String kind() {
    return kind;
  }

  /** {@code metadata.name}; empty when missing (as with {@code generateName}). */
  public String name() {
    return name;
  }

  /** {@code metadata.namespace} as written; empty when missing. */
  public String writtenNamespace() {
    return namespace;
  }

  /** The official model, when this apiVersion and kind have one that we read. */
  public <T> Optional<T> as(Class<T> type) {
    return type.isInstance(model) ? Optional.of(type.cast(model)) : Optional.empty();
  }

  /** The object as written, also for kinds without a model. */
  public Node.Mapping tree() {
    return tree;
  }

  /** Where the object starts. */
  public Place place() {
    return place;
  }

  /** Where a part of the object was written: {@code at("spec", "rules", 0)}. */
  public Place at(Object... steps) {
    return steps.length == 0 ? place : place.then(steps);
  }

  /**
   * Whether nothing in it is unknown, mistyped or missing. Of an object that was not understood, do
   * not claim that something is absent: it may have been written, just not so that it counts.
   */
  public boolean isUnderstood() {
    return understood;
  }

  /** {@code Kind namespace/name}, or {@code Kind name} where no namespace is written. */
  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
