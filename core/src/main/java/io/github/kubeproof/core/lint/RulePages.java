package io.github.kubeproof.core.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The pages of rules; each is read only when it is asked for. */
public final class RulePages {

  private final Map<String, Supplier<RulePage>> pages = new LinkedHashMap<>();

  public RulePages(List<? extends Rule> rules) {
    for (Rule rule : rules) {
      pages.put(rule.info().id(), () -> RulePage.of(rule));
    }
  }

  /**
   * The page of a rule.
   *
   * @throws IllegalStateException when the rule is not one of these, or has no page
   */
  public RulePage of(RuleInfo info) {
    Supplier<RulePage> page = pages.get(info.id());
    if (page == null) {
      throw new IllegalStateException("no rule " + info.id() + " among " + pages.keySet());
    }
    return page.get();
  }
}
