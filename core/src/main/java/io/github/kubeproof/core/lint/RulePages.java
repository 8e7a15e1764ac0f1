package io.github.kubeproof.core.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages of rules; each is read only when it is asked for. */
public final class RulePages {

  private final Map<String, Rule> rules = new LinkedHashMap<>();

  public RulePages(List<? extends Rule> rules) {
    for (Rule rule : rules) {
      this.rules.put(rule.info().id(), rule);
    }
  }

  /**
   * The page of a rule.
   *
   * @throws IllegalStateException when the rule is not one of these, or has no page
   */
  public RulePage of(RuleInfo info) {
    Rule rule = rules.get(info.id());
    if (rule == null) {
      throw new IllegalStateException("no rule " + info.id() + " among " + rules.keySet());
    }
    return RulePage.of(rule);
  }
}
