package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Problem.Kind;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real manifests, and what a real API server took their documents for. */
class CorpusTest {

  private static final Path SHARED =
      Path.of(System.getProperty("user.dir")).resolveSibling("../shared").normalize();
  private static final Path CORPUS = SHARED.resolve("corpus");

  private static Loaded corpus = new Loaded(List.of(), List.of(), 0);

  @BeforeAll
  static void read() {
    assumeTrue(Files.isDirectory(CORPUS), () -> "no corpus in " + CORPUS);
    corpus =
        new Inputs(Limits.DEFAULT, name -> false, 2)
            .load(List.of(CORPUS.toString()), InputStream.nullInputStream());
  }

  @Test
  void everyFileIsReadOrNamed() {
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    corpus.problems().forEach(problem -> kinds.merge(problem.kind(), 1, Integer::sum));
    assertThat(kinds)
        .isEqualTo(Map.of(Kind.TEMPLATE, 105, Kind.SYNTAX, 20, Kind.DUPLICATE_KEY, 12));
    assertThat(corpus.files()).isEqualTo(8163);
    assertThat(corpus.documents()).hasSize(15749);
  }

  @Test
  void documentsHaveTheNumbersAndLinesThatTheServerHeard() {
    Map<String, Document> documents = new HashMap<>();
    corpus.documents().forEach(document -> documents.put(key(document), document));
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (Mapping row : verdicts()) {
      String key = row.string("file").orElseThrow() + "#" + number(row, "doc");
      Document document = documents.get(key);
      if (document == null) {
        differences.add(key + (row.get("yaml_error").isPresent() ? " broken" : " missing"));
        continue;
      }
      Mapping root = document.root().asMapping().orElseThrow();
      boolean item = row.get("item").isPresent();
      boolean agrees =
          item
              || (root.span().line() == number(row, "line")
                  && root.string("kind").equals(row.string("kind"))
                  && root.string("apiVersion").equals(row.string("apiVersion")));
      if (!agrees) {
        differences.add(key + " at " + root.span());
      }
      compared++;
    }
    assertThat(compared).isEqualTo(8424);
    assertThat(differences).filteredOn(difference -> difference.endsWith(" broken")).hasSize(11);
    // a template in all but its suffix: metadata.name is vttablet-{{uid}}
    assertThat(differences)
        .filteredOn(difference -> !difference.endsWith(" broken"))
        .containsExactly(
            "corpus/kubernetes-examples/_archived/storage/vitess/vttablet-pod-template.yaml#0 missing");
  }

  @Test
  void templatesAreRecognisedOrHoldPlaceholdersInStringsOnly() {
    assertThat(corpus.problems())
        .filteredOn(problem -> problem.source().name().contains("/helm-templates/"))
        .hasSize(104)
        .extracting(Problem::kind)
        .containsOnly(Kind.TEMPLATE);
  }

  @Test
  void manifestsThatSpeakOfTemplatesAreNoTemplates() {
    assertThat(corpus.problems())
        .filteredOn(problem -> problem.kind() == Kind.TEMPLATE)
        .filteredOn(problem -> !problem.source().name().contains("/helm-templates/"))
        .extracting(problem -> name(problem.source()))
        .containsExactly(
            "corpus/kubernetes-examples/_archived/storage/vitess/vttablet-pod-template.yaml");
    assertThat(corpus.documents())
        .filteredOn(document -> document.source().text().contains("{{"))
        .hasSizeGreaterThan(200);
  }

  @Test
  void spansStayInsideOfTheirFiles() {
    for (Document document : corpus.documents()) {
      int lines = document.source().lineCount();
      assertThat(deepest(document.root()))
          .as("the last line of %s", document)
          .isLessThanOrEqualTo(lines);
    }
  }

  private static int deepest(Node node) {
    Stream<Node> children =
        node instanceof Mapping map
            ? map.entries().stream().map(Node.Entry::value)
            : node.asItems().stream();
    return Math.max(node.span().endLine(), children.mapToInt(CorpusTest::deepest).max().orElse(1));
  }

  private static List<Mapping> verdicts() {
    Path file = SHARED.resolve("oracle/apiserver/corpus.jsonl");
    assumeTrue(Files.isRegularFile(file), () -> "no verdicts in " + file);
    Loaded rows = Inputs.DEFAULT.load(List.of(file.toString()), InputStream.nullInputStream());
    assertThat(rows.problems()).isEmpty();
    return rows.documents().stream()
        .map(document -> document.root().asMapping().orElseThrow())
        .toList();
  }

  private static int number(Mapping row, String key) {
    return ((Long) ((Scalar) row.get(key).orElseThrow()).value()).intValue();
  }

  private static String key(Document document) {
    return name(document.source()) + "#" + document.index();
  }

  private static String name(Source source) {
    return source.name().substring(source.name().indexOf("/corpus/") + 1);
  }
}
