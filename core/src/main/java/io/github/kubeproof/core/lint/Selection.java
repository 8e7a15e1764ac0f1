package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules the user wants, in the user's own words: an id ({@code KP404}), the beginning of ids
 * ({@code KP4}), a rule's name, or the name of a group ({@code service}).
 */
public final class Selection {

  private Selection() {}

  /**
   * The rules that are selected and not ignored, in the order given. What the profile leaves out
   * and what is off runs where its id or name is selected.
   *
   * @param select empty for all of the profile
   * @throws UserError when a word stands for no rule, or when no rule is left
   */
  public static List<Rule> of(
      List<Rule> rules, List<String> select, List<String> ignore, RuleChoices choices) {
    Set<Rule> chosen = select.isEmpty() ? new LinkedHashSet<>(rules) : matching(rules, select);
    chosen.removeIf(
        rule ->
            !choices.has(rule.info())
                && select.stream().noneMatch(word -> isCalled(rule, word.strip())));
    chosen.removeAll(matching(rules, ignore));
    if (chosen.isEmpty()) {
      throw new UserError(
          "no rule is left to run: selected "
              + String.join(",", select.isEmpty() ? List.of("all") : select)
              + ", ignored "
              + String.join(",", ignore.isEmpty() ? List.of("none") : ignore)
              + (choices.off().isEmpty() ? "" : ", off " + String.join(",", choices.off())));
    }
    return rules.stream().filter(chosen::contains).toList();
  }

  /**
   * The one rule that has an id or a name.
   *
   * @throws UserError when there is none
   */
  public static Rule one(List<Rule> rules, String word) {
    return find(rules, word).orElseThrow(() -> unknown(rules, word, false));
  }

  private static Optional<Rule> find(List<Rule> rules, String word) {
    return rules.stream().filter(rule -> isCalled(rule, word)).findFirst();
  }

  private static boolean isCalled(Rule rule, String word) {
    return rule.info().id().equalsIgnoreCase(word) || rule.info().name().equals(word);
  }

  private static Set<Rule> matching(List<Rule> rules, List<String> words) {
    Set<Rule> found = new LinkedHashSet<>();
    for (String word : words) {
      boolean known = false;
      for (Rule rule : rules) {
        if (matches(rule.info(), word.strip())) {
          found.add(rule);
          known = true;
        }
      }
      if (!known) {
        throw unknown(rules, word, true);
      }
    }
    return found;
  }

  private static boolean matches(RuleInfo rule, String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    return (upper.startsWith("KP") && rule.id().startsWith(upper))
        || rule.name().equals(word)
        || rule.group().equals(word);
  }

  /** What to say of the beginning of an id, where only a whole one may stand; else nothing. */
  public static String wholeIdHint(String word) {
    return word.matches("(?i)KP\\d{0,2}")
        ? "; the beginning of ids does not do here, a whole one is needed, such as KP404"
        : "";
  }

  private static UserError unknown(List<Rule> rules, String word, boolean groups) {
    List<String> known = new ArrayList<>();
    for (Rule rule : rules) {
      known.add(rule.info().id());
      known.add(rule.info().name());
      if (groups) {
        known.add(rule.info().group());
      }
    }
    return new UserError(
        "unknown rule"
            + (groups ? " or group: " : ": ")
            + word
            + Spelling.nearest(word, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; all of them are listed by: kubeproof rules"));
  }
}
