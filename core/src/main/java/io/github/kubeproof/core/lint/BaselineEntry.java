package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.Place;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Findings that a baseline holds: all that share rule, object and field in one file.
 *
 * @param key what they are recognised by, made of rule, object and field
 * @param unit tells findings with one key apart, as the file does
 * @param file relative to the folder of the baseline
 * @param resource for people to read; empty where there is none
 * @param path for people to read
 * @param reason what somebody wrote beside it; empty when nothing
 * @param until the last day it holds, as somebody wrote beside it; null when it holds for ever
 * @param place where it stands in the baseline; null for a new one
 */
record BaselineEntry(
    String key,
    String rule,
    int count,
    String unit,
    String file,
    String resource,
    String path,
    String reason,
    @Nullable LocalDate until,
    @Nullable Place place) {

  BaselineEntry withCount(int value) {
    return new BaselineEntry(key, rule, value, unit, file, resource, path, reason, until, place);
  }

  /** The same entry where its findings are now. */
  BaselineEntry movedTo(BaselineEntry now) {
    return new BaselineEntry(
        key, rule, count, now.unit, now.file, resource, path, reason, until, place);
  }

  boolean isExpired(LocalDate today) {
    return until != null && today.isAfter(until);
  }

  /** {@code KP404 Service shop/web spec/selector (deploy/web.yaml)}. */
  @Override
  public String toString() {
    return rule
        + (resource.isEmpty() ? "" : " " + resource)
        + (path.isEmpty() ? "" : " " + path)
        + " ("
        + file
        + (count == 1 ? ")" : ", " + count + " times)");
  }
}
