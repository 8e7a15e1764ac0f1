package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kustomization that no other one of the input takes in.
 *
 * <p>Kustomize tells where an object comes from when a kustomization asks for it. The user's does
 * not, so it is rendered as the only part of one that does.
 */
final class Overlay implements Rendering {

  private static final String ORIGIN = "config.kubernetes.io/origin";

  private static final Pattern ORIGIN_FILE = Pattern.compile("(?m)^(path|configuredIn): (.+)$");

  // what kustomize says of every kustomization between the top and the one that is wrong
  private static final Pattern CHAIN =
      Pattern.compile(
          "accumulating resources: accumulation err='accumulating resources from '[^']*': '[^']*'"
              + " must resolve to a file': (?:recursed accumulation of path '[^']*': )?");

  private final Kustomization top;
  private final List<Kustomization> all;
  private final Written written;
  private final Optional<Tool> tool;

  private Overlay(Kustomization top, Written written, Optional<Tool> tool) {
    this.top = top;
    this.all = Kustomization.closure(top, written);
    this.written = written;
    this.tool = tool;
  }

  static List<Overlay> all(Loaded loaded, Written written, String path) {
    Map<Path, Kustomization> found = new LinkedHashMap<>();
    for (Document document : loaded.documents()) {
      if (Kustomization.is(document)) {
        Written.real(document.source())
            .map(Path::getParent)
            .ifPresent(
                folder ->
                    found.computeIfAbsent(
                        folder, f -> Kustomization.of(folder, document, written)));
      }
    }
    if (found.isEmpty()) {
      return List.of();
    }
    Set<Path> parts = new HashSet<>();
    found.values().forEach(kustomization -> parts.addAll(kustomization.folders()));
    Optional<Tool> tool =
        Tool.find(path, "kustomize", "build").or(() -> Tool.find(path, "kubectl", "kustomize"));
    return found.values().stream()
        .filter(kustomization -> !kustomization.isComponent())
        .filter(kustomization -> !parts.contains(kustomization.folder()))
        .map(kustomization -> new Overlay(kustomization, written, tool))
        .toList();
  }

  @Override
  public Document by() {
    return top.document();
  }

  @Override
  public Tool tool() {
    return tool.orElseThrow();
  }

  @Override
  public Optional<Obstacle> obstacle() {
    Optional<Obstacle> outside =
        Border.around(by().source())
            .flatMap(
                border ->
                    all.stream()
                        .filter(part -> !part.folder().startsWith(border))
                        .map(part -> outside(border))
                        .findFirst());
    return all.stream()
        .flatMap(part -> part.obstacle().stream())
        .findFirst()
        .or(() -> outside)
        .or(
            () ->
                tool.isPresent()
                    ? Optional.empty()
                    : Optional.of(
                        new Obstacle(
                            by().at(NodePath.ROOT),
                            "neither kustomize nor kubectl is on the PATH")));
  }

  private Obstacle outside(Path border) {
    return new Obstacle(
        by().at(NodePath.ROOT),
        "it takes in what lies outside of "
            + Written.name(border, by().source())
            + "; name a folder that holds both");
  }

  @Override
  public Set<Path> files() {
    Set<Path> files = new LinkedHashSet<>();
    all.forEach(part -> files.addAll(part.files()));
    return files;
  }

