package io.github.kubeproof.core.report;

import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A summary for a page: the counts in its first line, then a table of the findings, the worst
 * first.
 */
final class MarkdownReporter implements Reporter {

  // GitHub refuses a job summary above 1 MiB
  private static final int MOST_ROWS = 500;
  private static final int MOST_NOTICES = 100;

  @Override
  public void write(Report report, Writer out) throws IOException {
    out.append("### Kubeproof: ").append(counts(report)).append('\n');
    writeFindings(report, out);
    writeNotices(report, out);
    out.flush();
  }

  private static String counts(Report report) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      long count = report.count(severity);
      counts.add(count + " " + severity.word() + (count == 1 ? "" : "s"));
    }
    return String.join(", ", counts);
  }

  private static void writeFindings(Report report, Writer out) throws IOException {
    if (report.findings().isEmpty()) {
      return;
    }
    out.append("\n| | rule | place | finding |\n|---|---|---|---|\n");
    int rows = 0;
    for (Severity severity : Severity.values()) {
      for (Finding finding : report.findings()) {
        if (finding.severity() == severity && rows < MOST_ROWS) {
          out.append(row(finding)).append('\n');
          rows++;
        }
      }
    }
    int more = report.findings().size() - rows;
    if (more > 0) {
      out.append("\nand ").append(String.valueOf(more)).append(" more\n");
    }
  }

  private static String row(Finding finding) {
    return "| "
        + finding.severity().word()
        + " | "
        + finding.rule().id()
        + " | "
        + at(finding.source(), finding.span())
        + " | "
        + text(finding.message())
        + " |";
  }

  private static void writeNotices(Report report, Writer out) throws IOException {
    List<Notice> notices = report.notices();
    if (notices.isEmpty()) {
      return;
    }
    out.append("\n<details><summary>What was not looked at or not decided: ")
        .append(String.valueOf(notices.size()))
        .append("</summary>\n\n");
    for (Notice notice : notices.subList(0, Math.min(notices.size(), MOST_NOTICES))) {
      Source source = notice.source();
      Span span = notice.span();
      String where = source == null || span == null ? "" : at(source, span) + ": ";
      out.append("- ").append(where).append(text(notice.message())).append('\n');
    }
    if (notices.size() > MOST_NOTICES) {
      out.append("- and ").append(String.valueOf(notices.size() - MOST_NOTICES)).append(" more\n");
    }
    out.append("\n</details>\n");
  }

  private static String at(Source source, Span span) {
    return text(source.name() + ":" + span.line());
  }

  /** Other people's words, without a meaning in Markdown or HTML, in one line. */
  private static String text(String words) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      if (Character.isISOControl(c)) {
        escaped.append(' ');
      } else if ("\\`*_[]<>|&#~@!".indexOf(c) >= 0) {
        escaped.append(String.format(Locale.ROOT, "&#%d;", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
