package io.github.kubeproof.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.source.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectationTest {

  private static List<Expectation> in(String... lines) {
    return Expectation.in(new Source("case.yaml", "case.yaml", String.join("\n", lines)));
  }

  @Test
  void aCommentBehindSomethingMeansItsLine() {
    assertThat(in("a: 1", "b: 2 # expect: KP008"))
        .containsExactly(new Expectation("case.yaml", 2, 0, "KP008", "", ""));
  }

  @Test
  void commentsAloneMeanTheNextLineThatHoldsSomething() {
    assertThat(in("# expect: KP008", "# expect: KP009", "a: 1"))
        .containsExactly(
            new Expectation("case.yaml", 3, 0, "KP008", "", ""),
            new Expectation("case.yaml", 3, 0, "KP009", "", ""));
  }

  @Test
  void columnSeverityAndTextMayBeAskedFor() {
    assertThat(in("a: 1 # expect: 4 KP404 warning \"no pod\""))
        .containsExactly(new Expectation("case.yaml", 1, 4, "KP404", "warning", "no pod"));
  }

  @Test
  void whatIsNoExpectationIsRefused() {
    assertThatThrownBy(() -> in("a: 1 # expect: KP404 fatal"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("case.yaml:1");
  }
}
