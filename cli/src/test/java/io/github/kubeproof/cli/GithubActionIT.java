package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.cli.Action.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "these tests start the POSIX launcher")
class GithubActionIT {

  @TempDir private Path folder;

  @Test
  void findingsBecomeAnnotationsOutputsAndASummaryBeforeTheActionFails() throws Exception {
    Action action = action();
    Manifests.bad(action.workspace());
    Outcome outcome = action.input("select", "KP407").run();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log()).contains("::error file=bad.yaml,line=9,").contains("KP407");
    Path sarif = folder.resolve("temp/kubeproof.sarif");
    assertThat(sarif).content().contains("\"KP407\"");
    assertThat(outcome.outputs())
        .isEqualTo(
            Map.of(
                "sarif", sarif.toString(),
                "errors", "1",
                "warnings", "0",
                "infos", "0",
                "exit-code", "1"));
    assertThat(outcome.summary())
        .startsWith("### Kubeproof: 1 error, 0 warnings, 0 infos\n")
        .contains("| error | KP407 | bad.yaml:9 |");
  }

  @Test
  void aCleanCheckoutPasses() throws Exception {
    Action action = action();
    Manifests.good(action.workspace());
    Outcome outcome = action.run();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.outputs()).containsEntry("errors", "0").containsEntry("exit-code", "0");
    assertThat(outcome.summary()).isEqualTo("### Kubeproof: 0 errors, 0 warnings, 0 infos\n");
    assertThat(outcome.log()).doesNotContain("::error", "::warning");
  }

  @Test
  void theThresholdAndTheFilesAreInputs() throws Exception {
    Action action = action();
    Manifests.bad(action.workspace());
    Manifests.good(action.workspace());
    assertThat(action.input("fail-on", "never").input("sarif-file", "out.sarif").run())
        .satisfies(outcome -> assertThat(outcome.code()).isZero())
        .satisfies(outcome -> assertThat(outcome.outputs()).containsEntry("sarif", "out.sarif"));
    assertThat(action.workspace().resolve("out.sarif")).content().contains("\"KP407\"");
    assertThat(action.input("fail-on", "error").input("paths", "good.yaml\n").run().code())
        .isZero();
    assertThat(action.input("paths", "good.yaml\nbad.yaml").run().code()).isEqualTo(1);
    assertThat(action.input("args", "--fail-on=never\n--stats").run())
        .satisfies(outcome -> assertThat(outcome.code()).isZero())
        .satisfies(outcome -> assertThat(outcome.log()).contains("; wall "));
  }

  @Test
  void whatIsRenderedIsAnInput() throws Exception {
    Action action = action();
    Manifests.good(action.workspace());
    Files.writeString(
        action.workspace().resolve("kustomization.yaml"), "resources: [good.yaml, missing.yaml]\n");
    assertThat(action.run().log()).contains("kustomization.yaml", "not rendered, so its parts");
    assertThat(action.input("render", "never").run())
        .satisfies(outcome -> assertThat(outcome.code()).isZero())
        .satisfies(outcome -> assertThat(outcome.log()).doesNotContain("rendered"));
  }

  @Test
  void noManifestFailsTheAction() throws Exception {
    Outcome outcome = action().run();
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.outputs()).containsEntry("exit-code", "3").containsEntry("errors", "0");
    assertThat(outcome.log()).contains("kubeproof: no manifest found in .");
  }

  @Test
  void inputsAreTakenLiterally() throws Exception {
    List<String> inputs =
        List.of(
            "paths", "fail-on", "select", "ignore", "closed-world", "unit", "render", "sarif-file");
    for (String input : inputs) {
      String hostile = "x\";touch 'pwned'; $(touch pwned) `touch pwned` && touch pwned #";
      Action action = action();
      Manifests.good(action.workspace());
      Outcome outcome = action.input(input, hostile).run();
      // the name of a file may be anything
      assertThat(outcome.code()).as(input).isEqualTo(input.equals("sarif-file") ? 0 : 2);
      assertThat(action.workspace().resolve("pwned")).as(input).doesNotExist();
    }
    Outcome outcome = action().input("select", "no\nexit-code=0\n::error::no").run();
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.outputs()).containsEntry("exit-code", "2");
    assertThat(outcome.summary()).startsWith("### Kubeproof did not run: exit code 2");
    assertThat(outcome.log().lines()).noneMatch(line -> line.startsWith("::error::no"));
  }

  @Test
  void aPathIsNeverAFlag() throws Exception {
    Outcome outcome = action().input("paths", "--fail-on=never").run();
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.log()).contains("kubeproof: no such file or folder: --fail-on=never");
  }

  @Test
  void namesOfFilesAreTakenLiterally() throws Exception {
    Action action = action();
    Path hostile = Files.createDirectory(action.workspace().resolve("$(touch pwned) 'a\" ,::b"));
    Manifests.bad(hostile);
    Outcome outcome = action.input("select", "KP407").run();
    assertThat(outcome.outputs()).containsEntry("errors", "1");
    assertThat(outcome.log())
        .contains("::error file=$(touch pwned) 'a\" %2C%3A%3Ab/bad.yaml,line=9,");
    assertThat(action.workspace().resolve("pwned")).doesNotExist();
  }

  @Test
  void aReleaseIsDownloadedAndItsChecksumCompared() throws Exception {
    Path release = Files.createDirectories(folder.resolve("owner/action/releases/download/v9.9.9"));
    Path archive = release.resolve("kubeproof-9.9.9-linux-x64.tar.gz");
    Run packed =
        new Shell(folder)
            .run(
                "tar",
                "-C",
                String.valueOf(Shell.HOME.getParent()),
                "--exclude",
                "natives",
                "--exclude",
                "*.jsa",
                "-czf",
                archive.toString(),
                "kubeproof");
    assertThat(packed).isEqualTo(new Run(0, "", ""));
    String sum = new Shell(folder).run("sha256sum", archive.toString()).out().substring(0, 64);
    Action action = new Action(folder).input("version", "9.9.9").input("select", "KP407");
    Manifests.bad(action.workspace());

    Outcome unknown = action.run();
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.log()).contains("no checksum is known for kubeproof-9.9.9-linux-x64.tar.gz");

    Outcome forged = action.input("sha256", sum.replace(sum.charAt(0), 'z')).run();
    assertThat(forged.code()).isEqualTo(2);

    Outcome damaged = action.input("sha256", "0".repeat(64)).run();
    assertThat(damaged.code()).isEqualTo(2);
    assertThat(damaged.log())
        .contains("the checksum of kubeproof-9.9.9-linux-x64.tar.gz is " + sum + ", not 000");
    assertThat(folder.resolve("temp/kubeproof-9.9.9/kubeproof")).doesNotExist();

    Outcome good = action.input("sha256", sum).run();
    assertThat(good.code()).isEqualTo(1);
    assertThat(good.outputs()).containsEntry("errors", "1");
  }

  @Test
  void noScriptContainsAnExpression() throws IOException {
    Map<String, Object> runs = Action.asMap(Action.definition().get("runs"));
    for (Object step : (List<?>) runs.get("steps")) {
      assertThat((String) Action.asMap(step).get("run")).doesNotContain("${{");
    }
    Path workflow = Action.FOLDER.resolveSibling(".github/workflows/ci.yml");
    assertThat(Files.readString(workflow).lines().filter(line -> line.contains("run:")))
        .isNotEmpty()
        .noneMatch(line -> line.contains("${{"));
  }

  private Action action() throws IOException {
    return new Action(folder).input("kubeproof-home", Shell.HOME.toString());
  }
}
