package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Objects of which a configuration does not want to hear a rule's findings.
 *
 * @param rule the id of the rule
 * @param resource {@code Kind/namespace/name}, or {@code Kind/name} for objects without a
 *     namespace; {@code *} stands for any text without a slash, {@code ?} for one letter
 * @param until the last day it holds; null when it holds for ever
 * @param place the item in the configuration
 */
public record Exemption(
    String rule, String resource, String reason, @Nullable LocalDate until, Place place) {

  boolean covers(Finding finding, String defaultNamespace) {
    Resource about = finding.resource();
    if (about == null || !finding.rule().id().equals(rule)) {
      return false;
    }
    Pattern pattern = pattern();
    String namespace = about.writtenNamespace();
    return matches(pattern, about, namespace.isEmpty() ? defaultNamespace : namespace)
        || (namespace.isEmpty() && pattern.matcher(about.kind() + "/" + about.name()).matches());
  }

  private static boolean matches(Pattern pattern, Resource about, String namespace) {
    return pattern.matcher(about.kind() + "/" + namespace + "/" + about.name()).matches();
  }

  private Pattern pattern() {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < resource.length(); i++) {
      char c = resource.charAt(i);
      switch (c) {
        case '*' -> pattern.append("[^/]*");
        case '?' -> pattern.append("[^/]");
        default -> pattern.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(pattern.toString());
  }

  boolean isExpired(LocalDate today) {
    return until != null && today.isAfter(until);
  }

  /** {@code Service/shop/* until 2027-01-01: made by an operator}. */
  @Override
  public String toString() {
    return resource + (until == null ? "" : " until " + until) + ": " + reason;
  }
}
