package io.github.kubeproof.core.cluster;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the API server wants names, labels and port names spelt. Each method says what is wrong with
 * a text, as the end of a sentence that begins with it, or nothing.
 *
 * @see "apimachinery pkg/util/validation/validation.go"
 */
public final class Names {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SEARCH_LABEL = Pattern.compile("_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?");
  private static final Pattern QUALIFIED =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern PORT = Pattern.compile("[-a-z0-9]+");

  private Names() {}

  /** The name of a container port, or a name that stands for one (IANA_SVC_NAME, RFC 6335). */
  public static Optional<String> flawOfPort(String text) {
    if (text.isEmpty()) {
      return Optional.of("is empty");
    }
    if (text.length() > 15) {
      return Optional.of("is longer than 15 characters");
    }
    if (!PORT.matcher(text).matches()) {
      return Optional.of("has other characters than lower-case letters, digits and hyphens");
    }
    if (text.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
      return Optional.of("has no letter");
    }
    if (text.contains("--")) {
      return Optional.of("has two hyphens in a row");
    }
    return text.startsWith("-") || text.endsWith("-")
        ? Optional.of("begins or ends with a hyphen")
        : Optional.empty();
  }

  /** A DNS label: the name of a Service port, a namespace, a host (RFC 1123). */
  public static Optional<String> flawOfDnsLabel(String text) {
    return flaw(text, LABEL, 63, "is no DNS label: lower-case letters, digits and hyphens inside");
  }

  /** The name of a Service: a DNS label that begins with a letter (RFC 1035). */
  public static Optional<String> flawOfService(String text) {
    return flaw(
        text,
        LABEL_1035,
        63,
        "is no DNS label: a lower-case letter, then letters, digits and hyphens inside");
  }

  /** DNS labels with dots between: the name of most objects, and of hosts. */
  public static Optional<String> flawOfDnsName(String text) {
    if (text.isEmpty()) {
      return Optional.of("is empty");
    }
    if (text.length() > 253) {
      return Optional.of("is longer than 253 characters");
    }
    for (String label : text.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        return Optional.of(
            "is no DNS name: lower-case letters, digits, and hyphens and dots inside");
      }
    }
    return Optional.empty();
  }

  /** The host of a route: a DNS name, perhaps with {@code *.} before it. */
  public static Optional<String> flawOfHost(String text) {
    if (!text.contains("*")) {
      return flawOfDnsName(text);
    }
    if (text.length() > 253) {
      return Optional.of("is longer than 253 characters");
    }
    return text.startsWith("*.") && flawOfDnsName(text.substring(2)).isEmpty()
        ? Optional.empty()
        : Optional.of("has a wildcard that is not its whole first label, as in *.example.com");
  }

  /** A domain that names are looked up in: labels may begin with an underscore. */
  public static Optional<String> flawOfSearchDomain(String text) {
    if (text.length() > 253) {
      return Optional.of("is longer than 253 characters");
    }
    for (String label : text.split("\\.", -1)) {
      if (!SEARCH_LABEL.matcher(label).matches()) {
        return Optional.of(
            text.isEmpty()
                ? "is empty"
                : "is no DNS name: lower-case letters, digits, and hyphens, underscores and dots"
                    + " inside");
      }
    }
    return Optional.empty();
  }

  /** A name that becomes a part of the path of a request to the API server. */
  public static Optional<String> flawOfPathSegment(String text) {
    if (text.equals(".") || text.equals("..")) {
      return Optional.of("is no name");
    }
    return text.contains("/") || text.contains("%")
        ? Optional.of("has a slash or a percent sign, as no name of an object may")
        : Optional.empty();
  }

  /** The key of a label or an annotation: a name, perhaps with a DNS name and a slash before. */
  public static Optional<String> flawOfLabelKey(String text) {
    int slash = text.indexOf('/');
    if (slash >= 0 && text.indexOf('/', slash + 1) >= 0) {
      return Optional.of("has more than one slash");
    }
    Optional<String> prefix =
        slash < 0 ? Optional.empty() : flawOfDnsName(text.substring(0, slash));
    if (prefix.isPresent()) {
      return Optional.of("has a prefix before the slash that " + prefix.get());
    }
    return flaw(
        text.substring(slash + 1),
        QUALIFIED,
        63,
        "is no label key: letters, digits, and any of - _ . inside");
  }

  /** The value of a label; it may be empty. */
  public static Optional<String> flawOfLabelValue(String text) {
    return text.isEmpty()
        ? Optional.empty()
        : flaw(text, QUALIFIED, 63, "is no label value: letters, digits, and any of - _ . inside");
  }

  private static Optional<String> flaw(String text, Pattern form, int length, String otherwise) {
    if (text.isEmpty()) {
      return Optional.of("is empty");
    }
    if (text.length() > length) {
      return Optional.of("is longer than " + length + " characters");
    }
    return form.matcher(text).matches() ? Optional.empty() : Optional.of(otherwise);
  }
}
