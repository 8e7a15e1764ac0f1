package io.github.kubeproof.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GithubReporterTest {

  private static String github(Report report) throws IOException {
    return Samples.write(Format.GITHUB, report);
  }

  private static String github(Source source, Span span, String message) throws IOException {
    Finding finding = Samples.finding(Samples.INVALID.info(), source, span, message);
    return github(Samples.report(List.of(finding), List.of(), List.of(), 1));
  }

  @Test
  void theWorstAnnotationsComeFirstAndTheCountsLast() throws IOException {
    assertThat(github(Samples.rich()))
        .isEqualTo(
            """
            ::error file=shop/broken.yaml,line=1,endLine=1,col=4,endColumn=7,title=KP001 invalid-document::this list never ends
            ::warning file=shop/cart service.yaml,line=8,endLine=8,col=10,endColumn=15,title=KP404 selector-matches-nothing::selector app=cartt matches no pod%0Ashop/cart.yaml:13:14: the pods of Deployment shop/cart are one letter away%0Ahelp: write app: cart
            ::notice file=shop/cart.yaml,line=34,endLine=34,col=15,endColumn=24,title=KP203 policy-open-to-the-world::policy shop/cart lets any address reach its pods%0Ashop/cart.yaml:28:3: these are the pods%0Ashop/cart.yaml:36:13: on this port%0Awitness: 203.0.113.1 (outside the cluster) -> Deployment shop/cart on port 8080/TCP
            ::notice file=shop/broken.yaml,line=1,endLine=1,col=1,endColumn=1,title=kubeproof%3A incomplete::this file is larger than 64 MiB, not read
            ::notice title=kubeproof::charts/web/templates (5 files): unrendered template, skipped
            ::notice title=kubeproof%3A incomplete::no solver: 2 questions are undecided
            1 error, 1 warning, 1 info in 12 files (1 suppressed; incomplete, see above)
            """);
  }

  @Test
  void aManifestCannotWriteCommandsOfItsOwn() throws IOException {
    Source source = new Source("./a,b:100%.yaml", "x");
    String text = github(source, Span.at(1, 1), "50%\n::set-output name=x::\r\u001b[31m");
    assertThat(text)
        .isEqualTo(
            "::error file=a%2Cb%3A100%25.yaml,line=1,endLine=1,col=1,endColumn=1,"
                + "title=KP001 invalid-document"
                + "::50%25\\u000a::set-output name=x::\\u000d\\u001b[31m\n"
                + "1 error in 1 file\n");
  }

  @Test
  void columnsAreLeftOutWhereTheLinesDiffer() throws IOException {
    assertThat(github(new Source("a.yaml", "a\nb\n"), new Span(1, 1, 2, 2), "wrong"))
        .startsWith("::error file=a.yaml,line=1,endLine=2,title=KP001 invalid-document::wrong\n");
  }

  @Test
  void theStandardInputIsNoFile() throws IOException {
    assertThat(github(new Source(Source.STDIN, "a"), Span.at(1, 1), "wrong"))
        .startsWith("::error title=KP001 invalid-document::wrong\n");
  }

  @Test
  void whatGithubWillNotShowIsSaid() throws IOException {
    Source source = new Source("a.yaml", "a\n".repeat(20));
    List<Finding> findings = new ArrayList<>();
    for (int line = 1; line <= 11; line++) {
      findings.add(
          Samples.finding(Samples.INVALID.info(), source, Span.at(line, 1), "wrong " + line));
    }
    assertThat(github(Samples.report(findings, List.of(), List.of(), 1)))
        .contains("::wrong 11\n")
        .endsWith(
            "GitHub shows the first 10 errors and warnings of a step as annotations;"
                + " all are listed above\n11 errors in 1 file\n");
    assertThat(github(Samples.report(findings.subList(0, 10), List.of(), List.of(), 1)))
        .doesNotContain("GitHub shows");
  }
}
