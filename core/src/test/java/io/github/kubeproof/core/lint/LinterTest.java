package io.github.kubeproof.core.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinterTest {

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: %s, namespace: shop }
      spec: { podSelector: {} }
      """;

  @TempDir private Path folder;

  private static Linter.Options options(int jobs) {
    return new Linter.Options(
        Settings.DEFAULT, List.of(), List.of(), jobs, true, LocalDate.EPOCH, List.of());
  }

  private Report lint(Rule rule, int jobs) {
    return Linter.lint(
        List.of(folder.toString()), InputStream.nullInputStream(), List.of(rule), options(jobs));
  }

  private record EveryPolicy(RuntimeException bug) implements Rule {
    @Override
    public RuleInfo info() {
      return RuleInfo.of("KP299", "every-policy", Severity.INFO, Confidence.PROVED, "a policy");
    }

    @Override
    public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
      for (Policy policy : cluster.policies()) {
        if (bug != null) {
          throw bug;
        }
        findings.report(policy, policy.resource().place().then("spec"), "found " + policy);
      }
    }
  }

  @Test
  void theReportDoesNotDependOnTheNumberOfJobs() throws IOException {
    for (int i = 0; i < 50; i++) {
      Path unit = Files.createDirectory(folder.resolve("unit" + i % 17 + "-" + i));
      Files.writeString(unit.resolve("policy.yaml"), POLICY.formatted("p" + i));
      Files.writeString(unit.resolve("broken.yaml"), "a: [\n");
    }
    List<String> alone = messages(lint(new EveryPolicy(null), 1));
    assertThat(alone).hasSize(50);
    assertThat(messages(lint(new EveryPolicy(null), 4))).isEqualTo(alone);
  }

  private static List<String> messages(Report report) {
    return report.findings().stream()
        .map(f -> f.source().name() + ":" + f.span() + " " + f.message())
        .toList();
  }

  @Test
  void aRuleThatFailsIsNamed() throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("web"));
    assertThatThrownBy(() -> lint(new EveryPolicy(new IllegalArgumentException("oops")), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("rule KP299 failed on unit " + folder)
        .hasMessageContaining("oops");
  }

  @Test
  void aPathThatDoesNotExistIsTheUsersError() {
    assertThatThrownBy(
            () ->
                Linter.lint(
                    List.of(folder.resolve("nothing").toString()),
                    InputStream.nullInputStream(),
                    List.of(new EveryPolicy(null)),
                    options(1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void excludedFilesAreNotRead() throws IOException {
    Files.createDirectories(folder.resolve("testdata"));
    Files.writeString(folder.resolve("testdata/policy.yaml"), POLICY.formatted("test"));
    Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("real"));
    Linter.Options options =
        new Linter.Options(
            Settings.DEFAULT,
            List.of(),
            List.of("**/testdata"),
            1,
            true,
            LocalDate.EPOCH,
            List.of());
    Report report =
        Linter.lint(
            List.of(folder.toString()),
            InputStream.nullInputStream(),
            List.of(new EveryPolicy(null)),
            options);
    assertThat(report.findings())
        .extracting(Finding::message)
        .containsExactly("found policy shop/real");
    assertThat(report.files()).isEqualTo(1);
  }

  @Test
  void onlyIncludedFilesAreRead() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), POLICY.formatted("a"));
    Files.writeString(folder.resolve("b.yaml"), POLICY.formatted("b"));
    Linter.Options options =
        new Linter.Options(
            Settings.DEFAULT, List.of("**/b.yaml"), List.of(), 1, true, LocalDate.EPOCH, List.of());
    Report report =
        Linter.lint(
            List.of(folder.toString()),
            InputStream.nullInputStream(),
            List.of(new EveryPolicy(null)),
            options);
    assertThat(report.findings())
        .extracting(Finding::message)
        .containsExactly("found policy shop/b");
  }
}
