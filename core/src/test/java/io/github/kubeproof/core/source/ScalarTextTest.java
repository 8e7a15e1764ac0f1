package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScalarTextTest {

  /** Where a word of the text under a key was written, as line:column. */
  private static String where(String yaml, String word) {
    Source source = new Source("test.yaml", yaml);
    Document document = new YamlReader(Limits.DEFAULT).read(source).documents().get(0);
    Place place = document.at(NodePath.ROOT.then("data", "Corefile"));
    String text = document.find(place.path()).flatMap(Node::asString).orElseThrow();
    int at = text.indexOf(word);
    String before = text.substring(0, at);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int column = at - before.lastIndexOf('\n');
    Span span = place.within(line, column, word.length());
    return span.line() + ":" + span.column() + "-" + span.endColumn();
  }

  @Test
  void literalsKeepTheirLines() {
    String yaml =
        """
        data:
          Corefile: |
            .:53 {
                errors

                log
            }
          other: x
        """;
    assertThat(where(yaml, "errors")).isEqualTo("4:9-15");
    assertThat(where(yaml, "log")).isEqualTo("6:9-12");
  }

  @Test
  void indentationMayBeSaidAndTheTextAnchored() {
    String yaml =
        """
        data:
          Corefile: &main !!str |2-
              .:53 {
                errors
            }
        """;
    assertThat(where(yaml, "errors")).isEqualTo("4:9-15");
  }

  @Test
  void windowsLinesAreLines() {
    assertThat(where("data:\r\n  Corefile: |\r\n    .:53 {\r\n      log\r\n    }\r\n", "log"))
        .isEqualTo("4:7-10");
  }

  @Test
  void escapesAreFollowed() {
    assertThat(where("data: { Corefile: \".:53 {\\n\\tlog \\\"x\\\"\\n}\\n\" }", "log"))
        .isEqualTo("1:30-33");
  }

  @Test
  void plainTextIsWhereItStands() {
    assertThat(where("data:\n  Corefile: http://cart:80\n", "cart")).isEqualTo("2:20-24");
    assertThat(where("data:\n  Corefile: 'http://cart:80'\n", "cart")).isEqualTo("2:21-25");
  }

  @Test
  void foldedTextIsShownAsAWhole() {
    String yaml = "data:\n  Corefile: >\n    one\n    two\n";
    assertThat(where(yaml, "two")).isEqualTo("2:13-8");
  }
}
