package io.github.kubeproof.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.RulePages;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReporterTest {

  private static final Source SOURCE = new Source("deploy/a_b.yaml", "");

  @Test
  void aCleanRunIsOneLine() throws IOException {
    assertThat(markdown(List.of(), List.of()))
        .isEqualTo("### Kubeproof: 0 errors, 0 warnings, 0 infos\n");
  }

  @Test
  void theWorstFindingsComeFirst() throws IOException {
    assertThat(
            markdown(
                List.of(finding(Severity.INFO, 1, "small"), finding(Severity.ERROR, 9, "big")),
                List.of()))
        .isEqualTo(
            """
            ### Kubeproof: 1 error, 0 warnings, 1 info

            | | rule | place | finding |
            |---|---|---|---|
            | error | KP407 | deploy/a&#95;b.yaml:9 | big |
            | info | KP407 | deploy/a&#95;b.yaml:1 | small |
            """);
  }

  @Test
  void wordsOfTheManifestHaveNoMeaningInMarkdown() throws IOException {
    String hostile = "a|b\n# <img src=x> `rm` [x](y)";
    assertThat(markdown(List.of(finding(Severity.ERROR, 1, hostile)), List.of()))
        .endsWith("| a&#124;b &#35; &#60;img src=x&#62; &#96;rm&#96; &#91;x&#93;(y) |\n");
  }

  @Test
  void whatWasLeftOutIsSaid() throws IOException {
    assertThat(markdown(List.of(), List.of(new Notice(SOURCE, Span.at(3, 1), "too large", true))))
        .contains("<details><summary>What was not looked at or not decided: 1</summary>")
        .contains("\n- deploy/a&#95;b.yaml:3: too large\n");
  }

  @Test
  void aLongTableIsCutAloud() throws IOException {
    String markdown =
        markdown(Collections.nCopies(502, finding(Severity.WARNING, 1, "same")), List.of());
    assertThat(markdown.lines().filter(line -> line.contains("same"))).hasSize(500);
    assertThat(markdown).endsWith("\nand 2 more\n");
  }

  private static String markdown(List<Finding> findings, List<Notice> notices) throws IOException {
    StringWriter out = new StringWriter();
    new MarkdownReporter()
        .write(
            new Report(List.of(), findings, List.of(), notices, 1, 1, new RulePages(List.of())),
            out);
    return out.toString();
  }

  private static Finding finding(Severity severity, int line, String message) {
    return new Finding(
        RuleInfo.of("KP407", "node-port-out-of-range", severity, Confidence.PROVED, ""),
        severity,
        Confidence.PROVED,
        "deploy",
        null,
        SOURCE,
        Span.at(line, 1),
        null,
        message,
        "",
        List.of(),
        null);
  }
}
