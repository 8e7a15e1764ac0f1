package io.github.kubeproof.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import org.junit.jupiter.api.Test;

class CelTest {

  private static boolean isKept(String rule, String yaml) {
    Node self =
        new YamlReader(Limits.DEFAULT)
            .read(new Source("test.yaml", yaml))
            .documents()
            .get(0)
            .root();
    return Cel.of(rule).isKept(self);
  }

  @Test
  void fieldsThatAreThereAreCompared() {
    assertThat(isKept("self.start < self.end", "{start: 1, end: 2}")).isTrue();
    assertThat(isKept("self.start < self.end", "{start: 2, end: 2}")).isFalse();
    assertThat(isKept("has(self.a) && !has(self.b)", "{a: 0}")).isTrue();
    assertThat(isKept("has(self.a) && !has(self.b)", "{a: 0, b: null}")).isTrue();
    assertThat(isKept("has(self.a) && !has(self.b)", "{a: 0, b: 0}")).isFalse();
    assertThat(isKept("has(self.a) ? self.a == 'x' : true", "{b: 1}")).isTrue();
  }

  @Test
  void itemsAreCounted() {
    String unique = "self.l.all(a, self.l.exists_one(b, a.k == b.k))";

    assertThat(isKept(unique, "{l: [{k: a}, {k: b}]}")).isTrue();
    assertThat(isKept(unique, "{l: [{k: a}, {k: a}]}")).isFalse();
    assertThat(isKept("self.l.size() > 1", "{l: [1, 2]}")).isTrue();
    assertThat(isKept("self.l.filter(x, x == 1).size() == 0", "{l: [1, 2]}")).isFalse();
    assertThat(isKept("self.l.exists(x, x in ['a', 'b'])", "{l: [c, b]}")).isTrue();
  }

  @Test
  void aRuleThatFailsIsNotKept() {
    assertThat(isKept("self.a == 1", "{b: 1}")).isFalse();
    assertThat(isKept("self.a == 1 || true", "{b: 1}")).isTrue();
    assertThat(isKept("self.a == 1 && false || true", "{b: 1}")).isTrue();
  }

  @Test
  void textsAreReadAsGoReadsThem() {
    assertThat(isKept("self.t.matches('^[a-z]+$')", "{t: \"ab\"}")).isTrue();
    // a dollar is no end of a line
    assertThat(isKept("self.t.matches('^[a-z]+$')", "{t: \"ab\\n\"}")).isFalse();
    assertThat(isKept("isCIDR(self.t)", "{t: 10.0.0.0/8}")).isTrue();
    assertThat(isKept("isCIDR(self.t)", "{t: 10.00.0.0/8}")).isFalse();
    assertThat(isKept("isCIDR(self.t)", "{t: \"2001:db8::/129\"}")).isFalse();
    assertThat(isKept("isCIDR(self.t)", "{t: \"" + ":".repeat(100_000) + "\"}")).isFalse();
  }

  @Test
  void textsTooLongToTellPass() {
    String rule = "self.t.matches('^([a-z]\\\\.)+$')";

    assertThat(isKept(rule, "{t: " + "a.".repeat(2000) + "}")).isTrue();
    assertThat(isKept(rule, "{t: " + "a.".repeat(2000) + "b}")).isFalse();
    assertThat(isKept(rule, "{t: " + "a.".repeat(100_000) + "b}")).isTrue();
  }

  @Test
  void whatIsNotKnownOfTheLanguageIsToldWhenTheRuleIsRead() {
    assertThatThrownBy(() -> Cel.of("self.a.reverse()"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("reverse");
    assertThatThrownBy(() -> Cel.of("self.a &&")).isInstanceOf(IllegalStateException.class);
  }
}
