package io.github.kubeproof.core.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.source.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private record Silent(RuleInfo info) implements Rule {
    @Override
    public void check(Cluster cluster, Connectivity connectivity, Findings findings) {}
  }

  private static final List<Rule> RULES =
      List.of(
          new Silent(RuleInfo.rejected("KP008", "end-port-below-port", "")),
          new Silent(RuleInfo.rejected("KP404", "dead-target-port", "")),
          new Silent(RuleInfo.rejected("KP407", "node-port-out-of-range", "")));

  @Test
  void withoutWordsEveryRuleIsSelected() {
    assertThat(ids(List.of(), List.of())).containsExactly("KP008", "KP404", "KP407");
  }

  @Test
  void aGroupIsNamedByTheBeginningOfItsIdsOrByItsWord() {
    assertThat(ids(List.of("KP4"), List.of())).containsExactly("KP404", "KP407");
    assertThat(ids(List.of("service"), List.of())).containsExactly("KP404", "KP407");
  }

  @Test
  void aRuleIsNamedByIdInAnyLetterCaseOrByName() {
    assertThat(ids(List.of("kp407"), List.of())).containsExactly("KP407");
    assertThat(ids(List.of("end-port-below-port"), List.of())).containsExactly("KP008");
  }

  @Test
  void rulesKeepTheirOwnOrder() {
    assertThat(ids(List.of("KP407", "KP008"), List.of())).containsExactly("KP008", "KP407");
  }

  @Test
  void ignoringWinsOverSelecting() {
    assertThat(ids(List.of("service"), List.of("KP404"))).containsExactly("KP407");
  }

  @Test
  void aWordForNoRuleIsTheUsersMistake() {
    assertThatThrownBy(() -> ids(List.of("KP4040"), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessage("unknown rule or group: KP4040; did you mean KP404?");
    assertThatThrownBy(() -> ids(List.of(), List.of("zzzzzzzz")))
        .isInstanceOf(UserError.class)
        .hasMessage("unknown rule or group: zzzzzzzz; all of them are listed by: kubeproof rules");
    assertThatThrownBy(() -> ids(List.of(""), List.of())).isInstanceOf(UserError.class);
  }

  @Test
  void strictRulesRunInTheirProfileOrByName() {
    List<Rule> rules = new ArrayList<>(RULES);
    rules.add(
        new Silent(
            RuleInfo.of("KP420", "node-port", Severity.WARNING, Confidence.PROVED, "")
                .onlyStrict()));
    RuleChoices strict = RuleChoices.NONE.withProfile(Profile.STRICT);

    assertThat(Selection.of(rules, List.of(), List.of(), RuleChoices.NONE)).hasSize(3);
    assertThat(Selection.of(rules, List.of("KP4"), List.of(), RuleChoices.NONE)).hasSize(2);
    assertThat(Selection.of(rules, List.of("KP4", "KP420"), List.of(), RuleChoices.NONE))
        .hasSize(3);
    assertThat(Selection.of(rules, List.of(), List.of(), strict)).hasSize(4);
  }

  @Test
  void whatIsOffRunsWhereItIsSelectedByName() {
    RuleChoices off =
        new RuleChoices(
            Profile.RECOMMENDED, Map.of(), Set.of("KP407"), List.of(), List.of(), false);

    assertThat(ids(List.of(), List.of(), off)).containsExactly("KP008", "KP404");
    assertThat(ids(List.of("service"), List.of(), off)).containsExactly("KP404");
    assertThat(ids(List.of("KP407"), List.of(), off)).containsExactly("KP407");
  }

  @Test
  void aRunWithoutRulesIsRefused() {
    assertThatThrownBy(() -> ids(List.of("KP404"), List.of("KP4")))
        .isInstanceOf(UserError.class)
        .hasMessage("no rule is left to run: selected KP404, ignored KP4");
  }

  @Test
  void oneRuleIsFoundByIdOrName() {
    assertThat(Selection.one(RULES, "kp008").info().id()).isEqualTo("KP008");
    assertThat(Selection.one(RULES, "dead-target-port").info().id()).isEqualTo("KP404");
    assertThatThrownBy(() -> Selection.one(RULES, "service"))
        .isInstanceOf(UserError.class)
        .hasMessage("unknown rule: service; all of them are listed by: kubeproof rules");
  }

  private static List<String> ids(List<String> select, List<String> ignore) {
    return ids(select, ignore, RuleChoices.NONE);
  }

  private static List<String> ids(List<String> select, List<String> ignore, RuleChoices choices) {
    return Selection.of(RULES, select, ignore, choices).stream()
        .map(rule -> rule.info().id())
        .toList();
  }
}
