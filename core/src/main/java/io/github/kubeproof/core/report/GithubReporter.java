package io.github.kubeproof.core.report;

import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.report.Words.NoticeLine;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes workflow commands, which GitHub turns into annotations; the worst come first, because it
 * shows only some of them.
 *
 * @see "docs.github.com: Workflow commands for GitHub Actions; Usage limits of annotations"
 */
final class GithubReporter implements Reporter {

  /** GitHub shows so many annotations of each level for one step, and drops the rest. */
  private static final int SHOWN = 10;

  private static final String NEWLINE = "%0A";

  @Override
  public void write(Report report, Writer out) throws IOException {
    List<Finding> findings = report.findings().stream().sorted(Words.WORST_FIRST).toList();
    for (Finding finding : findings) {
      out.append(command(finding)).append('\n');
    }
    for (NoticeLine notice : Words.notices(report)) {
      out.append(command(notice)).append('\n');
    }
    long most = Math.max(report.count(Severity.ERROR), report.count(Severity.WARNING));
    if (most > SHOWN) {
      out.append("GitHub shows the first ")
          .append(Integer.toString(SHOWN))
          .append(" errors and warnings of a step as annotations; all are listed above\n");
    }
    out.append(Words.summary(report)).append('\n');
    out.flush();
  }

  private static String command(Finding finding) {
    StringBuilder text = new StringBuilder(data(finding.message()));
    for (Note note : finding.notes()) {
      String where = Words.at(note.place().source(), note.place().span());
      text.append(NEWLINE).append(data(where + ": " + note.message()));
    }
    Flow witness = finding.witness();
    if (witness != null) {
      text.append(NEWLINE).append(data("witness: " + Witnesses.sentence(witness)));
    }
    if (!finding.help().isEmpty()) {
      text.append(NEWLINE).append(data("help: " + finding.help()));
    }
    String title = finding.rule().id() + " " + finding.rule().name();
    return "::"
        + level(finding.severity())
        + " "
        + place(finding.source(), finding.span())
        + "title="
        + property(title)
        + "::"
        + text;
  }

  private static String command(NoticeLine notice) {
    // a position in words is enough where the annotation stands at the same place
    String text = notice.source() == null ? notice.text() : notice.message();
    return "::notice "
        + place(notice.source(), notice.span())
        + "title="
        + (notice.incomplete() ? "kubeproof%3A incomplete" : "kubeproof")
        + "::"
        + data(text);
  }

  /** The properties that say where, each with a comma behind it. */
  private static String place(@Nullable Source source, @Nullable Span span) {
    if (source == null || source.name().equals(Source.STDIN)) {
      return "";
    }
    String file = "file=" + property(Uris.withoutDot(source.name())) + ",";
    if (span == null) {
      return file;
    }
    String lines = file + "line=" + span.line() + ",endLine=" + span.endLine() + ",";
    // the runner refuses columns where the lines differ
    return span.line() == span.endLine()
        ? lines + "col=" + span.column() + ",endColumn=" + span.endColumn() + ","
        : lines;
  }

  private static String level(Severity severity) {
    return severity == Severity.INFO ? "notice" : severity.word();
  }

  private static String data(String text) {
    return Printable.of(text).replace("%", "%25");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
