package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the objects of a document, one after another; documents may be read on many threads. */
final class ObjectReader {

  /** What kind of object a map is. */
  private record Header(String apiVersion, String kind) {}

  private static final Header LIST = new Header("v1", "List");

  private final Fragments fragments;
  private final Decoder decoder = new Decoder();
  private final Catalogue catalogue = new Catalogue(decoder);

  ObjectReader(Fragments fragments) {
    this.fragments = fragments;
  }

  Manifests read(Document document) {
    Reading reading = new Reading(document);
    if (document.root() instanceof Node.Mapping tree) {
      reading.object(tree, NodePath.ROOT, null);
    }
    return reading.result();
  }

  /** What has been read of one document so far. */
  private final class Reading {
    private final Document document;
    private final List<Resource> resources = new ArrayList<>();
    private final List<Resource> patches = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Origins origins = new Origins();

    Reading(Document document) {
      this.document = document;
    }

    Manifests result() {
      problems.sort(Comparator.comparing(Problem::span));
      return new Manifests(resources, patches, problems, origins);
    }

    /**
     * @param inherited what an item of a typed list is when it does not say so itself
     */
    void object(Node.Mapping tree, NodePath path, @Nullable Header inherited) {
      header(tree, path, inherited)
          .ifPresent(
              header -> {
                if (isList(header, tree)) {
                  items(header, tree, path);
                } else {
                  decode(header, tree, path);
                }
              });
    }

    /** Absent for what is no object: values files, files of other tools. */
    private Optional<Header> header(Node.Mapping tree, NodePath path, @Nullable Header inherited) {
      Optional<String> apiVersion = tree.string("apiVersion");
      Optional<String> kind = tree.string("kind");
      if (apiVersion.isPresent() && kind.isPresent()) {
        return Optional.of(new Header(apiVersion.get(), kind.get()));
      }
      if (inherited != null) {
        return Optional.of(
            new Header(apiVersion.orElse(inherited.apiVersion()), kind.orElse(inherited.kind())));
      }
      if (looksLikeObject(tree) && !fragments.contains(document)) {
        Faults faults = new Faults(document, kind.orElse("this object"), path);
        for (String field : List.of("apiVersion", "kind")) {
          Optional<Node> value = tree.get(field).filter(node -> !NodeReader.isNull(node));
          if (value.isEmpty()) {
            faults.missing(path, field);
          } else if (value.get().asString().isEmpty()) {
            faults.mistyped(path.key(field), value.get(), "a string");
          }
        }
        problems.addAll(faults.problems());
      }
      return Optional.empty();
    }

    // half a header or none is common in the files of other tools; with metadata and a spec it is
    // an object all the same
    private boolean looksLikeObject(Node.Mapping tree) {
      return tree.get("metadata").flatMap(Node::asMapping).isPresent()
          && tree.get("spec").flatMap(Node::asMapping).isPresent();
    }

    private boolean isList(Header header, Node.Mapping tree) {
      return header.equals(LIST)
          || (header.kind().endsWith("List")
              && tree.get("items").filter(Node.Sequence.class::isInstance).isPresent());
    }

    private void items(Header list, Node.Mapping tree, NodePath path) {
      String kind = list.kind();
      Header inherited =
          kind.equals("List")
              ? null
              : new Header(list.apiVersion(), kind.substring(0, kind.length() - "List".length()));
      List<Node> items = tree.get("items").map(Node::asItems).orElse(List.of());
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof Node.Mapping item) {
          object(item, path.then("items", i), inherited);
        }
      }
    }

    private void decode(Header header, Node.Mapping tree, NodePath path) {
      Faults faults = new Faults(document, header.kind(), path);
      if (fragments.contains(document)) {
        patches.add(resource(header, null, tree, path, faults));
        return;
      }
      Origins found = new Origins();
      Kinds.mistake(header.apiVersion(), header.kind())
          .ifPresent(mistake -> faults.misnamed(path.key("kind"), mistake));
      catalogue.check(header.apiVersion(), header.kind(), tree, path, faults);
      Object model =
          Kinds.model(header.apiVersion(), header.kind())
              .map(type -> (Object) decoder.read(type, tree, path, faults, found))
              .orElse(null);
      if (isPatch(faults)) {
        patches.add(resource(header, null, tree, path, faults));
        return;
      }
      Resource resource = resource(header, model, tree, path, faults);
      resources.add(
          LauncherPods.of(resource, decoder, found)
              .map(pods -> resource(header, pods, tree, path, faults))
              .orElse(resource));
      boolean complete = !fragments.mayComplete(document);
      faults.problems().stream()
          .filter(problem -> complete || problem.kind() != Problem.Kind.MISSING_FIELD)
          .forEach(problems::add);
      origins.putAll(found);
    }

    // a last resort, for patches that no kustomization of the input names
    private boolean isPatch(Faults faults) {
      String name = document.source().name();
      String file = name.substring(name.lastIndexOf('/') + 1);
      return faults.isPatch()
          || (file.contains("patch")
              && document.renderedBy().isEmpty()
              && faults.problems().stream()
                  .anyMatch(problem -> problem.kind() == Problem.Kind.MISSING_FIELD));
    }

    private Resource resource(
        Header header, @Nullable Object model, Node.Mapping tree, NodePath path, Faults faults) {
      return new Resource(
          header.apiVersion(),
          header.kind(),
          metadata(tree, "name"),
          metadata(tree, "namespace"),
          model,
          tree,
          document.at(path),
          faults.problems().isEmpty());
    }
  }

  // a name that YAML takes for a number still tells objects apart
  private static String metadata(Node.Mapping tree, String field) {
    return tree.get("metadata")
        .flatMap(Node::asMapping)
        .flatMap(metadata -> metadata.get(field))
        .map(value -> value instanceof Node.Scalar scalar && !scalar.isNull() ? scalar.text() : "")
        .orElse("");
  }
}
