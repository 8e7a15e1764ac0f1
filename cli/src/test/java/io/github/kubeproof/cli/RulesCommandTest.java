package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.rules.Rules;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class RulesCommandTest {

  @Test
  void theTableHasOneLineForEachRule() {
    Run run = Run.of("rules");
    assertThat(run.code()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines.get(0)).startsWith("ID ").contains(" FIX ").endsWith("SUMMARY");
    assertThat(lines)
        .anyMatch(line -> line.matches("KP304 .* proved +safe +a rule .*"))
        .anyMatch(line -> line.matches("KP101 .* proved +none +the policies .*"));
    assertThat(lines.stream().skip(1).map(line -> line.substring(0, 5)))
        .isSorted()
        .containsExactlyElementsOf(Rules.all().stream().map(rule -> rule.info().id()).toList());
  }

  @Test
  void theListIsJsonWhenAskedFor() {
    JsonArray rules = JsonParser.parseString(Run.of("rules", "-f", "json").out()).getAsJsonArray();
    assertThat(rules).hasSameSizeAs(Rules.all());
    JsonObject rule =
        StreamSupport.stream(rules.spliterator(), false)
            .map(JsonObject.class::cast)
            .filter(candidate -> candidate.get("id").getAsString().equals("KP407"))
            .findFirst()
            .orElseThrow();
    assertThat(rule.get("group").getAsString()).isEqualTo("service");
    assertThat(rule.get("severity").getAsString()).isEqualTo("error");
    assertThat(rule.get("fix").getAsString()).isEqualTo("safe");
    assertThat(rule.get("tags").toString()).contains('"' + RuleInfo.REJECTED + '"');
  }

  @Test
  void theFormatOfFindingsIsNotTheFormatOfTheList() {
    assertThat(Run.with(Map.of("KUBEPROOF_FORMAT", "sarif"), "rules")).isEqualTo(Run.of("rules"));
  }
}
