package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of the module's README: all rules there are, and what became of those planned. */
class CatalogueTest {

  private static final Path README = Path.of("README.md");
  private static final Path PLAN = Path.of("..", "..", "shared", "RULES.md");
  private static final Pattern PLANNED = Pattern.compile("(?m)^\\| (KP[0-6]\\d\\d) \\|");
  private static final Pattern ID = Pattern.compile("KP\\d\\d\\d");

  private static final Set<String> IDS =
      Rules.all().stream().map(rule -> rule.info().id()).collect(Collectors.toSet());

  /** The rows of the table below a heading, without its head. */
  private static List<String> rows(String heading) throws IOException {
    String text = Files.readString(README);
    int start = text.indexOf("\n## " + heading + "\n");
    assertThat(start).as("the heading %s", heading).isNotNegative();
    int end = text.indexOf("\n## ", start + 1);
    return text.substring(start, end < 0 ? text.length() : end)
        .lines()
        .filter(line -> line.startsWith("| KP"))
        .toList();
  }

  /** What became of each planned number. */
  private static Map<String, String> fates() throws IOException {
    Map<String, String> fates = new LinkedHashMap<>();
    for (String row : rows("The planned catalogue")) {
      String[] cells = row.split("\\|", -1);
      assertThat(fates.put(cells[1].strip(), cells[2].strip())).as("twice: %s", row).isNull();
    }
    return fates;
  }

  @Test
  void theIndexNamesEveryRule() throws IOException {
    assertThat(rows("All rules"))
        .containsExactlyElementsOf(Rules.all().stream().map(CatalogueTest::row).toList());
  }

  private static String row(Rule rule) {
    RuleInfo info = rule.info();
    return "| %s | %s | %s%s | %s | %s |"
        .formatted(
            info.id(),
            info.name(),
            info.severity().word(),
            info.strictOnly() ? ", strict" : "",
            info.fixability() == Fixability.NONE ? "" : info.fixability().word(),
            info.summary());
  }

  @Test
  void whatBecameOfAPlannedRuleIsARuleOrSaidSo() throws IOException {
    List<String> wrong = new ArrayList<>();
    fates()
        .forEach(
            (number, fate) -> {
              Set<String> named = new TreeSet<>();
              Matcher id = ID.matcher(fate);
              while (id.find()) {
                named.add(id.group());
              }
              boolean open = fate.equals("open");
              boolean known = IDS.containsAll(named) && !(open && IDS.contains(number));
              if (!known || (named.isEmpty() && !open && !fate.startsWith("none: "))) {
                wrong.add(number + ": " + fate);
              }
            });
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPlannedNumberIsInTheTable() throws IOException {
    assumeTrue(Files.exists(PLAN), "the plan is not beside the project");
    Set<String> planned = new TreeSet<>();
    Matcher number = PLANNED.matcher(Files.readString(PLAN));
    while (number.find()) {
      planned.add(number.group(1));
    }
    assertThat(planned).hasSizeGreaterThan(120);
    assertThat(new TreeSet<>(fates().keySet())).isEqualTo(planned);
  }
}
