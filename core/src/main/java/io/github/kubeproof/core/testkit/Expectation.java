package io.github.kubeproof.core.testkit;

import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A finding that a comment in a manifest asks for.
 *
 * <p>{@code # expect: KP008} behind something means that line, alone on a line the next line that
 * holds something else. {@code # expect: 15 KP008} asks for a column, {@code # expect: KP008
 * warning} for a severity, {@code # expect: KP008 "is empty"} for a part of the message. Several
 * comments may stand one above the other.
 *
 * @param column from 1; 0 for any
 * @param severity in lower case; empty for any
 */
record Expectation(String source, int line, int column, String rule, String severity, String text) {

  private static final Pattern COMMENT =
      Pattern.compile(
          "(^|\\s)#\\s*expect:\\s*(?:(\\d+)\\s+)?(KP\\d{3})(?:\\s+(error|warning|info))?\\s*(?:\"([^\"]*)\")?\\s*$");

  /** The expectations of a source, in its order. */
  static List<Expectation> in(Source source) {
    List<Expectation> found = new ArrayList<>();
    for (int line = 1; line <= source.lineCount(); line++) {
      Matcher comment = COMMENT.matcher(source.line(line));
      if (comment.find()) {
        boolean alone = source.line(line).substring(0, comment.start()).isBlank();
        found.add(
            new Expectation(
                source.name(),
                alone ? nextLine(source, line) : line,
                comment.group(2) == null ? 0 : Integer.parseInt(comment.group(2)),
                comment.group(3),
                comment.group(4) == null ? "" : comment.group(4),
                comment.group(5) == null ? "" : comment.group(5)));
      } else if (source.line(line).contains("# expect:")) {
        throw new IllegalArgumentException(
            source.name() + ":" + line + ": not an expectation: " + source.line(line).strip());
      }
    }
    return found;
  }

  private static int nextLine(Source source, int line) {
    int next = line + 1;
    while (next <= source.lineCount()
        && COMMENT.matcher(source.line(next)).find()
        && source.line(next).strip().startsWith("#")) {
      next++;
    }
    return next;
  }

  boolean isMetBy(Finding finding) {
    return finding.rule().id().equals(rule)
        && finding.source().name().equals(source)
        && finding.span().line() == line
        && (column == 0 || finding.span().column() == column)
        && (severity.isEmpty() || finding.severity().word().equals(severity))
        && finding.message().contains(text);
  }

  @Override
  public String toString() {
    return source
        + ":"
        + line
        + (column == 0 ? "" : ":" + column)
        + ": "
        + rule
        + (severity.isEmpty() ? "" : " " + severity)
        + (text.isEmpty() ? "" : " \"" + text + "\"");
  }
}
