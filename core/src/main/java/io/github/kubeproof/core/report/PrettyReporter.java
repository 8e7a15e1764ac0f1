package io.github.kubeproof.core.report;

import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Fix;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.report.Snippet.Mark;
import io.github.kubeproof.core.report.Words.NoticeLine;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Shows every finding with its source, the other places that explain it, a witness and what to do.
 */
final class PrettyReporter implements Reporter {

  private final Ink ink;

  PrettyReporter(Ink ink) {
    this.ink = ink;
  }

  @Override
  public void write(Report report, Writer out) throws IOException {
    for (Finding finding : report.findings()) {
      out.append(render(finding)).append('\n');
    }
    List<NoticeLine> notices = Words.notices(report);
    for (NoticeLine notice : notices) {
      String label =
          notice.incomplete() ? ink.severity(Severity.WARNING, "incomplete") : ink.bold("note");
      out.append(label).append(": ").append(Printable.of(notice.text())).append('\n');
    }
    out.append(notices.isEmpty() ? "" : "\n").append(summary(report)).append('\n');
    out.flush();
  }

  private String summary(Report report) {
    String summary = Words.summary(report);
    return report.findings().stream()
        .map(Finding::severity)
        .min(Severity::compareTo)
        .map(worst -> ink.severity(worst, summary))
        .orElseGet(() -> report.isIncomplete() ? ink.bold(summary) : ink.good(summary));
  }

  private String render(Finding finding) {
    StringBuilder out = new StringBuilder();
    Severity severity = finding.severity();
    out.append(ink.severity(severity, severity.word() + "[" + finding.rule().id() + "]"))
        .append(ink.bold(": " + Printable.of(finding.message())))
        .append('\n');
    int gutter = gutter(finding);
    for (Source source : sources(finding)) {
      Snippet snippet = new Snippet(source, gutter, ink, text -> ink.severity(severity, text));
      writePlace(finding, snippet, out);
    }
    writeRemarks(finding, " ".repeat(gutter + 1) + ink.frame("= "), out);
    return out.toString();
  }

  private void writePlace(Finding finding, Snippet snippet, StringBuilder out) {
    Source source = snippet.source();
    List<Mark> marks = new ArrayList<>();
    boolean primary = source == finding.source();
    if (primary) {
      marks.add(new Mark(finding.span(), "", true));
    }
    for (Note note : finding.notes()) {
      if (note.place().source() == source) {
        marks.add(new Mark(note.place().span(), Printable.of(note.message()), false));
      }
    }
    Span first =
        primary
            ? finding.span()
            : marks.stream().map(Mark::span).min(Span::compareTo).orElseThrow();
    out.append(" ".repeat(snippet.gutter()))
        .append(ink.frame(primary ? "--> " : "::: "))
        .append(Printable.of(Words.at(source, first)))
        .append(primary ? ink.faint(Printable.of(Words.subject(finding))) : "")
        .append('\n');
    // a whole file that cannot be read has no line to show
    boolean empty = primary && marks.size() == 1 && source.line(first.line()).isBlank();
    if (empty) {
      out.append(snippet.bar()).append('\n');
    } else {
      snippet.write(marks, out);
    }
  }

  private void writeRemarks(Finding finding, String lead, StringBuilder out) {
    Flow witness = finding.witness();
    if (witness != null) {
      writeRemark(lead, "witness", Witnesses.sentence(witness), out);
    }
    if (!finding.help().isEmpty()) {
      writeRemark(lead, "help", finding.help(), out);
    }
    Fix fix = finding.fix();
    if (fix != null) {
      writeRemark(lead, "fix", fix.toString(), out);
    }
    Confidence confidence = finding.confidence();
    out.append(lead)
        .append(ink.faint(finding.rule().name() + ", " + confidence.word()))
        .append('\n');
  }

  private void writeRemark(String lead, String label, String text, StringBuilder out) {
    out.append(lead).append(ink.bold(label)).append(": ").append(Printable.of(text)).append('\n');
  }

  /** The source of the finding, then those of its notes, each once. */
  private static Set<Source> sources(Finding finding) {
    Set<Source> sources = new LinkedHashSet<>();
    sources.add(finding.source());
    finding.notes().forEach(note -> sources.add(note.place().source()));
    return sources;
  }

  private static int gutter(Finding finding) {
    int last =
        Stream.concat(
                Stream.of(finding.span()),
                finding.notes().stream().map(note -> note.place().span()))
            .mapToInt(Span::line)
            .max()
            .orElseThrow();
    return Integer.toString(last).length();
  }
}
