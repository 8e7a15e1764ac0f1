package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A workload that a selector was probably meant for: only one of the selector's labels keeps its
 * pods out.
 *
 * @param wanted the label that its pods do not have
 * @param label what they have instead, as {@code name=carts}; empty when nothing takes its place
 * @param place where the labels of its pods are written
 * @param isSlip whether the two differ by a slip of the fingers, so that the selector, or the
 *     workload, is misspelt; otherwise it is merely the closest
 * @param isFree whether nothing else of the owner's kind uses the workload already
 */
public record NearMiss(
    Workload workload,
    Requirement wanted,
    String label,
    Place place,
    boolean isSlip,
    boolean isFree) {

  /**
   * The near miss of a selector that matches nothing, looked for among the workloads that are
   * deployed together with its owner.
   *
   * <p>A slip that may mean two different labels is none: those are names in a series.
   *
   * @param free whether a workload is not in use yet by another of the owner's kind: such a one is
   *     rather what was meant, and another only by a slip
   */
  public static Optional<NearMiss> of(Member owner, Selector selector, Predicate<Workload> free) {
    List<NearMiss> slips = new ArrayList<>();
    List<NearMiss> taken = new ArrayList<>();
    List<NearMiss> others = new ArrayList<>();
    for (Alternative alternative : owner.cluster().alternatives(owner)) {
      for (Workload workload : alternative.workloads()) {
        if (workload.mayShareNamespace(owner)) {
          boolean isFree = free.test(workload);
          compare(selector, workload, isFree)
              .filter(miss -> miss.isSlip || isFree)
              .ifPresent(miss -> (!miss.isSlip ? others : isFree ? slips : taken).add(miss));
        }
      }
    }
    return one(slips).or(() -> others.stream().findFirst()).or(() -> one(taken));
  }

  /**
   * The slip of the fingers that alone keeps a selector from some workloads; empty where it may
   * mean two different labels.
   */
  public static Optional<NearMiss> slip(Selector selector, List<Workload> workloads) {
    return one(
        workloads.stream()
            .flatMap(workload -> compare(selector, workload, true).stream())
            .filter(NearMiss::isSlip)
            .toList());
  }

  private static Optional<NearMiss> one(List<NearMiss> slips) {
    boolean certain = slips.stream().map(NearMiss::label).distinct().count() == 1;
    return certain ? Optional.of(slips.get(0)) : Optional.empty();
  }

  /**
   * Writes the label that the pods have where a selector names the one that they have not.
   *
   * @param written the place of that label in the selector
   */
  public List<Edit> correction(Place written) {
    int equals = label.indexOf('=');
    if (!isSlip || equals < 0) {
      return List.of();
    }
    String key = label.substring(0, equals);
    return key.equals(wanted.key())
        ? Edits.value(written, label.substring(equals + 1))
        : Edits.rename(written, key);
  }

  private static Optional<NearMiss> compare(Selector selector, Workload workload, boolean isFree) {
    List<Requirement> missed =
        selector.requirements().stream()
            .filter(requirement -> !workload.mayMatch(new Selector(List.of(requirement))))
            .toList();
    if (missed.size() != 1) {
      return Optional.empty();
    }
    Requirement wanted = missed.get(0);
    boolean isEquality = wanted.operator() == Operator.IN && wanted.values().size() == 1;
    if (!isEquality) {
      return Optional.empty();
    }
    String value = wanted.values().get(0);
    String found = workload.labels().get(wanted.key());
    boolean restMatches = selector.requirements().size() > 1;
    if (found != null) {
      boolean isSlip = Spelling.isSlip(value, found);
      return isSlip || restMatches
          ? Optional.of(miss(workload, wanted, wanted.key(), isSlip, isFree))
          : Optional.empty();
    }
    String key = keyOf(value, workload.labels(), wanted.key());
    if (key != null) {
      // where the value agrees and nothing else wants the pods, a key may be short: app
      boolean isSlip =
          Spelling.isSlip(wanted.key(), key)
              || (isFree && Spelling.isSlipOfShortWord(wanted.key(), key));
      return Optional.of(miss(workload, wanted, key, isSlip, isFree));
    }
    return restMatches
        ? Optional.of(miss(workload, wanted, null, false, isFree))
        : Optional.empty();
  }

  /** A key under which the labels hold a value; a misspelt one rather than another. */
  private static @Nullable String keyOf(String value, Map<String, String> labels, String wanted) {
    return labels.entrySet().stream()
        .filter(label -> label.getValue().equals(value) && !value.isEmpty())
        .map(Map.Entry::getKey)
        .min(
            (one, other) ->
                Spelling.isSlipOfShortWord(wanted, one) == Spelling.isSlipOfShortWord(wanted, other)
                    ? one.compareTo(other)
                    : Spelling.isSlipOfShortWord(wanted, one) ? -1 : 1)
        .orElse(null);
  }

  private static NearMiss miss(
      Workload workload, Requirement wanted, @Nullable String key, boolean isSlip, boolean isFree) {
    V1ObjectMeta meta = workload.podMeta();
    Cluster cluster = workload.cluster();
    Place labels = meta == null ? workload.resource().place() : cluster.at(meta, "labels");
    return key == null
        ? new NearMiss(workload, wanted, "", labels, false, isFree)
        : new NearMiss(
            workload,
            wanted,
            key + "=" + workload.labels().get(key),
            labels.then(key),
            isSlip,
            isFree);
  }

  /** {@code Deployment shop/web is labelled app=web}. */
  @Override
  public String toString() {
    return workload + (label.isEmpty() ? " has no label " + wanted.key() : " is labelled " + label);
  }
}
