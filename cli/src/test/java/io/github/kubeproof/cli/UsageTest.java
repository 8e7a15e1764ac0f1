package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lint --fial-on error      | unknown flag: --fial-on; did you mean --fail-on?
          lint --fial-on=error      | unknown flag: --fial-on; did you mean --fail-on?
          lint --colours            | unknown flag: --colours; did you mean --color?
          lint -z                   | unknown flag: -z
          --fial-on error           | unknown flag: --fial-on; did you mean --fail-on?
          rules extra               | unexpected argument of rules: extra
          lint --jobs               | --jobs needs a value: N
          lint --jobs many          | invalid value for --jobs: many; give a whole number
          lint -j many              | invalid value for --jobs: many; give a whole number
          lint --jobs 0             | --jobs: not a number of threads: 0
          lint --fail-on eror       | invalid value for --fail-on: eror; did you mean error?
          lint --unit x             | invalid value for --unit: x; choose one of auto, dir, file, all
          lint --closed-world=maybe | invalid value for --closed-world: maybe; give true or false
          lint --node-port-range 5  | --node-port-range: not a range of ports, such as 30000-32767: 5
          lint --namespace Shop     | --namespace: not the name of a namespace: Shop
          lint --cluster-domain a b | --cluster-domain: not a domain: a_b
          lint --format prety       | unknown format: prety; did you mean pretty?
          lint --format xml         | unknown format: xml; choose one of pretty, json, sarif, github, markdown
          lint --format json --format sarif | only one format can go to standard output; give the other a file: sarif=FILE
          lint --select KP4077      | unknown rule or group: KP4077; did you mean KP407?
          lint --select KP407 --ignore service | no rule is left to run: selected KP407, ignored service
          lint no-such.yaml         | no such file or folder: no-such.yaml
          no-such.yaml              | no such file or folder: no-such.yaml
          lnit                      | no such file or command: lnit; did you mean lint?
          --quiet rules             | the command comes first: kubeproof rules
          explain                   | explain needs RULE; see kubeproof help explain
          explain KP4077            | unknown rule: KP4077; did you mean KP407?
          rules --format xml        | invalid value for --format: xml; choose one of table, json
          """)
  void aWrongCommandLineGetsOneClearLine(String line, String message) {
    String[] args = line.replace("a b", "a_b").split(" ", -1);
    assertThat(Run.of(args)).isEqualTo(new Run(2, "", "kubeproof: " + message + "\n"));
  }

  @Test
  void aWrongVariableIsNamedAsTheVariable() {
    assertThat(Run.with(Map.of("KUBEPROOF_UNIT", "folder"), "lint"))
        .isEqualTo(
            new Run(
                2,
                "",
                "kubeproof: invalid value for KUBEPROOF_UNIT: folder; "
                    + "choose one of auto, dir, file, all\n"));
    assertThat(Run.with(Map.of("KUBEPROOF_NODE_PORT_RANGE", "x"), "lint").err())
        .isEqualTo(
            "kubeproof: KUBEPROOF_NODE_PORT_RANGE: not a range of ports, such as 30000-32767: x\n");
    assertThat(Run.with(Map.of("KUBEPROOF_JOBS", "x"), "lint").err())
        .isEqualTo("kubeproof: invalid value for KUBEPROOF_JOBS: x; give a whole number\n");
  }

  @Test
  void argumentsAreTakenLiterally() {
    assertThat(Run.of("lint", "--namespace", "${sys:user.home}").err())
        .isEqualTo("kubeproof: --namespace: not the name of a namespace: ${sys:user.home}\n");
    assertThat(Run.of("lint", "@arguments").err())
        .isEqualTo("kubeproof: no such file or folder: @arguments\n");
    assertThat(Run.of("lint", "--", "--fail-on").err())
        .isEqualTo("kubeproof: no such file or folder: --fail-on\n");
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    assertThat(Run.of("lint", "a\u001b[31m\n::error::b").err())
        .isEqualTo("kubeproof: no such file or folder: a\\u001b[31m\\u000a::error::b\n");
  }

  @Test
  void helpGoesToStandardOutput() {
    Run run = Run.of("--help");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("Usage: kubeproof ").contains("explain", "--version");
    assertThat(Run.of("help")).isEqualTo(run);
    assertThat(Run.of("lint", "-h")).isEqualTo(Run.of("help", "lint"));
  }

  @Test
  void helpOfLintNamesEveryFlagAndExitCode() {
    assertThat(Run.of("help", "lint").out())
        .contains(
            "--format",
            "--fail-on",
            "--strict",
            "--select",
            "--ignore",
            "--exclude",
            "--closed-world",
            "--unit",
            "--namespace",
            "--node-port-range",
            "--cluster-domain",
            "--no-suppressions",
            "--jobs",
            "--color",
            "--quiet",
            "--stats")
        .contains("0 clean", "1 findings", "2 wrong", "3 no manifest", "4 incomplete", "70 a bug")
        .doesNotContain("${");
  }
}
