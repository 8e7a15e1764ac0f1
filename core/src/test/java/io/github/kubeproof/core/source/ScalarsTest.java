package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl made of each of these, asked with {@code kubectl annotate --local -o json}. */
class ScalarsTest {

  private static final Span HERE = Span.at(1, 1);

  @ParameterizedTest
  @ValueSource(strings = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
  void wordsOfAgreementAreTrue(String text) throws Refusal {
    assertThat(value(text)).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
  void wordsOfRefusalAreFalse(String text) throws Refusal {
    assertThat(value(text)).isEqualTo(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
  void nothingIsNull(String text) throws Refusal {
    assertThat(value(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "80, 80",
    "+1, 1",
    "-0, 0",
    "0777, 511",
    "0o777, 511",
    "0O17, 15",
    "-0o7, -7",
    "08, 8",
    "080, 80",
    "0120, 80",
    "0_7, 7",
    "1_000, 1000",
    "1__0, 10",
    "0x1F, 31",
    "0X1f, 31",
    "0x_1, 1",
    "+0x1, 1",
    "0b11, 3",
    "-0b11, -3",
    "80.0, 80",
    "5., 5",
    "-0.0, 0",
    "1e3, 1000",
    "12e03, 12000",
    ".5e3, 500",
    "1e18, 1000000000000000000",
    "9.2e18, 9200000000000000000",
    "123456789012345678.0, 123456789012345680",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "00, 0"
  })
  void wholeNumbersAreLongs(String text, long number) throws Refusal {
    assertThat(value(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    ".5, 0.5",
    "+.5, 0.5",
    "-.5, -0.5",
    "1.5_0, 1.5",
    "1.0e-7, 1e-7",
    "9.3e18, 9.3e18",
    "9223372036854775808, 9.223372036854775808e18",
    "18446744073709551615, 1.8446744073709552e19",
    "99999999999999999999, 1e20",
    "-9223372036854775809, -9.223372036854775808e18",
    "0xFFFFFFFFFFFFFFFF, 1.8446744073709552e19"
  })
  void otherNumbersAreDoubles(String text, double number) throws Refusal {
    assertThat(value(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "22:22",
        "2001-01-01",
        "2001-12-14t21:59:43.10-05:00",
        "1e400",
        "nULL",
        "tRUE",
        "=",
        "<<",
        "_1",
        "._5",
        ".",
        "-",
        "+",
        "0b",
        "0x",
        "0o8",
        "1.2.3.4",
        "10.0.0.0/8",
        "1e",
        "--flag=1",
        "+-1",
        ".5f",
        "1d",
        "0x1p-2",
        "0x1FFFFFFFFFFFFFFFF",
        "Infinity",
        "NaN",
        "٣"
      })
  void anythingElseIsAString(String text) throws Refusal {
    assertThat(value(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {".inf", "+.Inf", "-.INF", ".nan", ".NaN"})
  void whatJsonCannotWriteIsRefused(String text) {
    assertThatThrownBy(() -> value(text))
        .isInstanceOf(Refusal.class)
        .hasMessage(text + " is no number in JSON, so kubectl refuses the document");
  }

  @ParameterizedTest
  @CsvSource({
    "str, 12, 12",
    "str, ~, ~",
    "str, '', ''",
    "binary, aGVsbG8=, hello",
    "timestamp, 2001-01-01, 2001-01-01",
    "unheard-of, 12, 12"
  })
  void stringTagsMakeStrings(String tag, String text, String expected) throws Refusal {
    assertThat(tagged(tag, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"int, 12, 12", "int, 0x10, 16", "float, 3, 3", "float, 1e3, 1000"})
  void numberTagsReadQuotedTextAsNumbers(String tag, String text, long expected) throws Refusal {
    assertThat(tagged(tag, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"int, 3.5", "int, abc", "int, ''", "bool, 1", "null, a", "float, abc"})
  void tagsThatDoNotFitAreRefused(String tag, String text) {
    assertThatThrownBy(() -> tagged(tag, text))
        .hasMessage("\"" + text + "\" is tagged !!" + tag + " and is none");
  }

  @ParameterizedTest
  @CsvSource({
    "y, true",
    "off, false",
    "1, 1",
    "0777, 511",
    "1.50, 1.5",
    "80.0, 80",
    "1e3, 1000",
    "1e5, 100000",
    "1e6, 1e+06",
    "1e21, 1e+21",
    "100000000.0, 1e+08",
    "123456789.0, 1.2345679e+08",
    "0.1, 0.1",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "-1.5e-9, -1.5e-09",
    ".inf, .inf",
    "1e39, .inf",
    "2001-01-01, 2001-01-01",
    "app, app"
  })
  void keysAreText(String text, String key) throws Refusal {
    assertThat(Scalars.key(Scalars.plain(text), text, HERE)).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "~, 'a key is null, so kubectl refuses the document'",
    "18446744073709551615, 'the key 18446744073709551615 is too big a number, so kubectl refuses the document'"
  })
  void keysThatCannotBeTextAreRefused(String text, String message) {
    assertThatThrownBy(() -> Scalars.key(Scalars.plain(text), text, HERE)).hasMessage(message);
  }

  private static Object value(String text) throws Refusal {
    return Scalars.value(Scalars.plain(text), text, HERE);
  }

  private static Object tagged(String tag, String text) throws Refusal {
    return Scalars.value(Scalars.tagged("tag:yaml.org,2002:" + tag, text, HERE), text, HERE);
  }
}
