package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.rules.Rules;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {

  @Test
  void aRuleIsExplainedByIdInAnyLetterCaseOrByName() {
    Rule rule =
        Rules.all().stream().filter(r -> r.info().id().equals("KP407")).findFirst().orElseThrow();
    Run run = Run.of("explain", "KP407");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("KP407", "Avoid", "References").doesNotContain("```");
    assertThat(Run.of("explain", "kp407")).isEqualTo(run);
    assertThat(Run.of("explain", rule.info().name())).isEqualTo(run);
  }

  @Test
  void everyRuleHasAPage() {
    for (Rule rule : Rules.all()) {
      assertThat(Run.of("explain", rule.info().id()).out()).contains(rule.info().name());
    }
  }

  @Test
  void whatDiffFindsIsExplained() {
    assertThat(Run.of("explain", "KP191").out()).startsWith("KP191 traffic-opened");
    assertThat(Run.of("explain", "traffic-closed").out()).startsWith("KP192 traffic-closed");
  }
}
