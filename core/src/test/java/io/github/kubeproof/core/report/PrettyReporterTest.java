package io.github.kubeproof.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrettyReporterTest {

  private static String pretty(Report report) throws IOException {
    return Samples.write(Format.PRETTY, report);
  }

  private static String pretty(Finding... findings) throws IOException {
    return pretty(Samples.report(List.of(findings), List.of(), List.of(), 1));
  }

  private static Finding at(Source source, Span span) {
    return Samples.finding(Samples.INVALID.info(), source, span, "wrong");
  }

  @Test
  void aCleanRunIsOneLine() throws IOException {
    assertThat(pretty(Samples.clean(12))).isEqualTo("no findings in 12 files\n");
    assertThat(pretty(Samples.clean(1))).isEqualTo("no findings in 1 file\n");
  }

  @Test
  void aFindingShowsItsLineTheOtherPlacesTheWitnessAndTheHelp() throws IOException {
    assertThat(pretty(Samples.rich()))
        .isEqualTo(
            """
            error[KP001]: this list never ends
             --> shop/broken.yaml:1:4
              |
            1 | a: [1,
              |    ^^^
              |
              = invalid-document, proved

            warning[KP404]: selector app=cartt matches no pod
              --> shop/cart service.yaml:8:10 (Service shop/cart, spec.selector.app)
               |
             7 |   selector:
             8 |     app: cartt
               |          ^^^^^
               |
              ::: shop/cart.yaml:13:14
               |
            13 |         app: cart
               |              ---- the pods of Deployment shop/cart are one letter away
               |
               = help: write app: cart
               = selector-matches-nothing, heuristic

            info[KP203]: policy shop/cart lets any address reach its pods
              --> shop/cart.yaml:34:15 (NetworkPolicy shop/cart, spec.ingress[0].from[0].ipBlock.cidr)
               |
            28 |   podSelector:
               |   ----------- these are the pods
            ...
            33 |     - ipBlock:
            34 |         cidr: 0.0.0.0/0
               |               ^^^^^^^^^
            35 |     ports:
            36 |     - port: 8080
               |             ---- on this port
               |
               = witness: 203.0.113.1 (outside the cluster) -> Deployment shop/cart on port 8080/TCP
               = policy-open-to-the-world, proved

            incomplete: shop/broken.yaml:1:1: this file is larger than 64 MiB, not read
            note: charts/web/templates (5 files): unrendered template, skipped
            incomplete: no solver: 2 questions are undecided

            1 error, 1 warning, 1 info in 12 files (1 suppressed; incomplete, see above)
            """);
  }

  @Test
  void aFewSkippedFilesAreNamedOneByOne() throws IOException {
    List<Notice> notices = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      notices.add(new Notice(new Source("t/" + i + ".yaml", ""), Span.at(i, 1), "skipped", false));
    }
    assertThat(pretty(Samples.report(List.of(), List.of(), notices, 3)))
        .isEqualTo(
            """
            note: t/1.yaml:1:1: skipped
            note: t/2.yaml:2:1: skipped
            note: t/3.yaml:3:1: skipped

            no findings in 3 files
            """);
  }

  @Test
  void filesThatMakeTheAnswerIncompleteAreAllNamed() throws IOException {
    List<Notice> notices = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      notices.add(
          new Notice(new Source("t/" + i + ".yaml", ""), Span.at(1, 1), "cannot be opened", true));
    }
    assertThat(pretty(Samples.report(List.of(), List.of(), notices, 9)))
        .contains("incomplete: t/4.yaml:1:1: cannot be opened\n")
        .endsWith("no findings in 9 files (incomplete, see above)\n");
  }

  @Test
  void escapeSequencesOfAManifestDoNotReachTheTerminal() throws IOException {
    Source hostile = new Source("a\u001b[2J.yaml", "name: \u001b[31mred\u0007\u202e \u009b0m\n");
    Finding finding =
        Samples.finding(
            Samples.INVALID.info(), hostile, new Span(1, 7, 1, 15), "bad name \"\u001b[31m\n\"");
    String text = pretty(finding);
    assertThat(text)
        .isEqualTo(
            """
            error[KP001]: bad name "\\u001b[31m\\u000a"
             --> a\\u001b[2J.yaml:1:7
              |
            1 | name: \\u001b[31mred\\u0007\\u202e \\u009b0m
              |       ^^^^^^^^^^^^^
              |
              = invalid-document, proved

            1 error in 1 file
            """);
  }

  @Test
  void theCaretStandsBelowWhatItMeansWithTabsAndWideCharacters() throws IOException {
    Source source = new Source("a.yaml", "\tkey: \uD83D\uDE80\u00e9x: y\n");
    assertThat(pretty(at(source, new Span(1, 10, 1, 11))))
        .contains("1 |  key: \uD83D\uDE80\u00e9x: y\n  |          ^\n");
  }

  @Test
  void theMiddleOfALongLineIsShown() throws IOException {
    Source source = new Source("a.yaml", "k: " + "x".repeat(150) + "HERE" + "y".repeat(300));
    assertThat(pretty(at(source, new Span(1, 154, 1, 158))))
        .contains(
            "1 | …" + "x".repeat(30) + "HERE" + "y".repeat(66) + "…\n",
            "  | " + " ".repeat(31) + "^^^^\n");
  }

  @Test
  void theStartOfALongLineIsShownWhereTheCaretIsNear() throws IOException {
    Source source = new Source("a.yaml", "key: " + "x".repeat(500));
    assertThat(pretty(at(source, new Span(1, 6, 1, 506))))
        .contains(
            "1 | key: " + "x".repeat(95) + "…\n", "  | " + " ".repeat(5) + "^".repeat(95) + "\n");
  }

  @Test
  void aSpanOfSeveralLinesIsMarkedOnItsFirst() throws IOException {
    Source source = new Source("a.yaml", "a: \"one\n  two\"\nb: c\n");
    assertThat(pretty(at(source, new Span(1, 4, 2, 7))))
        .contains("1 | a: \"one\n  |    ^^^^\n  |\n");
  }

  @Test
  void aFileWithoutTextShowsNoLine() throws IOException {
    assertThat(pretty(at(new Source("a.yaml", ""), Span.at(1, 1))))
        .startsWith("error[KP001]: wrong\n --> a.yaml:1:1\n  |\n  = invalid-document, proved\n");
  }

  @Test
  void aNoteOnTheSameLineHasItsOwnMark() throws IOException {
    Resource service = Samples.resource(Samples.SERVICE, 0);
    Finding finding =
        Samples.with(
            Samples.finding(
                Samples.SELECTOR.info(),
                service.place().then("spec", "selector", "app"),
                service,
                "wrong"),
            "",
            List.of(new Note(service.place().then("spec", "selector", "app"), "a typo")),
            null);
    assertThat(pretty(finding))
        .contains("8 |     app: cartt\n  |          ^^^^^\n  |          ----- a typo\n  |\n");
  }

  @Test
  void anotherFileIsNamedWithTheFirstLineThatIsShown() throws IOException {
    Resource policy = Samples.resource(Samples.WORKLOAD, 1);
    Resource service = Samples.resource(Samples.SERVICE, 0);
    Finding finding =
        Samples.with(
            Samples.finding(Samples.SELECTOR.info(), service.place(), service, "wrong"),
            "",
            List.of(
                new Note(policy.place().then("spec", "ingress"), "second"),
                new Note(policy.place().then("spec", "podSelector"), "first")),
            null);
    assertThat(pretty(finding))
        .contains(
            "  ::: shop/cart.yaml:28:3\n   |\n28 |   podSelector:\n   |   ----------- first\n");
  }

  @Test
  void coloursComeOnlyWhenAskedFor() throws IOException {
    assertThat(pretty(Samples.rich())).doesNotContain("\u001b");
    String colored = Samples.write(Format.PRETTY, Samples.rich(), true);
    assertThat(colored)
        .startsWith("\u001b[1;31merror[KP001]\u001b[0m\u001b[1m: this list never ends\u001b[0m\n");
    assertThat(colored.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(pretty(Samples.rich()));
  }
}
