package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Mapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the object of a file that became a rendered one. */
final class Origin {

  private Origin() {}

  /**
   * The object of the same kind whose name is the most of the rendered name: prefixes and suffixes
   * are added to it. Empty when none can be told.
   */
  static Optional<Mapping> of(Mapping rendered, List<Document> documents) {
    List<Mapping> candidates =
        documents.stream()
            .flatMap(document -> objects(document.root()).stream())
            .filter(object -> value(object, "kind").equals(value(rendered, "kind")))
            .toList();
    String name = metadata(rendered, "name");
    return candidates.size() == 1
        ? Optional.of(candidates.get(0))
        : candidates.stream()
            .filter(object -> !metadata(object, "name").isEmpty())
            .filter(object -> name.contains(metadata(object, "name")))
            .max(
                Comparator.comparing((Mapping object) -> metadata(object, "name").length())
                    .thenComparing(
                        object ->
                            metadata(object, "namespace").equals(metadata(rendered, "namespace")))
                    .thenComparing(
                        object ->
                            value(object, "apiVersion").equals(value(rendered, "apiVersion"))));
  }

  private static List<Mapping> objects(Node root) {
    List<Mapping> objects = new ArrayList<>();
    root.asMapping()
        .ifPresent(
            object -> {
              List<Node> items = object.get("items").map(Node::asItems).orElse(List.of());
              if (value(object, "kind").endsWith("List") && !items.isEmpty()) {
                items.forEach(item -> objects.addAll(objects(item)));
              } else {
                objects.add(object);
              }
            });
    return objects;
  }

  private static String value(Mapping object, String key) {
    return object.string(key).orElse("");
  }

  /** A name as it is written, also one that YAML takes for a number. */
  private static String metadata(Mapping object, String key) {
    return object
        .get("metadata")
        .flatMap(Node::asMapping)
        .flatMap(metadata -> metadata.get(key))
        .map(node -> node instanceof Node.Scalar scalar ? scalar.text() : "")
        .orElse("");
  }
}
