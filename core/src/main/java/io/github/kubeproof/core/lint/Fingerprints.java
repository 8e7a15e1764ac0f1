package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognises findings from one run to the next, when lines, files and the order of lists have
 * changed.
 *
 * <p>A fingerprint is made of the rule, the object (its group, kind, namespace and name) and the
 * field, where an item of a list is named by what it is known by instead of its number. Findings
 * that share all of that are counted, so the set of fingerprints stays the same even where two of
 * them swap theirs. The file counts only where there is no object.
 */
public final class Fingerprints {

  /** The name under which other tools store them; it changes when the recipe does. */
  public static final String VERSION = "kubeproof/v1";

  /** What items of lists are known by when they have no name; any of them may be missing. */
  private static final List<String> KEYS =
      List.of(
          "key",
          "host",
          "path",
          "ip",
          "cidr",
          "port",
          "containerPort",
          "protocol",
          "namespaceSelector",
          "podSelector",
          "ipBlock");

  private static final int LENGTH = 16;

  private final IdentityHashMap<Finding, String> fingerprints = new IdentityHashMap<>();

  private Fingerprints() {}

  /** Of all findings of a report, also of those that are silenced. */
  public static Fingerprints of(Report report) {
    return of(
        Stream.concat(
                report.findings().stream(),
                report.suppressed().stream().map(Report.Suppressed::finding))
            .toList());
  }

  /** Of findings that were found together. */
  public static Fingerprints of(Collection<Finding> findings) {
    Fingerprints result = new Fingerprints();
    Map<String, Integer> counts = new HashMap<>();
    for (Finding finding : findings.stream().sorted(Finding.ORDER).toList()) {
      String base = base(finding);
      int count = counts.merge(base, 1, Integer::sum);
      result.fingerprints.put(finding, hash(base + "\0" + count));
    }
    return result;
  }

  /** Lower-case hexadecimal digits, the same number for all. */
  public String fingerprint(Finding finding) {
    String fingerprint = fingerprints.get(finding);
    if (fingerprint == null) {
      throw new IllegalStateException("not one of these findings: " + finding);
    }
    return fingerprint;
  }

  /**
   * What a finding is known by, whatever file it is in: its rule, its object and its field. Several
   * may share it.
   */
  static String key(Finding finding) {
    return hash(base(finding, ""));
  }

  private static String base(Finding finding) {
    return base(finding, finding.source().name());
  }

  private static String base(Finding finding, String otherwise) {
    Resource resource = finding.resource();
    String what =
        resource == null || resource.name().isEmpty()
            ? otherwise
            : String.join(
                "/",
                resource.group(),
                resource.kind(),
                resource.writtenNamespace(),
                resource.name());
    return finding.rule().id() + "\0" + what + "\0" + where(finding);
  }

  /** The field, with the names of list items; the message where there is no field. */
  static String where(Finding finding) {
    Place place = finding.place();
    if (place == null) {
      // only the message tells two faults of a file apart, but for lines and indexes
      return finding.message().replaceAll("(line |:|\\[)[0-9]+", "$1");
    }
    // of two items that collide, the order of their list says which one the finding is about
    return Stream.concat(
            Stream.of(place),
            finding.notes().stream().map(Note::place).filter(other -> isTwin(finding, other)))
        .map(each -> semanticPath(finding.resource(), each))
        .sorted()
        .collect(Collectors.joining("~"));
  }

  /** Whether a place is the same field of another item of a list, in the object of a finding. */
  private static boolean isTwin(Finding finding, Place other) {
    Place place = finding.place();
    Resource resource = finding.resource();
    return place != null
        && resource != null
        && other.document() == place.document()
        && other.path().below(resource.place().path()).isPresent()
        && !other.path().equals(place.path())
        && shape(other).equals(shape(place));
  }

  private static List<Object> shape(Place place) {
    return place.path().steps().stream()
        .<Object>map(step -> step instanceof Integer ? 0 : step)
        .toList();
  }

  private static String semanticPath(@Nullable Resource resource, Place place) {
    NodePath way = place.path();
    @Nullable Node node = place.document().root();
    if (resource != null && place.document() == resource.place().document()) {
      Optional<NodePath> below = way.below(resource.place().path());
      way = below.orElse(way);
      node = below.isPresent() ? resource.tree() : node;
    }
    StringBuilder path = new StringBuilder();
    for (Object step : way.steps()) {
      node = node == null ? null : below(node, step);
      path.append('/').append(step instanceof String key ? key : known(node));
    }
    return path.toString();
  }

  private static @Nullable Node below(Node node, Object step) {
    if (step instanceof String key) {
      return node.asMapping().flatMap(mapping -> mapping.get(key)).orElse(null);
    }
    List<Node> items = node.asItems();
    int number = (Integer) step;
    return number < items.size() ? items.get(number) : null;
  }

  /** What an item of a list is known by. */
  private static String known(@Nullable Node item) {
    if (item instanceof Scalar scalar) {
      return "[" + scalar.text() + "]";
    }
    if (!(item instanceof Mapping mapping)) {
      return "[]";
    }
    if (mapping.get("name").isPresent()) {
      return "[name=" + canonical(mapping.get("name").get()) + "]";
    }
    List<String> parts = new ArrayList<>();
    for (String key : KEYS) {
      mapping.get(key).ifPresent(value -> parts.add(key + "=" + canonical(value)));
    }
    return parts.stream().collect(Collectors.joining(",", "[", "]"));
  }

  /** The content of a node, whatever the order of its keys and items. */
  private static String canonical(Node node) {
    if (node instanceof Scalar scalar) {
      return scalar.text();
    }
    if (node instanceof Mapping mapping) {
      return mapping.entries().stream()
          .map(entry -> entry.key() + ":" + canonical(entry.value()))
          .sorted()
          .collect(Collectors.joining(",", "{", "}"));
    }
    return node.asItems().stream()
        .map(Fingerprints::canonical)
        .sorted()
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
