package io.github.kubeproof.core.lint;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a suppression says: {@code kubeproof:ignore KP401,KP205 -- reason until=2027-01-01}.
 *
 * @param wholeFile whether it speaks of all findings of its file
 * @param words ids, names or groups of rules, as written; empty for every rule
 * @param reason what follows {@code --}
 * @param until the last day it holds; null when it holds for ever
 * @param fault why it cannot be obeyed; empty when it can
 */
record SuppressionsDirective(
    boolean wholeFile, List<String> words, String reason, @Nullable LocalDate until, String fault) {

  private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#+\\s*kubeproof:(\\s*)(\\S*)");
  private static final Pattern REASON = Pattern.compile("(?:^|\\s)--(?:\\s|$)");
  private static final Pattern NEXT_COMMENT = Pattern.compile("(?:^|\\s)#");
  private static final Pattern UNTIL = Pattern.compile("\\[?until=([^\\s\\],]*)]?");

  /** What a comment asks for; empty when it only mentions Kubeproof. */
  static Optional<SuppressionsDirective> ofComment(String text) {
    Matcher matcher = COMMENT.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String verb = matcher.group(2);
    String rest = text.substring(matcher.end());
    if (verb.equals("ignore-file")) {
      return Optional.of(parse(true, rest));
    }
    if (verb.equals("ignore")) {
      return Optional.of(parse(false, rest));
    }
    return matcher.group(1).isEmpty()
        ? Optional.of(
            faulty("\"kubeproof:" + verb + "\" is not kubeproof:ignore or kubeproof:ignore-file"))
        : Optional.empty();
  }

  /** What the value of an annotation asks for. */
  static SuppressionsDirective ofAnnotation(String value) {
    return parse(false, value);
  }

  private static SuppressionsDirective parse(boolean wholeFile, String text) {
    Matcher split = REASON.matcher(text);
    boolean reasoned = split.find();
    String reason = reasoned ? text.substring(split.end()).strip() : "";
    String named = reasoned ? text.substring(0, split.start()) : text;
    Matcher next = NEXT_COMMENT.matcher(named);
    named = next.find() ? named.substring(0, next.start()) : named;
    List<String> words =
        Arrays.stream(UNTIL.matcher(named).replaceAll(" ").split("[,\\s]+"))
            .filter(word -> !word.isEmpty())
            .toList();
    if (words.isEmpty() && !wholeFile) {
      return faulty("this suppression names no rule, so it has no effect");
    }
    Matcher until = UNTIL.matcher(text);
    if (!until.find()) {
      return new SuppressionsDirective(wholeFile, words, reason, null, "");
    }
    try {
      LocalDate date = LocalDate.parse(until.group(1));
      return new SuppressionsDirective(wholeFile, words, reason, date, "");
    } catch (DateTimeParseException e) {
      return faulty("\"" + until.group(1) + "\" is not a date like 2027-01-31");
    }
  }

  private static SuppressionsDirective faulty(String fault) {
    return new SuppressionsDirective(false, List.of(), "", null, fault);
  }
}
