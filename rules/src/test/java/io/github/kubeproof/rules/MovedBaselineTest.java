package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Baseline;
import io.github.kubeproof.core.lint.Baseline.Comparison;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleChoices;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The findings of real projects are recognised when every file has moved to another folder and
 * another name, is indented otherwise, and has its lists in another order; faults that are new are
 * not taken for old ones.
 */
class MovedBaselineTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");

  private static final List<String> PROJECTS =
      List.of("argo-cd", "istio", "kube-linter", "network-config-analyzer", "polaris", "popeye");

  /** Their order means something. */
  private static final Set<String> ORDERED = Set.of("command", "args");

  private static final String PLANTED = "planted-";

  @TempDir private Path folder;

  @Test
  void movedFindingsAreRecognisedAndNewOnesAreNot() throws IOException {
    assumeThat(CORPUS).as("the corpus of real manifests").isDirectory();
    Path file = folder.resolve("baseline.yaml");
    for (String project : PROJECTS) {
      copy(CORPUS.resolve(project), folder.resolve(project));
    }
    Comparison first = lint(file, PROJECTS);
    Files.writeString(file, first.updated());
    assertThat(first.added()).isEmpty();

    Set<String> faulty =
        first.unchanged().stream()
            .map(unchanged -> String.valueOf(unchanged.finding().resource()))
            .collect(Collectors.toSet());
    Map<String, String> origins = new HashMap<>();
    for (String project : PROJECTS) {
      move(project, faulty, origins);
      delete(folder.resolve(project));
    }
    Comparison second = lint(file, PROJECTS.stream().map(MovedBaselineTest::moved).toList());

    // what each finding says, and of which object in which of the files that there were
    Map<String, Long> were =
        counts(findings(first).filter(f -> origins.containsValue(file(f))), f -> file(f));
    Map<String, Long> are = counts(findings(second), f -> String.valueOf(origins.get(file(f))));
    long survivors = sum(were);
    Map<String, Long> right = new TreeMap<>(were);
    right.replaceAll((what, count) -> Math.min(count, are.getOrDefault(what, 0L)));
    Map<String, Long> wrong = new TreeMap<>(are);
    wrong.replaceAll((what, count) -> count - right.getOrDefault(what, 0L));
    wrong.values().removeIf(count -> count == 0);
    List<Finding> planted = second.added().stream().filter(MovedBaselineTest::isPlanted).toList();
    String figures =
        "%d findings, of which %d moved: %d recognised, and %s wrongly; %d planted ones found; %s"
            .formatted(
                first.unchanged().size(), survivors, sum(right), wrong, planted.size(), second);
    System.getLogger("baseline").log(System.Logger.Level.INFO, figures);

    assertThat(survivors).as(figures).isGreaterThanOrEqualTo(500);
    assertThat((double) sum(right) / survivors).as(figures).isGreaterThanOrEqualTo(0.98);
    assertThat(planted).as(figures).hasSizeGreaterThanOrEqualTo(100);
    assertThat(wrong).as(figures).isEmpty();
    assertThat(findings(second)).noneMatch(MovedBaselineTest::isPlanted);
  }

  private Comparison lint(Path baseline, List<String> projects) {
    List<Rule> rules = Rules.all();
    Report report =
        Linter.lint(
            projects.stream().map(project -> folder.resolve(project).toString()).toList(),
            InputStream.nullInputStream(),
            rules,
            new Linter.Options(
                Settings.DEFAULT,
                List.of(),
                List.of(),
                2,
                true,
                LocalDate.EPOCH,
                rules.stream().map(Rule::info).toList(),
                RuleChoices.NONE,
                Baseline.read(baseline, true),
                Questions.UNWRITTEN));
    return Objects.requireNonNull(report.comparison());
  }

  private static Stream<Finding> findings(Comparison comparison) {
    return comparison.unchanged().stream().map(Baseline.Unchanged::finding);
  }

  private static String file(Finding finding) {
    return finding.source().name();
  }

  private static Map<String, Long> counts(
      Stream<Finding> findings, Function<Finding, String> origin) {
    return findings.collect(
        Collectors.groupingBy(
            finding ->
                finding.rule().id() + " " + finding.resource() + " in " + origin.apply(finding),
            Collectors.counting()));
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static boolean isPlanted(Finding finding) {
    return finding.message().contains(PLANTED);
  }

  private static String moved(String project) {
    return "moved-" + project;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /**
   * Writes every file of a project elsewhere, but each tenth of those that have findings; plants a
   * field that is not known in Services that have no findings.
   *
   * @param origins gets what the files were called before
   */
  private void move(String project, Set<String> faulty, Map<String, String> origins)
      throws IOException {
    Loaded loaded =
        Inputs.DEFAULT.load(
            List.of(folder.resolve(project).toString()), InputStream.nullInputStream());
    Set<String> broken =
        loaded.problems().stream()
            .map(problem -> problem.source().name())
            .collect(Collectors.toSet());
    Map<String, List<Document>> files = new LinkedHashMap<>();
    for (Document document : loaded.documents()) {
      files.computeIfAbsent(document.source().name(), n -> new ArrayList<>()).add(document);
    }
    broken.forEach(name -> files.putIfAbsent(name, List.of()));
    int number = 0;
    for (Map.Entry<String, List<Document>> file : files.entrySet()) {
      Path path = Path.of(file.getKey());
      Path below = folder.resolve(project).relativize(path);
      boolean named = below.getFileName().toString().matches("kustomization.*|Chart\\.yaml");
      Path target =
          folder
              .resolve(moved(project))
              .resolve("elsewhere")
              .resolve(below)
              .resolveSibling((named ? "" : "m-") + below.getFileName());
      Files.createDirectories(target.getParent());
      if (broken.contains(file.getKey())) {
        origins.put(target.toString(), file.getKey());
        Files.copy(path, target); // what cannot be read in full cannot be written otherwise
        continue;
      }
      Manifests manifests = Manifests.read(file.getValue(), 1);
      boolean hasFindings =
          manifests.resources().stream().anyMatch(r -> faulty.contains(r.toString()));
      if (hasFindings && ++number % 10 == 0) {
        continue;
      }
      origins.put(target.toString(), file.getKey());
      StringBuilder text = new StringBuilder();
      for (Document document : file.getValue()) {
        boolean plant =
            Manifests.read(List.of(document), 1).resources().stream()
                .anyMatch(r -> r.kind().equals("Service") && !faulty.contains(r.toString()));
        text.append("---\n");
        write(document.root(), 0, text);
        text.append(plant ? "\"" + PLANTED + "field\": true\n" : "");
      }
      Files.writeString(target, text.toString());
    }
  }

  /** In block style, four blanks a level, all strings quoted, and lists back to front. */
  private static void write(Node node, int indent, StringBuilder out) {
    String blanks = " ".repeat(indent);
    if (node instanceof Mapping mapping && !mapping.entries().isEmpty()) {
      for (Entry entry : mapping.entries()) {
        out.append(blanks).append(quoted(entry.key())).append(":");
        writeBelow(entry.value(), ORDERED.contains(entry.key()), indent + 4, out);
      }
    } else {
      out.append(blanks).append(inline(node)).append('\n');
    }
  }

  private static void writeBelow(Node node, boolean ordered, int indent, StringBuilder out) {
    if (node instanceof Mapping mapping && !mapping.entries().isEmpty()) {
      out.append('\n');
      write(node, indent, out);
    } else if (!node.asItems().isEmpty()) {
      out.append('\n');
      List<Node> items = new ArrayList<>(node.asItems());
      if (!ordered) {
        Collections.reverse(items);
      }
      for (Node item : items) {
        out.append(" ".repeat(indent)).append("-");
        writeBelow(item, false, indent + 4, out);
      }
    } else {
      out.append(' ').append(inline(node)).append('\n');
    }
  }

  private static String inline(Node node) {
    if (node instanceof Scalar scalar) {
      return scalar.value() instanceof String string
          ? quoted(string)
          : scalar.isNull() ? "null" : scalar.text();
    }
    return node instanceof Mapping ? "{}" : "[]";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
      quoted.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return quoted.append('"').toString();
  }
}
