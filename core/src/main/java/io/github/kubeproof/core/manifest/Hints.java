package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What a misspelt or misplaced name was probably meant to be. */
final class Hints {

  /**
   * Names that are right elsewhere (in the opposite direction, in an earlier version of the API, in
   * a similar list), each with what is meant where that name is known.
   */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "to", "from",
          "from", "to",
          "serviceName", "service.name",
          "servicePort", "service.port.number",
          "containerPort", "targetPort",
          "port", "containerPort",
          "number", "port",
          "ports", "protocols");

  private Hints() {}

  /** The end of a sentence about an unknown field; empty when nothing comes to mind. */
  static String forField(Node.Entry unknown, Level level, Faults faults) {
    String key = unknown.key();
    Shape shape = level.shape();
    String instead = INSTEAD.get(key);
    if (instead != null && shape.fields().contains(firstStep(instead))) {
      return didYouMean(instead);
    }
    Optional<String> near = Spelling.nearest(key, shape.fields());
    if (near.isPresent()) {
      return didYouMean(near.get());
    }
    if (shape.fields().contains("matchLabels") && unknown.value() instanceof Node.Scalar) {
      return ", labels belong under \"matchLabels\"";
    }
    List<String> parents = fieldsWith(key, shape);
    if (!parents.isEmpty() && parents.size() <= 3) {
      return ", it belongs under " + String.join(" or ", parents);
    }
    for (Level outer = level.outer(); outer != null; outer = outer.outer()) {
      if (outer.shape().fields().contains(key)) {
        String name = faults.field(outer.path());
        return ", it belongs " + (name.isEmpty() ? "at the top" : "in \"" + name + "\"");
      }
    }
    return longer(key, shape.fields()).map(Hints::didYouMean).orElse("");
  }

  private static String firstStep(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  static String didYouMean(String name) {
    return ", did you mean \"" + name + "\"?";
  }

  private static List<String> fieldsWith(String key, Shape shape) {
    List<String> parents = new ArrayList<>();
    for (String field : new TreeSet<>(shape.fields())) {
      if (shape.below(field).filter(below -> below.fields().contains(key)).isPresent()) {
        parents.add('"' + field + '"');
      }
    }
    return parents;
  }

  /** A field that ends with the unknown name, as {@code defaultBackend} does with backend. */
  private static Optional<String> longer(String key, Collection<String> fields) {
    String end = key.toLowerCase(Locale.ROOT);
    List<String> found =
        fields.stream()
            .filter(field -> key.length() > 3 && field.toLowerCase(Locale.ROOT).endsWith(end))
            .toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }
}
