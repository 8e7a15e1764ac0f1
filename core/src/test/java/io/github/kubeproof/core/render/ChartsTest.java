package io.github.kubeproof.core.render;

import static io.github.kubeproof.core.render.Repository.rendered;
import static io.github.kubeproof.core.render.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real helm of this machine; one test with what helm 3.19 printed once. */
class ChartsTest {

  private static final String PATH = System.getenv().getOrDefault("PATH", "");

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: {{ .Release.Name }}-web
        labels:
          {{- include "labels" . | nindent 4 }}
      spec:
        ports:
          - port: {{ .Values.port }}
            targetPort: http
            protocol: TCP
      """;

  private static final String POLICIES =
      """
      {{- range $name := list "a" "b" }}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: {{ $name }}
      spec:
        podSelector: {}
        ingress:
          - ports:
              - port: 9000
                endPort: {{ 8000 }}
      {{- end }}
      """;

  /** What helm 3.19.0 makes of the chart. */
  private static final String PRINTED =
      """
      ---
      # Source: shop/templates/policies.yaml
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: a
      spec:
        podSelector: {}
        ingress:
          - ports:
              - port: 9000
                endPort: 8000
      ---
      # Source: shop/templates/policies.yaml
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: b
      spec:
        podSelector: {}
        ingress:
          - ports:
              - port: 9000
                endPort: 8000
      ---
      # Source: shop/templates/service.yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: shop-web
        labels:
          app: web
          tier: front
      spec:
        ports:
          - port: 8080
            targetPort: http
            protocol: TCP
      """;

  @TempDir private Path folder;

  private Repository repository = new Repository(Path.of(""));

  @BeforeEach
  void aChart() throws IOException {
    repository = new Repository(folder);
    repository.write("shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 0.1.0\n");
    repository.write("shop/values.yaml", "port: 8080\n");
    repository.write(
        "shop/templates/_helpers.tpl",
        "{{- define \"labels\" }}\napp: web\ntier: front\n{{- end }}\n");
    repository.write("shop/templates/service.yaml", SERVICE);
    repository.write("shop/templates/policies.yaml", POLICIES);
  }

  private static void assumeHelm() {
    assumeTrue(Tool.find(PATH, "helm").isPresent(), "helm is not on the PATH");
  }

  private void check(Loaded loaded) {
    assertThat(repository.unrendered(loaded)).isEmpty();
    assertThat(loaded.problems()).extracting(Problem::message).isEmpty();
    Document service = rendered(loaded, "Service", "shop-web");
    assertThat(service.renderedBy().orElseThrow().source().name())
        .isEqualTo(folder + "/shop/Chart.yaml");
    assertThat(text(service, "spec", "ports", 0, "port")).isEqualTo("8080");
    String template = "shop/templates/service.yaml:";
    // the same text, a value of an action, and what a helper makes
    assertThat(repository.at(service, "spec", "ports", 0, "targetPort"))
        .isEqualTo(template + "10:19");
    assertThat(repository.at(service, "spec", "ports", 0, "port")).isEqualTo(template + "9:13");
    assertThat(repository.at(service, "metadata", "name")).isEqualTo(template + "4:9");
    assertThat(repository.at(service, "metadata", "labels", "tier")).isEqualTo(template + "5:3");
    // a loop makes two objects of the same lines
    for (String name : new String[] {"a", "b"}) {
      Document policy = rendered(loaded, "NetworkPolicy", name);
      assertThat(repository.at(policy, "spec", "ingress", 0, "ports", 0, "endPort"))
          .isEqualTo("shop/templates/policies.yaml:12:20");
    }
  }

  @Test
  void aRenderedChartStandsForItsTemplates() {
    assumeHelm();
    check(repository.rendered(PATH));
  }

  @Test
  void whatHelmPrintsIsFoundInTheTemplates() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the stand-in is a shell script");
    repository.write("printed", PRINTED);
    check(
        repository.rendered(
            repository.program(
                "helm",
                "[ \"$1 $2 $4\" = 'template shop --skip-tests' ] && cat '"
                    + folder
                    + "/printed'")));
  }

  @Test
  void aDependencyThatIsNotThereIsSaidByHelmAndNotFetched() throws IOException {
    assumeHelm();
    repository.write(
        "shop/Chart.yaml",
        """
        apiVersion: v2
        name: shop
        version: 0.1.0
        dependencies:
          - { name: common, version: 1.0.0, repository: "https://charts.example.com" }
        """);
    Loaded loaded = repository.rendered(PATH);
    assertThat(repository.unrendered(loaded))
        .singleElement()
        .asString()
        .startsWith("shop/Chart.yaml:1: not rendered")
        .contains("`helm dependency build`", "missing in charts/ directory: common");
    assertThat(loaded.problems())
        .extracting(Problem::kind)
        .contains(Problem.Kind.TEMPLATE); // as if there were no helm
  }

  @Test
  void aChartInAChartIsRenderedWithIt() throws IOException {
    assumeHelm();
    repository.write("shop/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 0.1.0\n");
    repository.write(
        "shop/charts/db/templates/db.yaml",
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-db\n");
    Document db = rendered(repository.rendered(PATH), "Service", "shop-db");
    assertThat(repository.at(db, "metadata", "name"))
        .isEqualTo("shop/charts/db/templates/db.yaml:4:9");
    assertThat(db.renderedBy().orElseThrow().source().name())
        .isEqualTo(folder + "/shop/Chart.yaml");
  }

  @Test
  void aLinkOutOfTheChartKeepsItFromBeingRendered() throws IOException {
    Files.createSymbolicLink(folder.resolve("shop/templates/secret.yaml"), Path.of("/etc/passwd"));
    Loaded loaded = repository.rendered(repository.program("helm", "exit 1"));
    assertThat(repository.unrendered(loaded))
        .containsExactly(
            "shop/Chart.yaml:1: not rendered, so its parts are read as they are written:"
                + " the symbolic link templates/secret.yaml leads out of it");
  }

  @Test
  void aLibraryIsNotRenderedAlone() throws IOException {
    repository.write("shop/Chart.yaml", "apiVersion: v2\nname: shop\ntype: library\n");
    Loaded loaded = repository.rendered(repository.program("helm", "exit 1"));
    assertThat(repository.unrendered(loaded)).isEmpty();
  }

  @Test
  void aTemplateThatGrowsWithoutEndDoesNotTakeTheMachineWithIt() throws IOException {
    assumeHelm();
    assumeTrue(Tool.find(PATH, "prlimit").isPresent(), "prlimit is not on the PATH");
    repository.write("shop/templates/bomb.yaml", "a: {{ range until 2000000000 }}{{ end }}\n");
    assertThat(repository.unrendered(repository.rendered(PATH)))
        .singleElement()
        .asString()
        .contains("shop/Chart.yaml:1: not rendered", "out of memory")
        .doesNotContain("goroutine");
  }
}
