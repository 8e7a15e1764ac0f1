package io.github.kubeproof.core.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Baseline.Comparison;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.source.UserError;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 6, 15);

  /** Finds the ports above 9000. */
  private record HighPorts(RuleInfo info) implements Rule {
    @Override
    public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
      for (Service service : cluster.services()) {
        for (V1ServicePort port : service.ports()) {
          if (Objects.requireNonNull(port.getPort()) > 9000) {
            findings.report(service, cluster.at(port, "port"), "high port");
          }
        }
      }
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new HighPorts(
              RuleInfo.of("KP499", "high-port", Severity.WARNING, Confidence.PROVED, "high")),
          new UnusedSuppression());

  @TempDir private Path folder;

  private void write(String file, String service, String... ports) throws IOException {
    StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Service\nmetadata: { name: ");
    text.append(service).append(", namespace: shop }\nspec:\n  ports:\n");
    for (String port : ports) {
      text.append("    - { name: ").append(port.replace(":", ", port: ")).append(" }\n");
    }
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), text.toString());
  }

  private Path file() {
    return folder.resolve("baseline.yaml");
  }

  private Comparison compare(String... arguments) {
    List<String> inputs =
        arguments.length == 0
            ? List.of(folder.toString())
            : Stream.of(arguments).map(a -> folder.resolve(a).toString()).toList();
    Linter.Options options =
        new Linter.Options(
            Settings.DEFAULT,
            List.of(),
            List.of("**/baseline.yaml"),
            1,
            true,
            TODAY,
            RULES.stream().map(Rule::info).toList(),
            RuleChoices.NONE,
            Baseline.read(file(), true),
            Questions.UNWRITTEN);
    Report report = Linter.lint(inputs, InputStream.nullInputStream(), RULES, options);
    Comparison comparison = Objects.requireNonNull(report.comparison());
    assertThat(report.findings()).isEqualTo(comparison.added());
    return comparison;
  }

  private Comparison update(String... arguments) {
    Comparison comparison = compare(arguments);
    try {
      Files.writeString(file(), comparison.updated());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return comparison;
  }

  @Test
  void theFirstUpdateHoldsEverything() throws IOException {
    write("a/web.yaml", "web", "x:9001", "y:9002", "z:80");

    assertThat(update()).hasToString("0 new, 2 unchanged, 0 resolved");
    assertThat(file())
        .content()
        .matches(
            "(?s)# .*\\nversion: 1\\nfindings:\\n"
                + "  - \\{ rule: 'KP499', file: 'a/web.yaml', unit: 'a', resource: 'Service"
                + " shop/web', path: 'spec/ports\\[name=x]/port', key: '[0-9a-f]{16}', count: 1 }"
                + "\\n  - \\{.*\\n");
    assertThat(compare()).hasToString("0 new, 2 unchanged, 0 resolved");
  }

  @Test
  void newAndResolvedFindingsAreToldApart() throws IOException {
    write("a/web.yaml", "web", "x:9001", "y:9002");
    update();
    write("a/web.yaml", "web", "w:80", "y:9003", "v:9004");

    Comparison comparison = update();
    assertThat(comparison).hasToString("1 new, 1 unchanged, 1 resolved");
    assertThat(comparison.resolved())
        .containsExactly("KP499 Service shop/web spec/ports[name=x]/port (a/web.yaml)");
    // what is new is not taken in
    assertThat(compare()).hasToString("1 new, 1 unchanged, 0 resolved");
  }

  @Test
  void aMovedFileKeepsItsFindings() throws IOException {
    write("a/web.yaml", "web", "x:9001");
    update();
    Files.createDirectory(folder.resolve("b"));
    Files.move(folder.resolve("a/web.yaml"), folder.resolve("b/shop.yaml"));

    assertThat(update()).hasToString("0 new, 1 unchanged, 0 resolved");
    assertThat(file()).content().contains("'b/shop.yaml'").doesNotContain("'a/web.yaml'");
  }

  @Test
  void aCopyIsNew() throws IOException {
    write("a/web.yaml", "web", "x:9001");
    update();
    write("b/web.yaml", "web", "x:9001");
    assertThat(compare()).hasToString("1 new, 1 unchanged, 0 resolved");

    // mended here, and made anew there: the object still stands where it was
    write("a/web.yaml", "web", "x:80");
    assertThat(compare()).hasToString("1 new, 0 unchanged, 1 resolved");
  }

  @Test
  void findingsThatShareEverythingAreCounted() throws IOException {
    write("a/web.yaml", "web", "x:9001");
    Files.writeString(
        folder.resolve("a/web.yaml"),
        Files.readString(folder.resolve("a/web.yaml")) + "    - { name: x, port: 9002 }\n");
    assertThat(update()).hasToString("0 new, 2 unchanged, 0 resolved");
    assertThat(file()).content().contains("count: 2");
    write("a/web.yaml", "web", "x:9001");

    assertThat(update()).hasToString("0 new, 1 unchanged, 1 resolved");
    assertThat(file()).content().contains("count: 1").doesNotContain("count: 2");
  }

  @Test
  void whatIsNotLookedAtStays() throws IOException {
    write("a/web.yaml", "web", "x:9001");
    write("b/db.yaml", "db", "x:9001");
    update();

    assertThat(update("a")).hasToString("0 new, 1 unchanged, 0 resolved");
    assertThat(compare()).hasToString("0 new, 2 unchanged, 0 resolved");
    Files.delete(folder.resolve("b/db.yaml"));
    assertThat(compare("a")).hasToString("0 new, 1 unchanged, 1 resolved");
  }

  @Test
  void anEntryMayEnd() throws IOException {
    write("a/web.yaml", "web", "x:9001");
    update();
    String text = Files.readString(file());
    Files.writeString(file(), text.replace("count:", "reason: later, until: 2026-06-15, count:"));
    assertThat(update()).hasToString("0 new, 1 unchanged, 0 resolved");
    assertThat(file()).content().contains("reason: 'later', until: '2026-06-15', count: 1");

    Files.writeString(file(), Files.readString(file()).replace("06-15", "06-14"));
    Comparison ended = update();
    assertThat(ended).hasToString("2 new, 0 unchanged, 0 resolved");
    assertThat(ended.added())
        .extracting(Finding::message)
        .containsExactly("high port", "this entry of the baseline ended on 2026-06-14");
    assertThat(compare()).hasToString("1 new, 0 unchanged, 0 resolved");
  }

  @Test
  void otherFilesAreNoBaselines() throws IOException {
    assertThatThrownBy(() -> Baseline.read(file(), false))
        .isInstanceOf(UserError.class)
        .hasMessage("no such baseline: " + file() + "; --update-baseline writes it");
    Files.writeString(file(), "version: 2\nfindings: []\nmore: x\n");
    assertThatThrownBy(() -> Baseline.read(file(), true))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file() + ":1:10: this is no baseline of version 1")
        .hasMessageContaining("remove the file and make it anew with --update-baseline");
    Files.writeString(file(), "version: 1\nfindings: [{ rule: KP499, cuont: 1 }]\n");
    assertThatThrownBy(() -> Baseline.read(file(), true))
        .isInstanceOf(UserError.class)
        .hasMessage(file() + ":2:27: unknown key \"cuont\"; did you mean count?");
  }
}
