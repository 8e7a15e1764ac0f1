package io.github.kubeproof.cli;

import io.github.kubeproof.core.config.Configuration;
import io.github.kubeproof.core.config.Schema;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.rules.Rules;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kubeproof config}: what may stand in a configuration, and what holds. */
@Command(
    name = "config",
    customSynopsis = {"kubeproof config show [FLAG]... [PATH]...", "      kubeproof config schema"},
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "show: every setting of lint for an input, with its value and where that comes from.",
      "schema: the JSON Schema of .kubeproof.yaml, for editors."
    })
final class ConfigCommand extends Job {

  enum Task {
    SHOW,
    SCHEMA;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(index = "0", paramLabel = "show|schema", description = "What to do.")
  private Task task = Task.SHOW;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PATH",
      description = "The input; the current folder unless said otherwise.")
  private List<String> paths = List.of();

  @Mixin private SettingFlags settings = new SettingFlags();

  @Mixin private JudgementFlags judgement = new JudgementFlags();

  @Override
  int run(Console console) {
    console.print(
        task == Task.SCHEMA
            ? Schema.text(Rules.all().stream().map(Rule::info).toList())
            : values(console.environment()));
    return Exit.CLEAN;
  }

  private String values(Map<String, String> environment) {
    List<String> arguments = paths.isEmpty() ? List.of(".") : paths;
    Configuration configuration = judgement.over(settings.configuration(arguments));
    Map<String, String> values = configuration.values();
    int keys = width(values.keySet());
    int texts = width(values.values());
    StringBuilder table = new StringBuilder();
    values.forEach(
        (key, value) ->
            table
                .append(padded(key, keys))
                .append(padded(value.isEmpty() ? "-" : value, texts))
                .append(settings.origin(key, configuration, environment))
                .append('\n'));
    return table.toString();
  }

  private static final int WIDEST = 40;

  private static int width(Iterable<String> texts) {
    int width = 1;
    for (String text : texts) {
      width = Math.max(width, Math.min(WIDEST, text.length()));
    }
    return width;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()) + 2);
  }
}
