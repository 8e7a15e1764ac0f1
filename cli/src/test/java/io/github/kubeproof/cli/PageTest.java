package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageTest {

  private static final String MARKDOWN =
      """
      # KP999 a-fault

      A `port` is **wrong**, see
      [the page](https://example.org).

      ```yaml
      - a:  1   # kept   as it is

        b: 2
      ```

      - one item that goes on for so long that it does not fit into one line of ninety columns, so
        it is broken
      - another
      """;

  @Test
  void withoutColoursItIsPlainText() {
    assertThat(new Page(false).render(MARKDOWN))
        .isEqualTo(
            """
            KP999 a-fault

            A `port` is wrong, see the page (https://example.org).

                - a:  1   # kept   as it is

                  b: 2

            - one item that goes on for so long that it does not fit into one line of ninety columns,
              so it is broken
            - another
            """);
  }

  @Test
  void withColoursHeadingsAndCodeStandOut() {
    assertThat(new Page(true).render(MARKDOWN))
        .startsWith(
            "\u001b[1mKP999 a-fault\u001b[0m\n\nA \u001b[36mport\u001b[0m is \u001b[1mwrong\u001b[0m,")
        .contains("\n    - a:  1   # kept   as it is\n");
  }
}
