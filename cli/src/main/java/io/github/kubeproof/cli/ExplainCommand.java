package io.github.kubeproof.cli;

import io.github.kubeproof.cli.Console.Colours;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RulePage;
import io.github.kubeproof.core.lint.Selection;
import io.github.kubeproof.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubeproof explain}: the page of a rule. */
@Command(
    name = "explain",
    customSynopsis = "kubeproof explain [FLAG]... RULE",
    description = "Show the page of a rule: what to avoid, what to prefer, and why.")
final class ExplainCommand extends Job {

  @Parameters(
      paramLabel = "RULE",
      description = "Its id or its name: KP407, node-port-out-of-range.")
  private String rule = "";

  @Option(
      names = "--color",
      paramLabel = "auto|always|never",
      description = "When to colour; auto unless said otherwise.")
  private Colours color = Colours.AUTO;

  @Override
  int run(Console console) {
    List<Rule> explained = new ArrayList<>(Rules.all());
    explained.addAll(DiffReport.RULES);
    Rule found = Selection.one(explained, rule);
    Page page = new Page(console.colours(color));
    console.print(page.render(RulePage.of(found).markdown()));
    return Exit.CLEAN;
  }
}
