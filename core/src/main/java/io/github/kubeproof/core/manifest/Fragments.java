package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Files that hold patches and not objects, because a kustomization of the same input says so.
 *
 * <p>A patch leaves out what it does not change, so nothing can be said about it alone. An object
 * that a kustomization takes in is nearly as bad: labels, selectors and patches may be added to it,
 * so nothing in it can be called missing.
 */
final class Fragments {

  private static final Set<String> KUSTOMIZATIONS =
      Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

  private final Set<String> patches;
  private final Set<String> resources;

  private Fragments(Set<String> patches, Set<String> resources) {
    this.patches = patches;
    this.resources = resources;
  }

  static Fragments of(List<Document> documents) {
    Set<String> patches = new HashSet<>();
    Set<String> resources = new HashSet<>();
    for (Document document : documents) {
      String name = document.source().name();
      if (KUSTOMIZATIONS.contains(name.substring(name.lastIndexOf('/') + 1))
          && document.root() instanceof Node.Mapping kustomization) {
        String folder = document.source().folder();
        for (String list : List.of("patches", "patchesStrategicMerge", "patchesJson6902")) {
          addFiles(folder, kustomization, list, patches);
        }
        for (String list : List.of("resources", "bases")) {
          addFiles(folder, kustomization, list, resources);
        }
      }
    }
    // what some kustomization takes as an object is one
    patches.removeAll(resources);
    return new Fragments(patches, resources);
  }

  private static void addFiles(
      String folder, Node.Mapping kustomization, String list, Set<String> files) {
    for (Node item : kustomization.get(list).map(Node::asItems).orElse(List.of())) {
      // an item is the file itself, or a map that names it; an inline patch names none
      item.asString()
          .or(() -> item.asMapping().flatMap(map -> map.string("path")))
          .filter(file -> !file.contains("\n"))
          .ifPresent(file -> files.add(normal(folder + "/" + file)));
    }
  }

  /** Whether a document is a patch. */
  boolean contains(Document document) {
    return document.renderedBy().isEmpty() && patches.contains(normal(document.source().name()));
  }

  /** Whether a kustomization takes the document in, and may add to it. */
  boolean mayComplete(Document document) {
    return document.renderedBy().isEmpty() && resources.contains(normal(document.source().name()));
  }

  private static String normal(String path) {
    Deque<String> steps = new ArrayDeque<>();
    for (String step : path.split("/", -1)) {
      if (step.equals("..") && !steps.isEmpty() && !steps.getLast().equals("..")) {
        steps.removeLast();
      } else if (!step.equals(".") && !step.isEmpty()) {
        steps.addLast(step);
      }
    }
    return steps.stream().collect(Collectors.joining("/"));
  }
}
