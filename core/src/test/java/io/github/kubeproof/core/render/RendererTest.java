package io.github.kubeproof.core.render;

import static io.github.kubeproof.core.render.Repository.rendered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept from a renderer, with programs that stand in for it. */
class RendererTest {

  private static final String UNRENDERED =
      "k/kustomization.yaml:1: not rendered, so its parts are read as they are written: ";

  @TempDir private Path folder;

  private Repository repository = new Repository(Path.of(""));

  @BeforeEach
  void aKustomization() throws IOException {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "the stand-ins are shell scripts");
    repository = new Repository(folder);
    repository.write("k/kustomization.yaml", "resources: [a.yaml]\n");
    repository.write("k/a.yaml", "apiVersion: v1\nkind: Service\nmetadata: { name: a }\n");
  }

  @Test
  void noneOfOurVariablesReachesTheProgram() throws IOException {
    String path =
        repository.program(
            "kubectl",
            """
            printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: { name: seen }\\ndata:\\n'
            env | sed "s/^\\([A-Za-z_]*\\)=\\(.*\\)$/  \\1: '\\2'/"
            """);
    Loaded loaded = repository.rendered(path);
    Node data = rendered(loaded, "ConfigMap", "seen").find(NodePath.ROOT.key("data")).orElseThrow();
    Set<String> names =
        data.asMapping().orElseThrow().entries().stream()
            .map(Node.Entry::key)
            .collect(Collectors.toSet());
    assertThat(names)
        .contains("PATH", "HOME", "HTTPS_PROXY", "GIT_ALLOW_PROTOCOL")
        .isSubsetOf(
            Set.of(
                "PATH",
                "LANG",
                "GOGC",
                "GOMEMLIMIT",
                "HOME",
                "USERPROFILE",
                "TMPDIR",
                "TMP",
                "TEMP",
                "XDG_CACHE_HOME",
                "XDG_CONFIG_HOME",
                "XDG_DATA_HOME",
                "HELM_CACHE_HOME",
                "HELM_CONFIG_HOME",
                "HELM_DATA_HOME",
                "HELM_PLUGINS",
                "KUBECONFIG",
                "HTTP_PROXY",
                "HTTPS_PROXY",
                "ALL_PROXY",
                "http_proxy",
                "https_proxy",
                "all_proxy",
                "GIT_ALLOW_PROTOCOL",
                "GIT_TERMINAL_PROMPT",
                "PWD",
                "SHLVL",
                "OLDPWD",
                "_"));
    Node.Mapping values = data.asMapping().orElseThrow();
    assertThat(values.string("HOME").orElseThrow()).isNotEqualTo(System.getProperty("user.home"));
    assertThat(Path.of(values.string("HOME").orElseThrow())).doesNotExist(); // any more
    assertThat(values.string("PATH")).contains(path);
  }

  @Test
  void aSlowProgramIsStoppedWithItsChildren() throws IOException {
    String path = repository.program("kubectl", "sleep 4711.25 & sleep 4711.25");
    Loaded loaded = repository.rendered(path, Duration.ofSeconds(1), Inputs.DEFAULT, "");
    assertThat(repository.unrendered(loaded))
        .containsExactly(UNRENDERED + "kubectl kustomize was stopped after 1 s");
    assertThat(
            ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains("4711.25")))
        .isEmpty();
  }

  @Test
  void aChildThatHoldsTheOutputDoesNotHoldUs() throws IOException {
    String path = repository.program("kubectl", "sleep 300 &\nexit 0");
    Loaded loaded =
        assertTimeoutPreemptively(
            Duration.ofSeconds(120),
            () -> repository.rendered(path, Duration.ofSeconds(1), Inputs.DEFAULT, ""));
    // the JVM may see the end of the program before it waits for the output, and asks no further
    assertThat(repository.unrendered(loaded))
        .isSubsetOf(UNRENDERED + "kubectl kustomize was stopped after 1 s");
  }

  @Test
  void anEndlessOutputIsCut() throws IOException {
    String path = repository.program("kubectl", "exec yes");
    Inputs inputs = new Inputs(new Limits(1 << 20, 1000, 0, 10), name -> false, 1);
    assertThat(repository.unrendered(repository.rendered(path, Duration.ofSeconds(60), inputs, "")))
        .containsExactly(UNRENDERED + "kubectl kustomize prints more than 1 MiB");
  }

  @Test
  void endlessComplaintsDoNoHarm() throws IOException {
    String path = repository.program("kubectl", "yes | head -c 3000000 >&2\nexit 3");
    List<String> unrendered = repository.unrendered(repository.rendered(path));
    assertThat(unrendered).hasSize(1);
    assertThat(unrendered.get(0)).contains("kubectl kustomize says: y y y").hasSizeLessThan(1000);
  }

  @Test
  void standardInputIsEmpty() throws IOException {
    String path = repository.program("kubectl", "cat >&2\necho read to the end >&2\nexit 1");
    assertThat(repository.unrendered(repository.rendered(path)))
        .containsExactly(UNRENDERED + "kubectl kustomize says: read to the end");
  }

  @Test
  void kustomizeComesBeforeKubectl() throws IOException {
    repository.program("kubectl", "exit 1");
    String path = repository.program("kustomize", "echo \"$1 was asked\" >&2\nexit 1");
    assertThat(repository.unrendered(repository.rendered(path)))
        .containsExactly(UNRENDERED + "kustomize build says: build was asked");
  }

  @Test
  void aProgramIsNotTakenFromWhereTheInputMayLie() throws IOException {
    repository.program("kubectl", "exit 0");
    Path here = Path.of("").toAbsolutePath();
    String relative = here.relativize(folder.resolve("bin")).toString();
    assertThat(repository.unrendered(repository.rendered(relative + "::.")))
        .containsExactly(UNRENDERED + "neither kustomize nor kubectl is on the PATH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/x.yaml",
        "https://github.com/example/repo//deploy?ref=v1",
        "github.com/example/repo/deploy",
        "git::ssh://example.com/repo",
        "git@github.com:example/repo",
        "org-1@github.com:example/repo",
        "gh:example/repo",
        "example.com:2222/repo",
        "https://dev.azure.com/org/project/_git/repo",
      })
  void whatLiesElsewhereIsNotFetched(String remote) throws IOException {
    repository.write("base/kustomization.yaml", "resources:\n  - '" + remote + "'\n");
    repository.write("k/kustomization.yaml", "resources: [a.yaml, ../base]\n");
    String path = repository.program("kubectl", "touch '" + folder + "/ran'");
    assertThat(repository.unrendered(repository.rendered(path)))
        .containsExactly(
            "base/kustomization.yaml:2: not rendered, so its parts are read as they are written:"
                + " it takes in "
                + remote
                + ", which is fetched from elsewhere");
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "components: ['https://example.com/c']",
        "bases: ['github.com/example/repo']",
        "crds: ['https://example.com/crd.yaml']",
        "openapi: { path: 'https://example.com/schema.json' }",
        "patches: [{ path: 'https://example.com/p.yaml' }]",
        "replacements: [{ path: 'https://example.com/r.yaml' }]",
        "configMapGenerator: [{ name: c, files: ['a=https://example.com/a'] }]",
        "secretGenerator: [{ name: c, envs: ['https://example.com/a'] }]",
        "configMapGenerator: [{ name: c, env: 'https://example.com/a' }]",
        "generators: ['https://example.com/g.yaml']",
        "transformers: [plugin.yaml]",
        "helmCharts: [{ name: c, repo: 'https://example.com' }]",
      })
  void noKeyLeadsIntoTheNetwork(String key) throws IOException {
    repository.write("k/kustomization.yaml", key + "\n");
    repository.write(
        "k/plugin.yaml",
        """
        apiVersion: builtin
        kind: PatchTransformer
        metadata: { name: p }
        path: https://example.com/p.yaml
        """);
    String path = repository.program("kubectl", "touch '" + folder + "/ran'");
    assertThat(repository.unrendered(repository.rendered(path))).hasSize(1);
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @Test
  void whatIsMissingIsSaidAtItsLine() throws IOException {
    repository.write("k/kustomization.yaml", "resources:\n  - a.yaml\n  - b.yaml\n");
    String path = repository.program("kubectl", "exit 1");
    assertThat(repository.unrendered(repository.rendered(path)))
        .containsExactly(
            "k/kustomization.yaml:3: not rendered, so its parts are read as they are written:"
                + " it takes in b.yaml, which is not there");
  }

  @Test
  void aKustomizationOfFluxIsNoneOfKustomize() throws IOException {
    repository.write(
        "k/kustomization.yaml",
        """
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: { name: k }
        """);
    Loaded loaded = repository.rendered(repository.program("kubectl", "exit 1"));
    assertThat(repository.unrendered(loaded)).isEmpty();
    assertThat(loaded.documents()).allMatch(document -> document.renderedBy().isEmpty());
  }

  @Test
  void nothingIsLeftBehind() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    repository.rendered(
        repository.program("kubectl", "mkdir -p \"$HOME/a/b\"; touch \"$HOME/a/b/c\""));
    try (var left = Files.list(temporary)) {
      assertThat(left.filter(path -> Files.isDirectory(path.resolve("a/b")))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../other.yaml", "/dev/zero", "pipe.yaml", "link.yaml"})
  void noFileOutsideOfTheFolderAndNoSpecialOneIsRead(String file) throws Exception {
    repository.write("other.yaml", "a: b");
    repository.write("k/kustomization.yaml", "resources: ['" + file + "']\n");
    Files.createSymbolicLink(folder.resolve("k/link.yaml"), folder.resolve("other.yaml"));
    Process made = new ProcessBuilder("mkfifo", folder.resolve("k/pipe.yaml").toString()).start();
    assertThat(made.waitFor()).isZero();
    assertThat(repository.unrendered(repository.rendered(repository.program("kubectl", "exit 1"))))
        .containsExactly(UNRENDERED + "it takes in " + file + ", which is no file in its folder");
  }

  @Test
  void whatAnObjectSaysOfItsOriginIsNotBelieved() throws IOException {
    repository.write("other.yaml", "apiVersion: v1\nkind: Service\nmetadata: { name: a }\n");
    String path =
        repository.program(
            "kubectl",
            """
            cat <<'END'
            apiVersion: v1
            kind: Service
            metadata:
              name: a
              annotations:
                config.kubernetes.io/origin: |
                  path: %s/other.yaml
            END
            """
                .formatted(folder));
    assertThat(rendered(repository.rendered(path), "Service", "a").source().name())
        .endsWith("k/kustomization.yaml");
  }
}
