package io.github.kubeproof.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonReporterTest {

  private static JsonNode json(Report report) throws IOException {
    return new ObjectMapper().readTree(Samples.write(Format.JSON, report));
  }

  @Test
  void aCleanRunHasEmptyLists() throws IOException {
    assertThat(Samples.write(Format.JSON, Samples.clean(2)))
        .startsWith("{\n  \"version\": 1,\n  \"tool\": {\n    \"name\": \"kubeproof\",\n")
        .endsWith("  \"findings\": [],\n  \"suppressed\": [],\n  \"notices\": []\n}\n");
  }

  @Test
  void theSummaryCounts() throws IOException {
    assertThat(json(Samples.rich()).get("summary"))
        .hasToString(
            "{\"errors\":1,\"warnings\":1,\"infos\":1,\"suppressed\":1,\"files\":12,"
                + "\"resources\":12,\"incomplete\":true}");
  }

  @Test
  void aFindingTellsAllThatIsKnown() throws IOException {
    JsonNode finding = json(Samples.rich()).get("findings").get(1);
    assertThat(finding.get("fingerprint").textValue()).matches("[0-9a-f]{16}");
    assertThat(finding.get("tags"))
        .hasToString("[\"kubernetes\",\"network\",\"service\",\"heuristic\"]");
    assertThat(finding.get("resource"))
        .hasToString(
            "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"namespace\":\"shop\",\"name\":\"cart\"}");
    assertThat(finding.get("notes"))
        .hasToString(
            "[{\"message\":\"the pods of Deployment shop/cart are one letter away\","
                + "\"file\":\"shop/cart.yaml\",\"line\":13,\"column\":14,\"endLine\":13,"
                + "\"endColumn\":18,\"path\":\"spec.template.metadata.labels.app\"}]");
    assertThat(finding.fieldNames())
        .toIterable()
        .containsExactly(
            "rule",
            "name",
            "group",
            "severity",
            "confidence",
            "tags",
            "message",
            "help",
            "file",
            "line",
            "column",
            "endLine",
            "endColumn",
            "unit",
            "resource",
            "path",
            "notes",
            "fingerprint");
  }

  @Test
  void aRuleOfTheApiServerIsTagged() throws IOException {
    JsonNode finding = json(Samples.rich()).get("findings").get(0);
    assertThat(finding.get("rule").textValue()).isEqualTo("KP001");
    assertThat(finding.get("tags").toString()).contains("\"rejected-by-api-server\"");
  }

  @Test
  void aWitnessIsASentenceAndItsParts() throws IOException {
    JsonNode witness = json(Samples.rich()).get("findings").get(2).get("witness");
    assertThat(witness)
        .hasToString(
            "{\"sentence\":\"203.0.113.1 (outside the cluster) -> Deployment shop/cart on port"
                + " 8080/TCP\",\"from\":{\"phrase\":\"203.0.113.1 (outside the cluster)\","
                + "\"kind\":\"outside\",\"addresses\":[\"203.0.113.1\"]},"
                + "\"to\":{\"phrase\":\"Deployment shop/cart\",\"kind\":\"pod\",\"known\":true,"
                + "\"id\":\"Deployment shop/cart\",\"namespace\":\"shop\","
                + "\"labels\":{\"app\":\"cart\"},"
                + "\"namespaceLabels\":{\"kubernetes.io/metadata.name\":\"shop\"},"
                + "\"addresses\":[]},\"protocol\":\"TCP\",\"port\":8080}");
  }

  @Test
  void aPodThatTheSolverThoughtOfIsNotKnown() throws IOException {
    Pod pod = new Pod("a pod", 0, "", Map.of("b", "2", "a", "1"), Map.of(), Map.of(), List.of());
    Flow flow = new Flow(new Host("a node", List.of(Address.of("fd00::1"))), pod, Protocol.UDP, 53);
    Report report =
        Samples.report(
            List.of(Samples.with(Samples.openToTheWorld(), "", List.of(), flow)),
            List.of(),
            List.of(),
            1);
    JsonNode witness = json(report).get("findings").get(0).get("witness");
    assertThat(witness.get("from"))
        .hasToString(
            "{\"phrase\":\"a node\",\"kind\":\"host\",\"known\":false,\"id\":\"a node\","
                + "\"addresses\":[\"fd00::1\"]}");
    assertThat(witness.get("to"))
        .hasToString(
            "{\"phrase\":\"a pod without labels in a namespace labelled a=1, b=2\","
                + "\"kind\":\"pod\",\"known\":false,\"id\":\"a pod\",\"labels\":{},"
                + "\"namespaceLabels\":{\"a\":\"1\",\"b\":\"2\"},\"addresses\":[]}");
  }

  @Test
  void whatIsSilencedSaysWhy() throws IOException {
    JsonNode suppressed = json(Samples.rich()).get("suppressed").get(0);
    assertThat(suppressed.get("rule").textValue()).isEqualTo("KP203");
    assertThat(suppressed.get("justification").textValue())
        .isEqualTo("the shop is public until=2027-01-01");
  }

  @Test
  void everyNoticeIsNamed() throws IOException {
    JsonNode notices = json(Samples.rich()).get("notices");
    assertThat(notices).hasSize(7);
    assertThat(notices.get(1))
        .hasToString(
            "{\"message\":\"unrendered template, skipped\",\"incomplete\":false,"
                + "\"file\":\"charts/web/templates/t1.yaml\",\"line\":1,\"column\":3,"
                + "\"endLine\":1,\"endColumn\":3}");
    assertThat(notices.get(6))
        .hasToString("{\"message\":\"no solver: 2 questions are undecided\",\"incomplete\":true}");
  }

  @Test
  void onlyAsciiIsWrittenAndNothingIsLost() throws IOException {
    String message = "\u001b[31m \u009b \u202e \u007f \u00e9 \uD83D\uDE80";
    Report report =
        Samples.report(
            List.of(
                Samples.finding(
                    Samples.INVALID.info(), new Source("a.yaml", "a"), Span.at(1, 1), message)),
            List.of(),
            List.of(),
            1);
    assertThat(Samples.write(Format.JSON, report)).matches("(?s)[ -~\n]*");
    assertThat(json(report).get("findings").get(0).get("message").textValue()).isEqualTo(message);
  }
}
