package io.github.kubeproof.core.report;

import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.report.Snippet.Mark;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Places with their lines, as findings show them, for answers that are no findings. */
public final class Excerpt {

  private Excerpt() {}

  /**
   * The lines of some places, file by file, with a sentence behind each mark.
   *
   * @return empty when there is no place
   */
  public static String of(List<Note> notes, boolean colors) {
    Ink ink = new Ink(colors);
    Map<Source, List<Mark>> marks = new LinkedHashMap<>();
    int last = 1;
    for (Note note : notes) {
      Span span = note.place().span();
      last = Math.max(last, span.line());
      marks
          .computeIfAbsent(note.place().source(), source -> new ArrayList<>())
          .add(new Mark(span, Printable.of(note.message()), true));
    }
    int gutter = Integer.toString(last).length();
    StringBuilder out = new StringBuilder();
    marks.forEach(
        (source, of) -> {
          Span first = of.stream().map(Mark::span).min(Span::compareTo).orElseThrow();
          out.append(" ".repeat(gutter))
              .append(ink.frame("--> "))
              .append(Printable.of(Words.at(source, first)))
              .append('\n');
          new Snippet(source, gutter, ink, text -> ink.severity(Severity.INFO, text))
              .write(of, out);
        });
    return out.toString();
  }
}
