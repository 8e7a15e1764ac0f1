package io.github.kubeproof.core.render;

import static io.github.kubeproof.core.render.Repository.rendered;
import static io.github.kubeproof.core.render.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.NodePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real kustomize or kubectl of this machine. */
class KustomizationsTest {

  private static final String PATH = System.getenv().getOrDefault("PATH", "");

  private static final String APP =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        selector:
          app: web
        ports:
          - name: http
            port: 80
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 1
        selector:
          matchLabels: { app: web }
        template:
          metadata:
            labels: { app: web }
          spec:
            containers:
              - name: web
                image: nginx
                envFrom:
                  - configMapRef: { name: settings }
      """;

  @TempDir private Path folder;

  private Repository repository = new Repository(Path.of(""));

  @BeforeEach
  void aBase() throws IOException {
    assumeTrue(
        Tool.find(PATH, "kustomize").or(() -> Tool.find(PATH, "kubectl")).isPresent(),
        "neither kustomize nor kubectl is on the PATH");
    repository = new Repository(folder);
    repository.write("base/app.yaml", APP);
    repository.write(
        "base/kustomization.yaml",
        """
        resources: [app.yaml]
        configMapGenerator:
          - name: other
            literals: [A=b]
          - name: settings
            literals: [A=b]
        """);
  }

  @Test
  void anOverlayStandsForWhatItIsMadeOf() throws IOException {
    repository.write(
        "prod/kustomization.yaml",
        """
        namespace: shop
        namePrefix: prod-
        resources: [../base]
        components: [../metrics]
        patches:
          - path: more.yaml
        images:
          - { name: nginx, newTag: "1.27" }
        replicas:
          - { name: web, count: 5 }
        """);
    repository.write(
        "prod/more.yaml",
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          type: NodePort
          ports:
            - port: 80
              nodePort: 80
        """);
    repository.write(
        "metrics/kustomization.yaml",
        """
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        resources: [metrics.yaml]
        """);
    repository.write(
        "metrics/metrics.yaml",
        """
        apiVersion: v1
        kind: Service
        metadata: { name: metrics }
        spec: { ports: [{ port: 9090 }] }
        """);
    Loaded loaded = repository.rendered(PATH);

    assertThat(repository.unrendered(loaded)).isEmpty();
    assertThat(loaded.replaced())
        .extracting(document -> document.source().name().substring(folder.toString().length()))
        .containsExactly(
            "/base/app.yaml", "/base/app.yaml", "/metrics/metrics.yaml", "/prod/more.yaml");

    Document service = rendered(loaded, "Service", "prod-web");
    assertThat(service.renderedBy().orElseThrow().source().name())
        .isEqualTo(folder + "/prod/kustomization.yaml");
    // taken over, changed, added
    assertThat(text(service, "spec", "ports", 0, "name")).isEqualTo("http");
    assertThat(repository.at(service, "spec", "ports", 0, "name")).isEqualTo("base/app.yaml:9:13");
    assertThat(repository.at(service, "metadata", "name")).isEqualTo("base/app.yaml:4:9");
    assertThat(text(service, "metadata", "namespace")).isEqualTo("shop");
    assertThat(repository.at(service, "metadata", "namespace")).isEqualTo("base/app.yaml:3:1");
    assertThat(text(service, "spec", "ports", 0, "nodePort")).isEqualTo("80");
    assertThat(repository.at(service, "spec", "ports", 0, "nodePort"))
        .isEqualTo("base/app.yaml:9:7");
    // what was asked for to find the places is gone
    assertThat(service.find(NodePath.ROOT.then("metadata", "annotations"))).isEmpty();

    Document deployment = rendered(loaded, "Deployment", "prod-web");
    assertThat(text(deployment, "spec", "replicas")).isEqualTo("5");
    assertThat(repository.at(deployment, "spec", "replicas")).isEqualTo("base/app.yaml:17:13");
    Object[] container = {"spec", "template", "spec", "containers", 0};
    Object[] image = {"spec", "template", "spec", "containers", 0, "image"};
    assertThat(text(deployment, image)).isEqualTo("nginx:1.27");
    assertThat(repository.at(deployment, image)).isEqualTo("base/app.yaml:26:18");
    assertThat(repository.at(deployment, container)).isEqualTo("base/app.yaml:25:11");

    Document settings = rendered(loaded, "ConfigMap", "prod-settings-");
    assertThat(repository.at(settings, "data", "A")).isEqualTo("base/kustomization.yaml:5:11");
    Object[] reference = {
      "spec", "template", "spec", "containers", 0, "envFrom", 0, "configMapRef", "name"
    };
    assertThat(text(deployment, reference)).isEqualTo(text(settings, "metadata", "name"));

    Document metrics = rendered(loaded, "Service", "prod-metrics");
    assertThat(repository.at(metrics, "spec", "ports", 0, "port"))
        .isEqualTo("metrics/metrics.yaml:4:25");
  }

  @Test
  void aBaseIsRenderedAloneOnlyWhenNothingTakesItIn() throws IOException {
    Loaded alone = repository.rendered(PATH);
    assertThat(text(rendered(alone, "Service", "web"), "metadata", "namespace")).isEmpty();

    repository.write("dev/kustomization.yaml", "namespace: dev\nresources: [../base]\n");
    repository.write("prod/kustomization.yaml", "namespace: prod\nresources: [../base]\n");
    Loaded two = repository.rendered(PATH);
    assertThat(two.documents())
        .filteredOn(document -> text(document, "kind").equals("Service"))
        .extracting(document -> text(document, "metadata", "namespace"))
        .containsExactly("dev", "prod");
  }

  @Test
  void anInlinePatchAndAListKindKeepTheirPlaces() throws IOException {
    repository.write(
        "lists/kustomization.yaml",
        """
        resources: [all.yaml]
        patches:
          - target: { kind: Service, name: b }
            patch: |-
              - op: replace
                path: /spec/ports/0/port
                value: 81
        """);
    repository.write(
        "lists/all.yaml",
        """
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Service
            metadata: { name: a }
            spec: { ports: [{ port: 1 }] }
          - apiVersion: v1
            kind: Service
            metadata: { name: b }
            spec: { ports: [{ port: 2 }] }
        """);
    Document b = rendered(repository.rendered(PATH), "Service", "b");
    assertThat(text(b, "spec", "ports", 0, "port")).isEqualTo("81");
    assertThat(repository.at(b, "spec", "ports", 0, "port")).isEqualTo("lists/all.yaml:11:29");
  }

  @Test
  void aFailureIsSaidOnceAndTheRestGoesOn() throws IOException {
    repository.write("broken/kustomization.yaml", "resources: [one.yaml]\nnamespaze: x\n");
    repository.write("broken/one.yaml", "apiVersion: v1\nkind: Service\nmetadata: { name: one }\n");
    Loaded loaded = repository.rendered(PATH);
    assertThat(repository.unrendered(loaded)).hasSize(1);
    assertThat(repository.unrendered(loaded).get(0))
        .startsWith("broken/kustomization.yaml:1: not rendered, so its parts are read as they are")
        .contains("says: ", "unknown field \"namespaze\"")
        .doesNotContain("\n");
    assertThat(rendered(loaded, "Service", "web").source().name()).endsWith("base/app.yaml");
    assertThat(loaded.documents())
        .filteredOn(document -> text(document, "metadata", "name").equals("one"))
        .singleElement()
        .satisfies(document -> assertThat(document.renderedBy()).isEmpty());
  }

  @Test
  void aBaseOutsideOfTheInputIsReadInsideOfTheRepositoryOnly() throws IOException {
    repository.write("prod/kustomization.yaml", "namespace: prod\nresources: [../base]\n");
    Duration limit = Duration.ofSeconds(60);
    Loaded outside = repository.rendered(PATH, limit, Inputs.DEFAULT, "prod");
    assertThat(repository.unrendered(outside))
        .containsExactly(
            "prod/kustomization.yaml:1: not rendered, so its parts are read as they are written:"
                + " it takes in what lies outside of prod; name a folder that holds both");

    Files.createDirectory(folder.resolve(".git"));
    Loaded inside = repository.rendered(PATH, limit, Inputs.DEFAULT, "prod");
    assertThat(repository.unrendered(inside)).isEmpty();
    Document service = rendered(inside, "Service", "web");
    assertThat(repository.at(service, "spec", "ports", 0, "port")).isEqualTo("base/app.yaml:10:13");
    assertThat(service.home().root()).isEqualTo(folder + "/prod");
  }

  @Test
  void theResultDoesNotDependOnTheNumberOfJobs() throws IOException {
    for (String name : new String[] {"a", "b", "c"}) {
      repository.write(
          name + "/kustomization.yaml", "namespace: " + name + "\nresources: [../base]\n");
    }
    Inputs many = new Inputs(Inputs.DEFAULT.limits(), name -> false, 4);
    Loaded one = repository.rendered(PATH);
    Loaded other = repository.rendered(PATH, Duration.ofSeconds(60), many, "");
    assertThat(other.documents())
        .extracting(document -> repository.at(document) + text(document, "metadata", "namespace"))
        .containsExactlyElementsOf(
            one.documents().stream()
                .map(d -> repository.at(d) + text(d, "metadata", "namespace"))
                .toList());
  }
}
