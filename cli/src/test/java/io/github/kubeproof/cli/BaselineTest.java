package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTest {

  @TempDir private Path folder;

  @Test
  void onlyWhatIsNewFailsTheRun() throws IOException {
    String bad = Manifests.bad(folder).toString();
    String file = folder.resolve("baseline.yaml").toString();

    assertThat(lint(bad, file))
        .isEqualTo(
            new Run(
                2, "", "kubeproof: no such baseline: " + file + "; --update-baseline writes it\n"));
    Run first = lint(bad, file, "--update-baseline");
    assertThat(first.err()).isEqualTo("kubeproof: baseline: 0 new, 1 unchanged, 0 resolved\n");
    assertThat(first.out()).isEqualTo("no findings in 1 file (1 in the baseline)\n");
    assertThat(first.code()).isZero();
    Files.writeString(
        Path.of(bad), Manifests.BAD + "---\n" + Manifests.BAD.replace("name: web", "name: new"));
    Run second = lint(bad, file);
    assertThat(second.code()).isEqualTo(1);
    assertThat(second.out()).contains("bad.yaml:19:").doesNotContain("bad.yaml:9:");
    assertThat(second.err()).isEqualTo("kubeproof: baseline: 1 new, 1 unchanged, 0 resolved\n");
    Manifests.good(folder);
    Files.delete(Path.of(bad));
    Run third = lint(folder.resolve("good.yaml").toString(), file, "--update-baseline");
    assertThat(third.err())
        .isEqualTo(
            """
            kubeproof: resolved: KP407 Service web spec/ports[port=80]/nodePort (bad.yaml)
            kubeproof: baseline: 0 new, 0 unchanged, 1 resolved
            """);
    assertThat(Path.of(file)).content().endsWith("findings:\n");
  }

  @Test
  void scriptsAreToldToo() throws IOException {
    String bad = Manifests.bad(folder).toString();
    String file = folder.resolve("baseline.yaml").toString();
    lint(bad, file, "--update-baseline");

    assertThat(lint(bad, file, "--format", "json").out())
        .contains("\"by\": \"baseline\"", "\"unchanged\": 1", "\"resolved\": [");
    Run quiet = lint(bad, file, "--format", "sarif", "--quiet");
    assertThat(quiet.out()).contains("\"baselineState\": \"unchanged\"");
    assertThat(quiet.err()).isEmpty();
    assertThat(Run.of("lint", bad, "--update-baseline").err())
        .isEqualTo("kubeproof: --update-baseline needs --baseline FILE\n");
  }

  private static Run lint(String input, String baseline, String... flags) {
    return Run.of(
        Stream.concat(
                Stream.of("lint", input, "--select", "KP407", "--baseline", baseline),
                Stream.of(flags))
            .toArray(String[]::new));
  }
}
