package io.github.kubeproof.core.render;

import io.github.kubeproof.core.render.Rendering.Obstacle;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.NodePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kustomization, and what it says it is made of. Mutable while it is read.
 *
 * <p>What it names is looked through before kustomize sees it: kustomize would fetch what lies
 * elsewhere. The keys are those of kustomize's types.Kustomization.
 */
final class Kustomization {

  private static final List<String> NAMES =
      List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

  private static final String GROUP = "kustomize.config.k8s.io/";

  /** Lists of files and folders. */
  private static final List<String> PARTS =
      List.of(
          "resources",
          "bases",
          "components",
          "crds",
          "configurations",
          "generators",
          "transformers",
          "validators",
          "patchesStrategicMerge");

  /** Lists of maps that name a file under {@code path}. */
  private static final List<String> PATHS = List.of("patches", "patchesJson6902", "replacements");

  private static final List<String> GENERATORS = List.of("configMapGenerator", "secretGenerator");

  private static final List<String> HELM =
      List.of("helmCharts", "helmChartInflationGenerator", "helmGlobals");

  // kustomize takes for remote what git would (api/internal/git/repospec.go)
  private static final Pattern REMOTE =
      Pattern.compile(
          "(?i).*(?:://|::|@|\\.git(?:/|\\?|$)|_git/).*|(?:gh:|github\\.com[:/]|[^/]*:[^/]).*");

  private final Path folder;
  private final Document document;
  private final Written written;
  private final Set<Path> folders = new LinkedHashSet<>();
  private final Set<Path> files = new LinkedHashSet<>();
  private @Nullable Obstacle obstacle;

  private Kustomization(Path folder, Mapping root, Document document, Written written) {
    this.folder = folder;
    this.document = document;
    this.written = written;
    read(root);
  }

  /** Whether a document is a kustomization, and not one of Flux, whose files are called so, too. */
  static boolean is(Document document) {
    String name = document.source().name();
    return NAMES.contains(name.substring(name.lastIndexOf('/') + 1))
        && document.root() instanceof Mapping root
        && root.string("apiVersion").filter(version -> !version.startsWith(GROUP)).isEmpty();
  }

  /** The one in a folder; empty when there is none that can be read. */
  static Optional<Kustomization> in(Path folder, Written written, Document near) {
    for (String name : NAMES) {
      Optional<Path> file = Written.real(folder, name).filter(Files::isRegularFile);
      if (file.isPresent()) {
        return written.text(file.get(), near.source()).documents().stream()
            .filter(Kustomization::is)
            .findFirst()
            .map(found -> of(folder, found, written));
      }
    }
    return Optional.empty();
  }

  static Kustomization of(Path folder, Document document, Written written) {
    return new Kustomization(folder, document.root().asMapping().orElseThrow(), document, written);
  }

  Path folder() {
    return folder;
  }

  Document document() {
    return document;
  }

  /** Whether it is meant to be taken in by others only. */
  boolean isComponent() {
    return document
        .root()
        .asMapping()
        .flatMap(root -> root.string("kind"))
        .filter("Component"::equals)
        .isPresent();
  }

  /** The folders of the kustomizations that it takes in, without links in them. */
  Set<Path> folders() {
    return folders;
  }

  /** The files that it takes in, without links in them. */
  Set<Path> files() {
    return files;
  }

  /** What of it keeps it from being rendered without the network. */
  Optional<Obstacle> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  private void read(Mapping root) {
    for (String key : PARTS) {
      List<Node> items = items(root, key);
      for (int i = 0; i < items.size(); i++) {
        NodePath at = NodePath.ROOT.then(key, i);
        items.get(i).asString().ifPresent(part -> take(part, at));
      }
    }
    for (String key : PATHS) {
      List<Node> items = items(root, key);
      for (int i = 0; i < items.size(); i++) {
        NodePath at = NodePath.ROOT.then(key, i, "path");
        string(items.get(i), "path").ifPresent(part -> take(part, at));
      }
    }
    root.get("openapi")
        .flatMap(api -> string(api, "path"))
        .ifPresent(part -> take(part, NodePath.ROOT.then("openapi", "path")));
    for (String key : GENERATORS) {
      List<Node> items = items(root, key);
      for (int i = 0; i < items.size(); i++) {
        readGenerator(items.get(i), NodePath.ROOT.then(key, i));
      }
    }
    for (String key : HELM) {
      if (root.get(key).isPresent()) {
        hinder(
            NodePath.ROOT.then(key), "it takes in a chart through kustomize, which may fetch it");
      }
    }
    // plugins are told in files of their own what to load
    for (Path file : files) {
      if (!file.toString().matches("(?s).*\\.(?:ya?ml|json)")) {
        continue;
      }
      for (Document plugin : written.text(file, document.source()).documents()) {
        if (isPlugin(plugin)) {
          findRemote(plugin.root(), plugin, NodePath.ROOT);
        }
      }
    }
  }

