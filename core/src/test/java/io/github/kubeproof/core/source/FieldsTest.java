package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

  private static Fields read(String text) {
    return Fields.read(new Source("my.yaml", text));
  }

  private static void refused(String text, Consumer<Fields> reader, String message) {
    assertThatThrownBy(() -> reader.accept(read(text)))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  @Test
  void valuesHaveTheirTypes() {
    Fields fields =
        read(
            """
            name: web
            version: 1.30
            count: 3
            list: [a, "1"]
            numbers: [53, 5353]
            labels: { app: web, tier: "1" }
            empty:
            maps:
              - { x: 1 }
              - { x: 2 }
            """);

    assertThat(fields.text("name")).contains("web");
    assertThat(fields.textOrNumber("version")).contains("1.30");
    assertThat(fields.number("count")).hasValue(3);
    assertThat(fields.texts("list")).containsExactly("a", "1");
    assertThat(fields.numbers("numbers")).containsExactly(53, 5353);
    assertThat(fields.strings("labels")).containsEntry("app", "web").containsEntry("tier", "1");
    assertThat(fields.text("empty")).isEmpty();
    assertThat(fields.keys()).doesNotContain("empty").contains("maps");
    assertThat(fields.allFields("maps")).map(map -> map.number("x").orElse(0)).contains(1, 2);
    assertThat(fields.at("count")).hasToString("my.yaml:3:8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing yet\n", "---\n"})
  void nothingIsAnEmptyMap(String text) {
    assertThat(read(text).keys()).isEmpty();
  }

  @Test
  void unknownKeysAreToldWithWhatWasMeant() {
    refused(
        "a: 1\nclutser: {}\n",
        fields -> fields.only("a", "cluster"),
        "my.yaml:2:1: unknown key \"clutser\"; did you mean cluster?");
    refused(
        "whatever: 1\n",
        fields -> fields.only("a", "b"),
        "my.yaml:1:1: unknown key \"whatever\"; known here: a, b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          a: true      | my.yaml:1:4: a must be a string, not the boolean true; put it in quotes
          a: [x]       | my.yaml:1:1: a must be a string, not a list
          a: 7         | my.yaml:1:4: a must be a string, not the number 7; put it in quotes
          """)
  void stringsAreStrings(String text, String message) {
    refused(text, fields -> fields.text("a"), message);
  }

  @Test
  void otherTypesAreCheckedToo() {
    refused(
        "a: x", f -> f.number("a"), "my.yaml:1:4: a must be a whole number, not the string \"x\"");
    refused(
        "a: 1.5", f -> f.number("a"), "my.yaml:1:4: a must be a whole number, not the number 1.5");
    refused("a: x", f -> f.texts("a"), "my.yaml:1:4: a must be a list, not the string \"x\"");
    refused("a: [x]", f -> f.fields("a"), "my.yaml:1:1: a must be a map, not a list");
    refused("a: [x, [y]]", f -> f.texts("a"), "my.yaml:1:8: this must be a string, not a list");
    refused("- x", f -> {}, "my.yaml:1:1: the file must be a map, not a list");
  }

  @Test
  void brokenFilesAreErrorsOfTheUser() {
    refused("a: 1\na: 2\n", f -> {}, "my.yaml:2:1: the key \"a\" stands in line 1 already");
    refused("a: 1\n---\nb: 1\n", f -> {}, "my.yaml:2: only one document may stand in it");
    assertThatThrownBy(() -> read("a: [1\n"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("my.yaml:");
  }
}
