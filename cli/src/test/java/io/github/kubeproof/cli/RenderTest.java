package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two overlays of one base, on the command line. */
class RenderTest {

  private static final String PATH = System.getenv().getOrDefault("PATH", "");

  private static final Map<String, String> TOOLS = Map.of("PATH", PATH);

  @TempDir private Path folder;

  @BeforeEach
  void twoOverlays() throws IOException {
    write(
        "base/web.yaml",
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          type: NodePort
          selector: { app: web }
          ports:
            - port: 80
              nodePort: 80
        """);
    write("base/kustomization.yaml", "resources: [web.yaml]\n");
    write("dev/kustomization.yaml", "namespace: dev\nresources: [../base]\n");
    write("prod/kustomization.yaml", "namespace: prod\nresources: [../base]\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void assumeTools() {
    boolean found =
        Stream.of(PATH.split(File.pathSeparator))
            .map(Path::of)
            .anyMatch(
                bin ->
                    Files.isExecutable(bin.resolve("kubectl"))
                        || Files.isExecutable(bin.resolve("kustomize")));
    assumeTrue(found, "neither kustomize nor kubectl is on the PATH");
  }

  private Run lint(Map<String, String> environment, String... flags) {
    return Run.with(
        environment,
        Stream.concat(Stream.of("lint", folder.toString(), "--select", "KP407"), Stream.of(flags))
            .toArray(String[]::new));
  }

  @Test
  void aFaultOfABaseIsReportedOnceWhereItWasWritten() {
    assumeTools();
    Run run = lint(TOOLS);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsOnlyOnce("error[KP407]")
        .contains(
            folder + "/base/web.yaml:10:17 (Service dev/web, spec.ports[0].nodePort)",
            folder + "/dev/kustomization.yaml:1:1",
            "in the rendering of " + folder + "/dev\n",
            folder + "/prod/kustomization.yaml:1:1",
            "also in the rendering of " + folder + "/prod\n",
            "1 error in 4 files\n");
  }

  @Test
  void fixCountsWhatOnlyARenderingShows() throws IOException {
    assumeTools();
    write(
        "base/web.yaml",
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }
        """);
    write(
        "dev/kustomization.yaml",
        """
        resources: [../base]
        patches:
          - target: { kind: Service }
            patch: '[{ "op": "replace", "path": "/spec/ports/0/nodePort", "value": 81 }]'
        """);
    String[] fix = {"fix", folder.toString(), "--select", "KP407"};
    Run run = Run.with(TOOLS, fix);
    assertThat(run.code()).isEqualTo(lint(TOOLS).code()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "fixed 0 findings in 0 files; 1 finding is left; 1 of them is in what kustomizations"
                + " and charts become, and cannot be fixed here\n");
    Run written = Run.with(Map.of("PATH", PATH, "KUBEPROOF_RENDER", "never"), fix);
    assertThat(written.code()).isZero();
    assertThat(written.err()).contains("fixed 0 findings in 0 files; 0 findings are left\n");
  }

  @Test
  void jsonAndSarifHaveThePlaceAndTheRendering() {
    assumeTools();
    assertThat(lint(TOOLS, "-f", "json").out())
        .contains(
            "\"file\": \"" + folder + "/base/web.yaml\",\n      \"line\": 10",
            "\"unit\": \"" + folder + "/dev/kustomization.yaml\"",
            "\"message\": \"in the rendering of " + folder + "/dev\"");
    assertThat(lint(TOOLS, "-f", "sarif").out())
        .containsOnlyOnce("\"startLine\": 10")
        .contains("also in the rendering of " + folder + "/prod");
  }

  @Test
  void renderingIsTurnedOffByFlagVariableAndConfiguration() throws IOException {
    Run plain = lint(Map.of(), "--render", "never");
    assertThat(plain.code()).isEqualTo(1);
    assertThat(plain.out()).contains("(Service web, spec.ports").doesNotContain("render");
    assertThat(lint(TOOLS, "--render", "never")).isEqualTo(plain);
    assertThat(lint(Map.of("PATH", PATH, "KUBEPROOF_RENDER", "never"))).isEqualTo(plain);
    write(".kubeproof.yaml", "version: 1\ninputs: { render: never }\n");
    assertThat(lint(TOOLS)).isEqualTo(plain);
    assertThat(Run.of("config", "show", folder.toString()).out())
        .containsPattern("inputs\\.render +never +.*\\.kubeproof\\.yaml:2:");
  }

