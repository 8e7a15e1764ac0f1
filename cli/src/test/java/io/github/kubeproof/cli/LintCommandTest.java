package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintCommandTest {

  @TempDir private Path folder;

  @Test
  void aFindingIsShownWithItsPlaceAndFailsTheRun() throws IOException {
    Path bad = Manifests.bad(folder);
    Run run = Run.of("lint", bad.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("error[KP407]", bad + ":9:");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void lintIsTheDefaultCommand() throws IOException {
    Path bad = Manifests.bad(folder);
    assertThat(Run.of(bad.toString())).isEqualTo(Run.of("lint", bad.toString()));
    assertThat(Run.of("--fail-on", "never", bad.toString()).code()).isZero();
  }

  @Test
  void aCleanRunEndsWithZero() throws IOException {
    Manifests.good(folder);
    Run run = Run.of("lint", folder.toString());
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aFolderWithoutManifestsIsSaid() {
    Run run = Run.of("lint", folder.toString());
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).isEqualTo("kubeproof: no manifest found in " + folder + "\n");
  }

  @Test
  void standardInputIsLinted() {
    Run run = Run.of(Manifests.BAD, Map.of(), "lint", "-");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("<stdin>:9:");
  }

  private static final String GUARDED =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: web, ports: [{ containerPort: 8080 }] }] }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: web, namespace: shop }
      spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: deny, namespace: shop }
      spec: { podSelector: { matchLabels: { app: web } } }
      """;

  private static final String OPENING =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: allow, namespace: shop }
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }
      """;

  @Test
  void filesThatAreNamedAreJudgedTogether() throws IOException {
    String web = Files.writeString(folder.resolve("web.yaml"), GUARDED).toString();
    String allow = Files.writeString(folder.resolve("allow.yaml"), OPENING).toString();
    Map<String, String> strictly = Map.of("KUBEPROOF_SELECT", "KP101", "KUBEPROOF_FAIL_ON", "info");
    assertThat(Run.with(strictly, "lint", web).code()).isEqualTo(1);
    assertThat(Run.with(strictly, "lint", web, allow).code()).isZero();
    assertThat(Run.with(strictly, "lint", allow, web).code()).isZero();
    assertThat(Run.of(OPENING, strictly, "lint", web, "-").code()).isZero();
  }

  @Test
  void foldersThatAreNamedAreJudgedApartUnlessTheyAreOneUnit() throws IOException {
    Path web = Files.createDirectory(folder.resolve("web"));
    Path allow = Files.createDirectory(folder.resolve("allow"));
    Files.writeString(web.resolve("web.yaml"), GUARDED);
    Files.writeString(allow.resolve("allow.yaml"), OPENING);
    String[] both = {
      "lint", "--select", "KP101", "--fail-on", "info", web.toString(), allow.toString()
    };
    assertThat(Run.of(both).code()).isEqualTo(1);
    assertThat(Run.with(Map.of("KUBEPROOF_UNIT", "all"), both).code()).isZero();
    Files.writeString(
        folder.resolve(".kubeproof.yaml"),
        "version: 1\ninputs: { units: [{ name: shop, paths: [web, allow] }] }\n");
    assertThat(Run.of(both).code()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"error,1", "warning,1", "info,1", "never,0"})
  void anErrorFailsFromEverySeverityOn(String failOn, int code) throws IOException {
    Path bad = Manifests.bad(folder);
    assertThat(Run.of("lint", bad.toString(), "--fail-on", failOn).code()).isEqualTo(code);
  }

  @Test
  void rulesAreSelectedAndIgnored() throws IOException {
    Path bad = Manifests.bad(folder);
    assertThat(Run.of("lint", bad.toString(), "--select", "KP407").code()).isEqualTo(1);
    assertThat(Run.of("lint", bad.toString(), "--select", "dns,KP407").code()).isEqualTo(1);
    assertThat(Run.of("lint", bad.toString(), "--select", "dns").code()).isZero();
    assertThat(Run.of("lint", bad.toString(), "--ignore", "KP4").code()).isZero();
  }

  @Test
  void theClusterIsDescribedByFlags() throws IOException {
    Path bad = Manifests.bad(folder);
    assertThat(
            Run.of("lint", bad.toString(), "--select", "KP407", "--node-port-range", "80-90")
                .code())
        .isZero();
  }

  @Test
  void filesAreExcludedByGlob() throws IOException {
    Manifests.bad(folder);
    Manifests.good(folder);
    assertThat(Run.of("lint", folder.toString(), "--exclude", "**/bad.{yaml,yml}").code()).isZero();
  }

  @Test
  void variablesStandInForFlagsAndFlagsWin() throws IOException {
    String bad = Manifests.bad(folder).toString();
    Map<String, String> environment = Map.of("KUBEPROOF_FAIL_ON", "never");
    assertThat(Run.with(environment, "lint", bad).code()).isZero();
    assertThat(Run.with(environment, "lint", bad, "--fail-on", "error").code()).isEqualTo(1);
    assertThat(Run.with(Map.of("KUBEPROOF_SELECT", "dns,KP008"), "lint", bad).code()).isZero();
    assertThat(Run.with(Map.of("KUBEPROOF_STRICT", "1"), "lint", bad).code()).isEqualTo(1);
    assertThat(Run.with(Map.of("KUBEPROOF_FAIL_ON", ""), "lint", bad).code()).isEqualTo(1);
  }

  @Test
  void aMisspeltVariableIsNotIgnoredInSilence() throws IOException {
    String good = Manifests.good(folder).toString();
    Map<String, String> environment =
        Map.of("KUBEPROOF_FAILON", "never", "KUBEPROOF_JAVA_OPTS", "-Xmx1g");
    String warning =
        "kubeproof: unknown variable KUBEPROOF_FAILON is ignored;"
            + " did you mean KUBEPROOF_FAIL_ON?\n";
    assertThat(Run.with(environment, "lint", good).err()).isEqualTo(warning);
    assertThat(Run.with(environment, "lint", good, "--quiet").err()).isEmpty();
  }

  @Test
  void theLastOfARepeatedFlagWins() throws IOException {
    Path bad = Manifests.bad(folder);
    assertThat(Run.of("lint", bad.toString(), "--fail-on", "error", "--fail-on", "never"))
        .satisfies(run -> assertThat(run.code()).isZero())
        .satisfies(run -> assertThat(run.err()).isEmpty());
  }

  @Test
  void severalFormatsAreWrittenAtOnce() throws IOException {
    Path bad = Manifests.bad(folder);
    Path sarif = folder.resolve("out.sarif");
    Path markdown = folder.resolve("out.md");
    Run run =
        Run.of(
            "lint",
            bad.toString(),
            "--format",
            "github",
            "--format",
            "sarif=" + sarif,
            "-f",
            "markdown=" + markdown);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("::error file=");
    assertThat(run.err()).isEmpty();
    assertThat(sarif).content().contains("KP407");
    assertThat(markdown).content().startsWith("### Kubeproof: 1 error, ");
  }

  @Test
  void withFilesOnlyTheCountsAreSaid() throws IOException {
    Path bad = Manifests.bad(folder);
    String file = "json=" + folder.resolve("out.json");
    Run run = Run.of("lint", bad.toString(), "--select", "KP407", "--format", file);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo("kubeproof: 1 error, 0 warnings, 0 infos in 1 object of 1 file\n");
    assertThat(Run.of("lint", bad.toString(), "--format", file, "--quiet").err()).isEmpty();
  }

  @Test
  void outputIsRefusedBeforeAnyWork() throws IOException {
    Path bad = Manifests.bad(folder);
    Path lost = folder.resolve("no/out.json");
    assertThat(Run.of("lint", bad.toString(), "--format", "json=" + lost))
        .isEqualTo(
            new Run(
                2,
                "",
                "kubeproof: no such folder: " + lost.getParent() + ", to write " + lost + "\n"));
    assertThat(Run.of("lint", bad.toString(), "--format", "json=" + folder).err())
        .isEqualTo("kubeproof: cannot write to a folder: " + folder + "\n");
    assertThat(Run.of("lint", bad.toString(), "-f", "json=a", "-f", "sarif=./a").err())
        .isEqualTo("kubeproof: two formats cannot go to one file: ./a\n");
  }

  @Test
  void anOutputFileIsReplacedAsAWhole() throws IOException {
    Path bad = Manifests.bad(folder);
    Path outputs = Files.createDirectory(folder.resolve("outputs"));
    Path file = Files.writeString(outputs.resolve("out.json"), "x".repeat(100_000));
    Path link = Files.createSymbolicLink(outputs.resolve("link.json"), file);
    assertThat(Run.of("lint", bad.toString(), "--format", "json=" + link).code()).isEqualTo(1);
    assertThat(file).content().contains("KP407").doesNotContain("xxx");
    assertThat(link).isSymbolicLink();
    try (Stream<Path> files = Files.list(outputs)) {
      assertThat(files).containsExactlyInAnyOrder(file, link);
    }
  }

  @Test
  void anOutputFileHasTheUsualPermissions() throws IOException {
    Path bad = Manifests.bad(folder);
    Path usual = Files.writeString(folder.resolve("usual"), "");
    assumeThat(usual.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path file = folder.resolve("out.json");
    assertThat(Run.of("lint", bad.toString(), "--format", "json=" + file).code()).isEqualTo(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(usual)));
  }

  @Test
  void anEmptyRunStillWritesItsOutputs() {
    Path file = folder.resolve("out.sarif");
    Run run = Run.of("lint", folder.toString(), "--format", "sarif=" + file);
    assertThat(run.code()).isEqualTo(3);
    assertThat(file).content().contains("2.1.0");
  }

  @Test
  void statsSayWhatTheRunTook() throws IOException {
    Path bad = Manifests.bad(folder);
    assertThat(Run.of("lint", bad.toString(), "--select", "KP407", "--stats").err())
        .matches(
            "kubeproof:    wall ms    CPU ms  rule\n"
                + "kubeproof:  *\\d+\\.\\d +\\d+\\.\\d  KP407\n"
                + "kubeproof: 1 file, 1 object, 1 rule, 1 finding; "
                + "wall \\d+\\.\\d\\d s, CPU \\d+\\.\\d\\d s, heap \\d+ MiB\\n");
  }

  @Test
  void statsNameTheDearestRulesAndSumUpTheRest() throws IOException {
    Path bad = Manifests.bad(folder);
    assertThat(Run.of("lint", bad.toString(), "--select", "KP4", "--stats").err().lines())
        .filteredOn(line -> line.matches("kubeproof:  *\\d+\\.\\d +\\d+\\.\\d  .*"))
        .hasSize(16)
        .last()
        .asString()
        .endsWith(" other rules");
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws IOException {
    Manifests.bad(folder);
    Manifests.good(folder);
    List<Run> runs =
        Stream.of("1", "4").map(jobs -> Run.of("lint", folder.toString(), "-j", jobs)).toList();
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
  }
}
