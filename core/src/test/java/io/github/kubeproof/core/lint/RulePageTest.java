package io.github.kubeproof.core.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.cluster.Cluster;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulePageTest {

  private abstract static class Named implements Rule {
    @Override
    public RuleInfo info() {
      return RuleInfo.of("KP499", "named", Severity.INFO, Confidence.PROVED, "a rule");
    }

    @Override
    public void check(Cluster cluster, Connectivity connectivity, Findings findings) {}
  }

  private static final class WellKnown extends Named {}

  private static final class NeverExplained extends Named {}

  private static final class Untitled extends Named {}

  @Test
  void thePageBesideTheClassIsRead() {
    RulePage page = RulePage.of(new WellKnown());
    assertThat(page.title()).isEqualTo("KP499 named");
    assertThat(page.summary()).isEqualTo("`endPort` may be a number only, or nothing at all.");
    assertThat(page.markdown())
        .isEqualTo(
            "# KP499 named\n\n`endPort` may be a number only,\nor nothing at all.\n\n## Why\n\nSo.\n");
  }

  @Test
  void aRuleWithoutAPageIsOurFault() {
    assertThatThrownBy(() -> RulePage.of(new NeverExplained()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("rule KP499 has no page: NeverExplained.md is not beside its class");
  }

  @Test
  void aPageStartsWithATitleAndAParagraph() {
    assertThatThrownBy(() -> RulePage.of(new Untitled()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Untitled.md must start with a line \"# title\"");
  }

  @Test
  void pagesAreReadOnlyWhenAskedFor() {
    RulePages pages = new RulePages(List.of(new NeverExplained()));
    assertThatThrownBy(() -> pages.of(new NeverExplained().info()))
        .hasMessageContaining("has no page");
    RuleInfo stranger =
        RuleInfo.of("KP498", "stranger", Severity.INFO, Confidence.PROVED, "a rule");
    assertThatThrownBy(() -> pages.of(stranger)).hasMessage("no rule KP498 among [KP499]");
  }
}
