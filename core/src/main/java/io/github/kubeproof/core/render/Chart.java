package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chart that is no part of another one, with the values that it brings along.
 *
 * <p>Charts that it depends on have to lie in it: nothing is fetched.
 */
final class Chart implements Rendering {

  private static final String FILE = "Chart.yaml";

  /** Before each document that helm prints. */
  private static final String SOURCE = "# Source: ";

  // helm refuses other names of releases, and longer ones
  private static final Pattern RELEASE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?");

  private static final int MOST_FILES = 20_000;

  private final Path folder;
  private final Document document;
  private final Written written;
  private final Optional<Tool> tool;
  private final Set<Path> files = new LinkedHashSet<>();
  private @Nullable String obstacle;

  private Chart(Path folder, Document document, Written written, Optional<Tool> tool) {
    this.folder = folder;
    this.document = document;
    this.written = written;
    this.tool = tool;
    look();
  }

  static List<Chart> all(Loaded loaded, Written written, String path) {
    Map<Path, Document> found = new LinkedHashMap<>();
    for (Document document : loaded.documents()) {
      if (is(document)) {
        Written.real(document.source())
            .map(Path::getParent)
            .ifPresent(folder -> found.putIfAbsent(folder, document));
      }
    }
    Optional<Tool> tool = Tool.find(path, "helm", "template");
    List<Chart> charts = new ArrayList<>();
    found.forEach(
        (folder, document) -> {
          boolean isPart =
              found.keySet().stream().anyMatch(other -> folder.startsWith(other.resolve("charts")));
          if (!isPart && !value(document, "type").equals("library")) {
            charts.add(new Chart(folder, document, written, tool));
          }
        });
    return charts;
  }

  static boolean is(Document document) {
    String name = document.source().name();
    return name.substring(name.lastIndexOf('/') + 1).equals(FILE)
        && value(document, "apiVersion").matches("v[12]")
        && !value(document, "name").isEmpty();
  }

  private static String value(Document document, String key) {
    return document.root().asMapping().flatMap(root -> root.string(key)).orElse("");
  }

  /** Looks through the folder: helm follows links, and reads what they lead to. */
  private void look() {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> paths = all.limit(MOST_FILES + 1L).toList();
      if (paths.size() > MOST_FILES) {
        obstacle = "it holds more than " + MOST_FILES + " files";
      }
      for (Path path : paths) {
        Path below = folder.relativize(path);
        boolean leavesIt =
            Files.isSymbolicLink(path)
                && Written.real(path).filter(to -> to.startsWith(folder)).isEmpty();
        if (leavesIt) {
          obstacle = "the symbolic link " + below + " leads out of it";
        }
        boolean special =
            Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
        if (special) {
          obstacle = below + " in it is no regular file";
        }
        boolean isTemplate =
            below.startsWith("templates")
                || (below.startsWith("charts") && below.toString().contains("templates"));
        if (isTemplate && Files.isRegularFile(path)) {
          Written.real(path).ifPresent(files::add);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      obstacle = "it cannot be read to its end: " + e.getMessage();
    }
  }

  @Override
  public Document by() {
    return document;
  }

  @Override
  public Tool tool() {
    return tool.orElseThrow();
  }

  @Override
  public Optional<Obstacle> obstacle() {
    String message = obstacle == null && tool.isEmpty() ? "helm is not on the PATH" : obstacle;
    return Optional.ofNullable(message).map(text -> new Obstacle(document.at(NodePath.ROOT), text));
  }

  @Override
  public Set<Path> files() {
    return files;
  }

  @Override
  public List<String> arguments(Path home) {
    String name = value(document, "name");
    String release = RELEASE.matcher(name).matches() ? name : "release";
    return List.of(release, folder.toString(), "--skip-tests");
  }

  @Override
  public String readable(String message) {
    return message.replace(" Use --debug flag to render out invalid YAML", "");
  }

  @Override
  public Loaded placed(Loaded printed, Path home) {
    List<Document> documents = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Optional<Source> text =
        Stream.concat(
                printed.documents().stream().map(Document::source),
                printed.problems().stream().map(Problem::source))
            .findFirst();
    if (text.isPresent()) {
      Printed parts = new Printed(text.get());
      for (Document each : printed.documents()) {
        if (each.root() instanceof Mapping) {
          documents.add(parts.placed(each, documents.size()));
        }
      }
      printed.problems().forEach(problem -> problems.add(parts.placed(problem)));
    }
    return new Loaded(documents, problems, 0);
  }

  /** What helm printed, and which templates it is made of. */
  private final class Printed {

    private final String[] templates;
    private final Map<String, List<Integer>> lines = new HashMap<>();
    private final Map<String, TemplateLines> known = new HashMap<>();
    private final Source printed;

    Printed(Source printed) {
      this.printed = printed;
      this.templates = new String[printed.lineCount() + 1];
      String template = "";
      for (int line = 1; line <= printed.lineCount(); line++) {
        String text = printed.line(line);
        if (text.startsWith(SOURCE)) {
          template = text.substring(SOURCE.length()).strip();
        }
        templates[line] = template;
        lines.computeIfAbsent(template, t -> new ArrayList<>()).add(line);
      }
    }

    Document placed(Document made, int number) {
      String template = templates[made.root().span().line()];
      return source(template)
          .map(
              source ->
                  Document.rendered(
                      source, number, lines(template, source).placed(made.root()), document))
          .orElseGet(
              () ->
                  Document.rendered(
                      document.source(),
                      number,
                      Transplant.all(made.root(), Transplant.start(document.root())),
                      document));
    }

    Problem placed(Problem problem) {
      int line = problem.span().line();
      String template = templates[line];
      Optional<Source> source = source(template);
      Span span = source.flatMap(s -> lines(template, s).line(line)).orElse(Span.at(1, 1));
      return new Problem(
          problem.kind(),
          source.orElse(document.source()),
          span,
          "in what this is rendered to: " + problem.message());
    }

    private TemplateLines lines(String template, Source source) {
      return known.computeIfAbsent(
          template, t -> TemplateLines.of(source, printed, lines.getOrDefault(t, List.of())));
    }

    /** The file of a template; empty for one of a packed chart. */
    private Optional<Source> source(String template) {
      String below = template.substring(template.indexOf('/') + 1);
      return Written.real(folder, below)
          .filter(path -> path.startsWith(folder) && Files.isRegularFile(path))
          .map(path -> written.text(path, document.source()).source());
    }
  }
}
