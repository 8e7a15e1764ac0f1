package io.github.kubeproof.core.report;

import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What several formats say in the same words and the same order. */
final class Words {

  /** Errors before warnings before the rest. */
  static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity).thenComparing(Finding.ORDER);

  /** So many skipped files of one folder are named one by one; more are counted. */
  private static final int NAMED = 3;

  private Words() {}

  /** {@code 3 errors, 2 warnings in 12 files (1 suppressed)}. */
  static String summary(Report report) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      long count = report.count(severity);
      if (count > 0) {
        counts.add(counted(count, severity.word()));
      }
    }
    List<String> remarks = new ArrayList<>();
    long old = report.suppressed().stream().filter(s -> s.by() == Report.By.BASELINE).count();
    if (report.suppressed().size() > old) {
      remarks.add(report.suppressed().size() - old + " suppressed");
    }
    if (old > 0) {
      remarks.add(old + " in the baseline");
    }
    if (report.isIncomplete()) {
      remarks.add("incomplete, see above");
    }
    return (counts.isEmpty() ? "no findings" : String.join(", ", counts))
        + " in "
        + counted(report.files(), "file")
        + (remarks.isEmpty() ? "" : " (" + String.join("; ", remarks) + ")");
  }

  /** {@code 1 file}, {@code 2 files}. */
  static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** A message of ours, which ends without a period, as a sentence among others. */
  static String sentence(String message) {
    return message.isEmpty() || ".!?".indexOf(message.charAt(message.length() - 1)) < 0
        ? message + "."
        : message;
  }

  /**
   * The notices as lines, each in its place; many files of one folder that were skipped for the
   * same reason share a line. What makes the answers incomplete is never counted, always named.
   */
  static List<NoticeLine> notices(Report report) {
    Map<String, List<Notice>> groups = new LinkedHashMap<>();
    for (Notice notice : report.notices()) {
      Source source = notice.source();
      String key =
          notice.incomplete() || source == null
              ? Integer.toString(groups.size())
              : source.folder() + "\n" + notice.message();
      groups.computeIfAbsent(key, any -> new ArrayList<>()).add(notice);
    }
    List<NoticeLine> lines = new ArrayList<>();
    for (List<Notice> group : groups.values()) {
      Source source = group.get(0).source();
      if (group.size() > NAMED && source != null) {
        String folder = source.folder().isEmpty() ? "." : source.folder();
        String where = folder + " (" + counted(group.size(), "file") + ")";
        lines.add(new NoticeLine(null, null, where, group.get(0).message(), false));
      } else {
        group.forEach(notice -> lines.add(NoticeLine.of(notice)));
      }
    }
    return List.copyOf(lines);
  }

  /**
   * A notice, or several that are said as one.
   *
   * @param where a file with line and column, or a folder with the number of files; empty for the
   *     whole run
   */
  record NoticeLine(
      @Nullable Source source,
      @Nullable Span span,
      String where,
      String message,
      boolean incomplete) {

    private static NoticeLine of(Notice notice) {
      Source source = notice.source();
      Span span = notice.span();
      String where = source == null ? "" : span == null ? source.name() : at(source, span);
      return new NoticeLine(source, span, where, notice.message(), notice.incomplete());
    }

    /** {@code where: message}. */
    String text() {
      return where.isEmpty() ? message : where + ": " + message;
    }
  }

  /** What a finding is about, in brackets: its object and field; empty where there is none. */
  static String subject(Finding finding) {
    Resource resource = finding.resource();
    String path = path(finding);
    if (resource == null) {
      return path.isEmpty() ? "" : " (" + path + ")";
    }
    return " (" + resource + (path.isEmpty() ? "" : ", " + path) + ")";
  }

  /** The field a finding is about, below its object; empty for the object itself. */
  static String path(Finding finding) {
    Place place = finding.place();
    if (place == null) {
      return "";
    }
    Resource resource = finding.resource();
    NodePath top = resource == null ? NodePath.ROOT : resource.place().path();
    return place.path().below(top).orElse(place.path()).toString();
  }

  /** {@code shop/web.yaml:12:5}. */
  static String at(Source source, Span span) {
    return source.name() + ":" + span.line() + ":" + span.column();
  }
}