  @Override
  public List<String> arguments(Path home) throws IOException {
    Path folder = Files.createDirectory(home.resolve("origins"));
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        "resources:\n- " + quoted(reference(folder)) + "\nbuildMetadata:\n- originAnnotations\n");
    return List.of(folder.toString(), "--load-restrictor", "LoadRestrictionsRootOnly");
  }

  private String reference(Path from) throws IOException {
    try {
      return from.relativize(top.folder()).toString().replace('\\', '/');
    } catch (IllegalArgumentException e) {
      throw new IOException("it lies on another drive than " + top.folder(), e);
    }
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c != '"' && c != '\\';
      quoted.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return quoted.append('"').toString();
  }

  @Override
  public String readable(String message) {
    return CHAIN.matcher(message).replaceAll("");
  }

  @Override
  public Loaded placed(Loaded printed, Path home) {
    List<Document> documents = new ArrayList<>();
    for (Document document : printed.documents()) {
      if (document.root() instanceof Mapping object) {
        documents.add(placed(object, documents.size(), home.resolve("origins")));
      }
    }
    List<Problem> problems =
        printed.problems().stream()
            .map(
                problem ->
                    new Problem(
                        problem.kind(),
                        by().source(),
                        by().root().span(),
                        "in what this is rendered to: " + problem.message()))
            .toList();
    return new Loaded(documents, problems, 0);
  }

  private Document placed(Mapping printed, int number, Path folder) {
    Matcher origin = ORIGIN_FILE.matcher(annotation(printed));
    // what an object says of itself may have been written by anybody
    Optional<Path> file =
        origin.find()
            ? Written.real(folder, origin.group(2).strip()).filter(this::isPart)
            : Optional.empty();
    if (file.isEmpty()) {
      Node node = Transplant.all(cleaned(printed, false), Transplant.start(by().root()));
      return Document.rendered(by().source(), number, node, by());
    }
    Written.Text text = written.text(file.get(), by().source());
    Source source = text.source();
    if (origin.group(1).equals("configuredIn")) {
      Node node = Transplant.all(cleaned(printed, false), generator(text, printed));
      return Document.rendered(source, number, node, by());
    }
    Optional<Mapping> was = Origin.of(printed, text.documents());
    Mapping object =
        cleaned(
            printed,
            was.flatMap(node -> node.get("metadata"))
                .flatMap(Node::asMapping)
                .flatMap(metadata -> metadata.get("annotations"))
                .isPresent());
    Node node =
        was.map(old -> Transplant.onto(old, object, Transplant.start(old)))
            .orElseGet(() -> Transplant.all(object, Span.at(1, 1)));
    return Document.rendered(source, number, node, by());
  }

  private boolean isPart(Path file) {
    return all.stream()
        .anyMatch(
            part ->
                part.files().contains(file)
                    || Written.real(part.document().source()).filter(file::equals).isPresent());
  }

  private static String annotation(Mapping object) {
    return object
        .get("metadata")
        .flatMap(Node::asMapping)
        .flatMap(metadata -> metadata.get("annotations"))
        .flatMap(Node::asMapping)
        .flatMap(annotations -> annotations.string(ORIGIN))
        .orElse("");
  }

  /** The object without what was only added to find its file. */
  private static Mapping cleaned(Mapping object, boolean annotated) {
    return with(
        object,
        "metadata",
        metadata ->
            with(
                metadata,
                "annotations",
                annotations -> {
                  List<Entry> left =
                      annotations.entries().stream()
                          .filter(entry -> !entry.key().equals(ORIGIN))
                          .toList();
                  return left.isEmpty() && !annotated
                      ? null
                      : new Mapping(left, annotations.span());
                }));
  }

  private interface Change {
    @Nullable Mapping of(Mapping mapping);
  }

  private static Mapping with(Mapping mapping, String key, Change change) {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : mapping.entries()) {
      @Nullable Node value =
          entry.key().equals(key) && entry.value() instanceof Mapping below
              ? change.of(below)
              : entry.value();
      if (value != null) {
        entries.add(new Entry(entry.key(), entry.keySpan(), value));
      }
    }
    return new Mapping(entries, mapping.span());
  }

  /** Where a kustomization tells of a ConfigMap or a Secret that it makes. */
  private static Span generator(Written.Text text, Mapping made) {
    String name =
        made.get("metadata")
            .flatMap(Node::asMapping)
            .flatMap(metadata -> metadata.string("name"))
            .orElse("");
    return text.documents().stream()
        .flatMap(document -> document.root().asMapping().stream())
        .flatMap(root -> root.entries().stream())
        .filter(entry -> entry.key().endsWith("Generator"))
        .flatMap(entry -> entry.value().asItems().stream())
        .flatMap(item -> item.asMapping().stream())
        .flatMap(item -> item.get("name").stream())
        .filter(node -> node.asString().filter(name::contains).isPresent())
        .max(Comparator.comparing(node -> node.asString().orElse("").length()))
        .map(Node::span)
        .orElseGet(
            () ->
                text.documents().stream()
                    .map(document -> Transplant.start(document.root()))
                    .findFirst()
                    .orElse(Span.at(1, 1)));
  }
}
