package io.github.kubeproof.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.RulePages;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class SarifReporterTest {

  private static JsonNode run(Report report) throws IOException {
    JsonNode log = new ObjectMapper().readTree(Samples.write(Format.SARIF, report));
    assertThat(log.get("version").textValue()).isEqualTo("2.1.0");
    assertThat(log.get("runs")).hasSize(1);
    return log.get("runs").get(0);
  }

  private static JsonNode result(Finding finding) throws IOException {
    return run(Samples.report(List.of(finding), List.of(), List.of(), 1)).get("results").get(0);
  }

  private static Finding at(Source source, Span span) {
    return Samples.finding(Samples.INVALID.info(), source, span, "wrong");
  }

  private static List<String> texts(JsonNode array, String pointer) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(node -> node.at(pointer).asText())
        .toList();
  }

  @Test
  void aCleanRunHasAnEmptyListOfResults() throws IOException {
    JsonNode run = run(Samples.clean(3));
    assertThat(run.get("results")).isEmpty();
    assertThat(run.get("results").isArray()).isTrue();
    assertThat(run.get("columnKind").textValue()).isEqualTo("unicodeCodePoints");
    assertThat(run.at("/invocations/0/executionSuccessful").booleanValue()).isTrue();
    assertThat(run.at("/originalUriBaseIds/%SRCROOT%").isObject()).isTrue();
    assertThat(run.at("/tool/driver/name").textValue()).isEqualTo("kubeproof");
    assertThat(run.at("/tool/driver/version").textValue()).isEqualTo("1.2.3");
  }

  @Test
  void theWorstResultsComeFirstAndTheSilencedLast() throws IOException {
    JsonNode results = run(Samples.rich()).get("results");
    assertThat(texts(results, "/ruleId")).containsExactly("KP001", "KP404", "KP203", "KP203");
    assertThat(texts(results, "/ruleIndex")).containsExactly("0", "2", "1", "1");
    assertThat(texts(results, "/level")).containsExactly("error", "warning", "note", "note");
    assertThat(results.get(2).has("suppressions")).isFalse();
    assertThat(results.get(3).get("suppressions"))
        .hasToString(
            "[{\"kind\":\"inSource\",\"justification\":\"the shop is public until=2027-01-01\"}]");
  }

  @Test
  void placesAreRegionsOfRelativeFiles() throws IOException {
    JsonNode result = run(Samples.rich()).get("results").get(1);
    assertThat(result.at("/locations/0/physicalLocation"))
        .hasToString(
            "{\"artifactLocation\":{\"uri\":\"shop/cart%20service.yaml\","
                + "\"uriBaseId\":\"%SRCROOT%\"},"
                + "\"region\":{\"startLine\":8,\"startColumn\":10,\"endLine\":8,\"endColumn\":15,"
                + "\"snippet\":{\"text\":\"cartt\"}}}");
    assertThat(result.at("/relatedLocations/0/id").intValue()).isEqualTo(1);
    assertThat(result.at("/relatedLocations/0/physicalLocation/region/startLine").intValue())
        .isEqualTo(13);
    assertThat(result.at("/message/text").textValue())
        .isEqualTo(
            "selector app=cartt matches no pod."
                + " [the pods of Deployment shop/cart are one letter away](1)."
                + " Help: write app: cart.");
    assertThat(result.at("/partialFingerprints/kubeproof~1v1").textValue()).matches("[0-9a-f]{16}");
  }

  @Test
  void rulesBringTheirPagesAndTheirTags() throws IOException {
    JsonNode rules = run(Samples.clean(1)).at("/tool/driver/rules");
    assertThat(texts(rules, "/id")).containsExactly("KP001", "KP203", "KP404");
    assertThat(texts(rules, "/defaultConfiguration/level"))
        .containsExactly("error", "note", "warning");
    assertThat(rules.get(2).at("/fullDescription/text").textValue())
        .isEqualTo("A Service selects pods by labels that no pod carries.");
    assertThat(rules.get(2).at("/help/markdown").textValue())
        .startsWith("# KP404 selector-matches-nothing\n\nA Service");
    assertThat(rules.get(0).at("/properties"))
        .hasToString(
            "{\"tags\":[\"kubernetes\",\"network\",\"manifest\",\"proved\","
                + "\"rejected-by-api-server\"],"
                + "\"precision\":\"very-high\",\"problem.severity\":\"error\"}");
    assertThat(rules.get(1).at("/properties"))
        .hasToString(
            "{\"tags\":[\"kubernetes\",\"network\",\"permissiveness\",\"proved\",\"security\"],"
                + "\"precision\":\"very-high\",\"problem.severity\":\"recommendation\","
                + "\"security-severity\":\"3.0\"}");
  }

  @Test
  void noticesAreNotificationsOfTheTool() throws IOException {
    JsonNode notifications = run(Samples.rich()).at("/invocations/0/toolExecutionNotifications");
    assertThat(texts(notifications, "/level"))
        .containsExactly("warning", "note", "note", "note", "note", "note", "warning");
    assertThat(notifications.get(1).at("/locations/0/physicalLocation/artifactLocation/uri"))
        .hasToString("\"charts/web/templates/t1.yaml\"");
    assertThat(notifications.get(6).at("/message/text").textValue())
        .isEqualTo("no solver: 2 questions are undecided.");
  }

  @Test
  void onlyTheWorstFiveThousandAreListedAndThatIsSaid() throws IOException {
    Source source = new Source("a.yaml", "a");
    List<Finding> findings = new ArrayList<>();
    IntStream.rangeClosed(1, SarifReporter.MOST_RESULTS + 1)
        .mapToObj(line -> Samples.finding(Samples.OPEN.info(), source, Span.at(line, 1), "open"))
        .forEach(findings::add);
    findings.add(at(new Source("z.yaml", "a"), Span.at(1, 1)));
    JsonNode run = run(Samples.report(findings, List.of(), List.of(), 1));
    assertThat(run.get("results")).hasSize(SarifReporter.MOST_RESULTS);
    assertThat(run.at("/results/0/ruleId").textValue()).isEqualTo("KP001");
    assertThat(run.at("/invocations/0/toolExecutionNotifications/0/message/text").textValue())
        .isEqualTo("Of 5002 results only the worst 5000 are listed.");
  }

  @Test
  void namesOfFilesBecomeUris() throws IOException {
    assertThat(Uris.of("./a b/\u00e9%#?.yaml")).isEqualTo("a%20b/%C3%A9%25%23%3F.yaml");
    assertThat(Uris.of("../c:d.yaml")).isEqualTo("../c%3Ad.yaml");
    assertThat(Uris.of("/x/y z.yaml")).isEqualTo("file:///x/y%20z.yaml");
    assertThat(Uris.of("C:/x.yaml")).isEqualTo("file:///C:/x.yaml");
    JsonNode absolute = result(at(new Source("/x.yaml", "a"), Span.at(1, 1)));
    assertThat(absolute.at("/locations/0/physicalLocation/artifactLocation"))
        .hasToString("{\"uri\":\"file:///x.yaml\"}");
  }

  @Test
  void aSnippetIsExactlyTheRegion() throws IOException {
    Source source = new Source("a.yaml", "k: \uD83D\uDE80\u00e9z\n");
    JsonNode region =
        result(at(source, new Span(1, 4, 1, 6))).at("/locations/0/physicalLocation/region");
    assertThat(region.at("/snippet/text").textValue()).isEqualTo("\uD83D\uDE80\u00e9");
  }

  @Test
  void aManifestCannotWriteLinks() throws IOException {
    Finding finding =
        Samples.with(
            Samples.finding(
                Samples.INVALID.info(),
                new Source("a.yaml", "a"),
                Span.at(1, 1),
                "ports[0] is [free](http://x)"),
            "",
            List.of(new Note(Samples.resource(Samples.SERVICE, 0).place(), "see ports[1]")),
            null);
    assertThat(result(finding).at("/message/text").textValue())
        .isEqualTo("ports[0] is \\[free\\](http://x). [see ports\\[1\\]](1).");
  }

  @Test
  void aRuleWithoutAPageIsOurFault() {
    Report clean = Samples.clean(1);
    Report report =
        new Report(clean.rules(), List.of(), List.of(), List.of(), 1, 1, new RulePages(List.of()));
    assertThatThrownBy(() -> Samples.write(Format.SARIF, report))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no rule KP001 among []");
  }
}
