package io.github.kubeproof.cli;

import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubeproof rules}: all of them, one a line. */
@Command(
    name = "rules",
    customSynopsis = "kubeproof rules [FLAG]...",
    description = "List all rules.",
    footer = {"", "'kubeproof explain KP404' shows the page of a rule."})
final class RulesCommand extends Job {

  /** How to list them. */
  enum Listing {
    TABLE,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = {"-f", "--format"},
      paramLabel = "table|json",
      description = "How to list them; table unless said otherwise.")
  private Listing format = Listing.TABLE;

  @Override
  int run(Console console) {
    List<RuleInfo> rules = Rules.all().stream().map(Rule::info).toList();
    console.print(format == Listing.JSON ? json(rules) : table(rules));
    return Exit.CLEAN;
  }

  private static String table(List<RuleInfo> rules) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "NAME", "SEVERITY", "CONFIDENCE", "FIX", "SUMMARY"));
    for (RuleInfo rule : rules) {
      rows.add(
          List.of(
              rule.id(),
              rule.name(),
              rule.severity().word(),
              rule.confidence().word(),
              rule.fixability().word(),
              rule.summary()));
    }
    StringBuilder table = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size() - 1; column++) {
        table.append(row.get(column));
        table.append(" ".repeat(width(rows, column) - row.get(column).length() + 2));
      }
      table.append(row.get(row.size() - 1)).append('\n');
    }
    return table.toString();
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String json(List<RuleInfo> rules) {
    return rules.stream()
        .map(RulesCommand::json)
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  private static String json(RuleInfo rule) {
    String tags = rule.tags().stream().map(Text::json).collect(Collectors.joining(", ", "[", "]"));
    return "  { \"id\": "
        + Text.json(rule.id())
        + ", \"name\": "
        + Text.json(rule.name())
        + ", \"group\": "
        + Text.json(rule.group())
        + ", \"severity\": "
        + Text.json(rule.severity().word())
        + ", \"confidence\": "
        + Text.json(rule.confidence().word())
        + ", \"fix\": "
        + Text.json(rule.fixability().word())
        + ", \"tags\": "
        + tags
        + ", \"summary\": "
        + Text.json(rule.summary())
        + " }";
  }
}
