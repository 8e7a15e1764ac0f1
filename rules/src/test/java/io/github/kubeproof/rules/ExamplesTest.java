package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shop that is shipped with the command line: what is wrong with it, and that it is mended. */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("..", "cli", "src", "main", "examples");

  private static Report lint(String example) {
    Linter.Options options =
        new Linter.Options(
            Settings.DEFAULT,
            List.of(),
            List.of(),
            1,
            true,
            LocalDate.EPOCH,
            Rules.all().stream().map(Rule::info).toList());
    return Linter.lint(
        List.of(EXAMPLES.resolve(example).toString()),
        InputStream.nullInputStream(),
        Rules.all().stream().filter(rule -> !rule.info().strictOnly()).toList(),
        options);
  }

  @Test
  void everyMistakeOfTheShopIsFoundOnce() {
    Report report = lint("shop");

    assertThat(report.findings())
        .extracting(
            finding ->
                "%s:%d %s %s"
                    .formatted(
                        Path.of(finding.source().name()).getFileName(),
                        finding.span().line(),
                        finding.rule().id(),
                        finding.severity().word()))
        .containsExactly(
            // it follows from the next one: what is left out is allowed by another policy
            "back-office.yaml:42 KP305 info",
            "back-office.yaml:55 KP311 warning",
            "back-office.yaml:97 KP006 error",
            "back-office.yaml:100 KP008 error",
            "back-office.yaml:117 KP604 error",
            "cart.yaml:31 KP404 error",
            "ingress.yaml:22 KP502 error",
            "orders.yaml:40 KP401 error",
            "payments.yaml:27 KP101 warning",
            "policies.yaml:33 KP601 error",
            // carts lacks a Service for the same slip to be seen at, which is KP404's
            "policies.yaml:34 KP110 info",
            "policies.yaml:45 KP313 warning",
            "policies.yaml:60 KP304 warning",
            "policies.yaml:78 KP206 warning",
            "policies.yaml:95 KP209 warning",
            "web.yaml:46 KP408 error",
            "web.yaml:50 KP407 error");
    assertThat(report.notices()).isEmpty();
  }

  @Test
  void theMendedShopIsClean() {
    Report report = lint("shop-fixed");

    assertThat(report.resources()).isEqualTo(28);
    assertThat(report.findings()).isEmpty();
    assertThat(report.notices()).isEmpty();
  }
}