  private void readGenerator(Node generator, NodePath at) {
    for (String key : List.of("files", "envs")) {
      List<Node> items =
          generator.asMapping().map(mapping -> items(mapping, key)).orElse(List.of());
      for (int i = 0; i < items.size(); i++) {
        NodePath item = at.then(key, i);
        items
            .get(i)
            .asString()
            .map(file -> file.substring(file.indexOf('=') + 1))
            .ifPresent(file -> take(file, item));
      }
    }
    string(generator, "env").ifPresent(file -> take(file, at.key("env")));
  }

  private void take(String reference, NodePath at) {
    if (reference.contains("\n") || reference.startsWith("{")) {
      // written out where a file could be named
      if (reference.contains("http://") || reference.contains("https://")) {
        hinder(at, "what is written here may be fetched from elsewhere");
      }
      return;
    }
    if (REMOTE.matcher(reference).matches()) {
      hinder(at, "it takes in " + reference + ", which is fetched from elsewhere");
      return;
    }
    Optional<Path> part = Written.real(folder, reference);
    if (part.isEmpty()) {
      hinder(at, "it takes in " + reference + ", which is not there");
    } else if (Files.isDirectory(part.get())) {
      folders.add(part.get());
    } else if (Files.isRegularFile(part.get()) && part.get().startsWith(folder)) {
      files.add(part.get());
    } else {
      // kustomize's own restriction, without whatever reading such a file would do
      hinder(at, "it takes in " + reference + ", which is no file in its folder");
    }
  }

  private void hinder(NodePath at, String message) {
    if (obstacle == null) {
      obstacle = new Obstacle(document.at(at), message);
    }
  }

  private static boolean isPlugin(Document document) {
    return document
        .root()
        .asMapping()
        .flatMap(root -> root.string("apiVersion"))
        .filter(version -> version.equals("builtin"))
        .isPresent();
  }

  private void findRemote(Node node, Document plugin, NodePath at) {
    if (node instanceof Mapping mapping) {
      for (Node.Entry entry : mapping.entries()) {
        findRemote(entry.value(), plugin, at.key(entry.key()));
      }
    }
    List<Node> items = node.asItems();
    for (int i = 0; i < items.size(); i++) {
      findRemote(items.get(i), plugin, at.item(i));
    }
    if (obstacle == null && node.asString().filter(Kustomization::isUrl).isPresent()) {
      String message = "it takes in " + node.asString().orElseThrow();
      obstacle = new Obstacle(plugin.at(at), message + ", which is fetched from elsewhere");
    }
  }

  private static boolean isUrl(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }

  private static List<Node> items(Mapping mapping, String key) {
    return mapping.get(key).map(Node::asItems).orElse(List.of());
  }

  private static Optional<String> string(Node node, String key) {
    return node.asMapping().flatMap(mapping -> mapping.string(key));
  }

  /** The kustomizations that go into a rendering, itself first. */
  static List<Kustomization> closure(Kustomization top, Written written) {
    List<Kustomization> all = new ArrayList<>(List.of(top));
    Set<Path> seen = new LinkedHashSet<>(List.of(top.folder));
    for (int i = 0; i < all.size(); i++) {
      for (Path below : all.get(i).folders) {
        if (seen.add(below)) {
          in(below, written, all.get(i).document)
              .ifPresentOrElse(
                  all::add,
                  () ->
                      all.get(0)
                          .hinder(
                              NodePath.ROOT,
                              "it takes in "
                                  + Written.name(below, top.document.source())
                                  + ", which holds no kustomization"));
        }
      }
    }
    return all;
  }
}
