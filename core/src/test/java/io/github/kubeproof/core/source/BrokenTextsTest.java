package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Whatever is typed, the reader answers with documents and problems, never with an exception. */
class BrokenTextsTest {

  private static final String TEXT =
      """
      # a Service
      apiVersion: v1
      kind: Service
      metadata:
        name: web # kubeproof:ignore KP001
        annotations: &notes {a: "b\\tc", 'd': 'it''s'}
      spec:
        ports:
        - port: 80
          name: >-
            folded
            text
        - {port: 0x1F90, <<: *notes}
        script: |
          {{ if x }} # no comment
          {{ end }}
      ---
      {"json": ["ä€😀", 1.5e3, null, true]}
      ---
      ? key
      : !!int "12"
      ...
      """;
  private static final List<String> SPLINTERS =
      List.of(
          "\t",
          "\n",
          "\r",
          " ",
          ":",
          "-",
          "?",
          ",",
          "[",
          "]",
          "{",
          "}",
          "#",
          "&a ",
          "*a ",
          "*notes ",
          "!",
          "!!int ",
          "!<x> ",
          "|",
          ">",
          "|2\n",
          ">+ ",
          "'",
          "\"",
          "%",
          "@",
          "`",
          "\\",
          "\\U",
          "\\x",
          "<<: ",
          "~",
          "---\n",
          "...\n",
          "%TAG ! x\n",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\u0001",
          "😀",
          "{{",
          "{%",
          "}}",
          "!x! ",
          "kubeproof:");

  @RepeatedTest(20)
  void everyTextGetsAnAnswer(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    YamlReader reader = new YamlReader(new Limits(1 << 20, 10_000, 1_000, 20));
    for (int i = 0; i < 500; i++) {
      String text = broken(random);
      Source source = new Source("test.yaml", text);
      Loaded loaded = reader.read(source);
      for (Problem problem : loaded.problems()) {
        assertThat(problem.message()).as(text).doesNotContain("\n", "org.yaml").isNotBlank();
        assertThat(problem.span().line()).as(text).isLessThanOrEqualTo(source.lineCount() + 1);
      }
      assertThat(source.comments()).as(text).allMatch(comment -> comment.text().startsWith("#"));
    }
  }

  private static String broken(Random random) {
    StringBuilder text = new StringBuilder(TEXT);
    for (int breaks = 1 + random.nextInt(4); breaks > 0; breaks--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, SPLINTERS.get(random.nextInt(SPLINTERS.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(6)));
        default -> text.insert(at, text.substring(0, random.nextInt(30)));
      }
    }
    return text.toString();
  }
}
