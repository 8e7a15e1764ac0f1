package io.github.kubeproof.core.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says what the YAML parser has to say about a broken document in one line, at the right place. */
final class SyntaxErrors {

  private static final Pattern NO_TOKEN = Pattern.compile("found character '(.*)' that cannot .*");
  private static final Pattern ESCAPE = Pattern.compile("found unknown escape character (.).*");
  private static final Pattern CODE = Pattern.compile("\\(\\d+\\)$");

  private SyntaxErrors() {}

  /**
   * @param text that the parser read
   * @param last the place behind the last thing that could be read
   */
  static Refusal refusal(MarkedYAMLException error, String text, Span last) {
    String context = String.valueOf(error.getContext());
    String problem = String.valueOf(error.getProblem());
    Span at = at(error.getProblemMark());
    Span start = error.getContextMark() == null ? at : at(error.getContextMark());

    if (problem.contains("(TAB)")) {
      return Refusal.syntax(at, "a tab cannot be used for indentation");
    }
    Matcher token = NO_TOKEN.matcher(problem);
    if (token.matches()) {
      return Refusal.syntax(
          at, "a value cannot start with \"" + token.group(1) + "\" unless it is quoted");
    }
    Matcher escape = ESCAPE.matcher(problem);
    if (escape.matches()) {
      return Refusal.syntax(at, "there is no escape \\" + escape.group(1) + " in a quoted string");
    }
    if (problem.startsWith("could not find expected ':'")) {
      return Refusal.syntax(start, "a key without \":\"");
    }
    if (context.equals("while scanning a quoted scalar")) {
      return Refusal.syntax(start, "the quoted string that starts here never ends");
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return Refusal.syntax(
          at, "a \":\" cannot stand here: quote the value, or check the indentation");
    }
    if (problem.startsWith("sequence entries are not allowed")) {
      return Refusal.syntax(at, "a list cannot start here: put its \"-\" on a line of its own");
    }
    if (problem.startsWith("expected <block end>")) {
      return followsClosed(text, error.getProblemMark())
          ? Refusal.syntax(at, "the value ends before this: quote all of it")
          : outOfLine(context.endsWith("mapping"), start, at);
    }
    if (problem.startsWith("expected ',' or")) {
      char close = problem.charAt("expected ',' or '".length());
      String open = close == '}' ? "{" : "[";
      return problem.endsWith("'<stream end>'") || problem.endsWith("<stream end>")
          ? Refusal.syntax(start, "the \"" + open + "\" that stands here is never closed")
          : Refusal.syntax(
              at,
              "expected \",\" or \""
                  + close
                  + "\" in the \""
                  + open
                  + "\" of line "
                  + start.line());
    }
    if (problem.startsWith("expected the node content")) {
      return problem.contains("<stream end>")
          ? Refusal.syntax(last, "the document ends here, within a list or a map")
          : Refusal.syntax(at, "expected a value here");
    }
    if (problem.startsWith("expected '<document start>'")) {
      return Refusal.syntax(at, "this does not belong to the document above it");
    }
    return Refusal.syntax(at, oneLine(problem));
  }

  private static Refusal outOfLine(boolean inMap, Span start, Span at) {
    String around = (inMap ? "map" : "list") + " that starts in line " + start.line();
    if (at.column() == start.column()) {
      String intruder = inMap ? "a list item cannot stand in" : "a key cannot stand in";
      return Refusal.syntax(at, intruder + " the " + around);
    }
    String parts = inMap ? "the keys" : "the items";
    return Refusal.syntax(
        at,
        "wrong indentation: " + parts + " of the " + around + " stand in column " + start.column());
  }

  // a quoted string or a pair of brackets is complete, and its line goes on
  private static boolean followsClosed(String text, @Nullable Mark mark) {
    int before = mark == null ? -1 : Math.min(mark.getIndex(), text.length()) - 1;
    while (before >= 0 && text.charAt(before) == ' ') {
      before--;
    }
    return before >= 0 && "\"'}]".indexOf(text.charAt(before)) >= 0;
  }

  /** The parser's own words, tidied. */
  static String oneLine(String problem) {
    String line = Texts.excerpt(problem).strip();
    line = CODE.matcher(line).replaceFirst("");
    return line.isEmpty()
        ? "this is no YAML"
        : Character.toLowerCase(line.charAt(0)) + line.substring(1);
  }

  private static Span at(@Nullable Mark mark) {
    return mark == null ? Span.at(1, 1) : Span.at(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