  @Test
  void withoutAProgramThePartsAreReadAndThatIsSaid() {
    Run run = lint(Map.of());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "(Service web, spec.ports",
            "incomplete: "
                + folder
                + "/dev/kustomization.yaml:1:1: not rendered, so its parts are read as they are"
                + " written: neither kustomize nor kubectl is on the PATH");
    assertThat(lint(Map.of(), "--fail-on", "never", "--strict").code()).isEqualTo(4);
    assertThat(lint(Map.of(), "--render", "never", "--fail-on", "never", "--strict").code())
        .isZero();
  }

  @Test
  void anotherWordIsWrongUsage() {
    Run run = lint(Map.of(), "--render", "sometimes");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--render", "sometimes", "auto, never");
  }

  @Test
  void aCommentInTheBaseSilencesAllRenderings() throws IOException {
    assumeTools();
    Path web = folder.resolve("base/web.yaml");
    String text = Files.readString(web);
    Files.writeString(
        web, text.replace("nodePort: 80", "nodePort: 80 # kubeproof:ignore KP407 -- a wide range"));
    Run run = Run.with(TOOLS, "lint", folder.toString(), "--select", "KP407,KP013");
    assertThat(run.out()).isEqualTo("no findings in 4 files (2 suppressed)\n");
    Files.writeString(
        web, text.replace("type: NodePort", "type: NodePort # kubeproof:ignore KP407 -- no"));
    assertThat(Run.with(TOOLS, "lint", folder.toString(), "--select", "KP407,KP013").out())
        .contains("error[KP407]", "[KP013]");
  }

  @Test
  void reachSeesTheNamespaceOfTheRendering() throws IOException {
    assumeTools();
    write(
        "base/web.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: web, labels: { app: web } }
        spec: { containers: [{ name: web, image: nginx }] }
        """);
    Run run = Run.with(TOOLS, "reach", folder.toString());
    assertThat(run.out()).contains("Pod dev/web", "Pod prod/web").doesNotContain("default/web");
    assertThat(Run.with(TOOLS, "reach", "--render", "never", folder.toString()).out())
        .contains("default/web");
  }

  @Test
  void diffRendersFolders() throws IOException {
    assumeTools();
    Run run =
        Run.with(TOOLS, "diff", folder.resolve("dev").toString(), folder.resolve("dev").toString());
    assertThat(run.code()).isEqualTo(3);
    Files.createDirectory(folder.resolve(".git"));
    Run inside =
        Run.with(TOOLS, "diff", folder.resolve("dev").toString(), folder.resolve("dev").toString());
    assertThat(inside.code()).isZero();
  }

  @Test
  void whatLiesBesideAKustomizationIsNotDeployedWithIt() throws IOException {
    assumeTools();
    String service = Files.readString(folder.resolve("base/web.yaml"));
    write("base/web.yaml", service.replace("nodePort: 80", "nodePort: 30080"));
    write(
        "prod/old.yaml",
        service.replace("nodePort: 80", "nodePort: 30080").replace("name: web", "name: old"));
    String[] lint = {"lint", folder.toString(), "--select", "node-port-collision"};
    assertThat(Run.with(TOOLS, lint).code()).isZero();
    write("prod/kustomization.yaml", "namespace: prod\nresources: [../base, old.yaml]\n");
    Run together = Run.with(TOOLS, lint);
    assertThat(together.code()).isEqualTo(1);
    assertThat(together.out()).contains("30080", "prod/old", "prod/web").doesNotContain("dev/web");
  }

  @Test
  void renderingsBeyondTheFirstFiveAreCounted() throws IOException {
    assumeTools();
    for (int i = 1; i <= 5; i++) {
      write("o" + i + "/kustomization.yaml", "namespace: o" + i + "\nresources: [../base]\n");
    }
    assertThat(lint(TOOLS).out())
        .containsOnlyOnce("error[KP407]")
        .contains("also in the rendering of " + folder + "/o4\n", "the same in 2 more renderings\n")
        .doesNotContain("/o5");
  }
}
