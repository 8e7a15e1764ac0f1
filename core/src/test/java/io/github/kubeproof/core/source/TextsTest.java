package io.github.kubeproof.core.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

  private static final String TEXT = "key: ä€😀\n";

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void everyEncodingOfYamlIsRead(String encoding) throws Refusal {
    Charset charset = Charset.forName(encoding);
    assertThat(Texts.decode(TEXT.getBytes(charset))).isEqualTo(TEXT);
    assertThat(Texts.decode(("\uFEFF" + TEXT).getBytes(charset))).isEqualTo(TEXT);
  }

  @Test
  void shortTextsAreRead() throws Refusal {
    assertThat(Texts.decode(new byte[0])).isEmpty();
    assertThat(Texts.decode("a".getBytes(UTF_8))).isEqualTo("a");
    assertThat(Texts.decode("abc".getBytes(UTF_8))).isEqualTo("abc");
  }

  @Test
  void aReplacementCharacterThatIsWrittenIsRead() throws Refusal {
    assertThat(Texts.decode("a: \uFFFD\n".getBytes(UTF_8))).isEqualTo("a: \uFFFD\n");
  }

  @Test
  void otherEncodingsAreRefusedWhereTheyShow() {
    Refusal refusal = refusal("a: ok\nb: ä\n".getBytes(ISO_8859_1));
    assertThat(refusal.kind()).isEqualTo(Problem.Kind.UNREADABLE);
    assertThat(refusal.span()).isEqualTo(Span.at(2, 4));
    assertThat(refusal).hasMessage("not text: invalid UTF-8");
  }

  @Test
  void nullBytesAreRefusedWhereTheyShow() {
    Refusal refusal = refusal("a: b\ncde\0".getBytes(UTF_8));
    assertThat(refusal.span()).isEqualTo(Span.at(2, 4));
    assertThat(refusal).hasMessage("not text: it holds a null byte");
    assertThat(refusal(new byte[1000])).hasMessage("not text: it holds a null byte");
  }

  @Test
  void excerptsAreShortAndInOneLine() {
    assertThat(Texts.excerpt("a\r\nb\u2028c")).isEqualTo("a b c");
    assertThat(Texts.excerpt("😀".repeat(100))).isEqualTo("😀".repeat(80) + "...");
  }

  private static Refusal refusal(byte[] bytes) {
    return catchThrowableOfType(Refusal.class, () -> Texts.decode(bytes));
  }
}
