package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RulePage;
import io.github.kubeproof.core.testkit.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs every rule on the examples of its page and on its fixtures. */
class RulePagesTest {

  private static final Path FIXTURES = Path.of("src", "test", "resources");

  @TestFactory
  Stream<DynamicNode> everyRuleFindsWhatItsPageAndFixturesSay() {
    return Rules.all().stream().map(RulePagesTest::tests);
  }

  private static DynamicNode tests(Rule rule) {
    try {
      List<DynamicNode> tests = new ArrayList<>();
      List<Case> examples = Case.ofPage(rule);
      tests.add(
          dynamicTest(
              "the page has an example that is found and one that is clean",
              () -> {
                assertThat(examples).anyMatch(example -> example.expected() > 0);
                assertThat(examples).anyMatch(example -> example.expected() == 0);
              }));
      tests.add(
          dynamicTest(
              "the page has its five parts",
              () ->
                  assertThat(RulePage.of(rule).markdown())
                      .startsWith("# " + rule.info().id() + " " + rule.info().name() + "\n")
                      .contains(
                          "\n## Avoid\n",
                          "\n## Prefer\n",
                          "\n## Why\n",
                          "\n## When not\n",
                          "\n## References\n")));
      examples.forEach(
          example -> tests.add(dynamicTest(example.name(), () -> example.check(rule))));
      for (Case bad : Case.ofFolder(FIXTURES.resolve(rule.info().id()).resolve("bad"))) {
        tests.add(
            dynamicTest(
                "bad: " + bad.name(),
                () -> {
                  assertThat(bad.expected()).isPositive();
                  bad.check(rule);
                }));
      }
      for (Case good : Case.ofFolder(FIXTURES.resolve(rule.info().id()).resolve("good"))) {
        tests.add(
            dynamicTest(
                "good: " + good.name(),
                () -> {
                  assertThat(good.expected()).isZero();
                  good.check(rule);
                }));
      }
      return dynamicContainer(rule.info().id() + " " + rule.info().name(), tests);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void idsAndNamesAreUnique() {
    assertThat(Rules.all()).extracting(rule -> rule.info().id()).doesNotHaveDuplicates();
    assertThat(Rules.all()).extracting(rule -> rule.info().name()).doesNotHaveDuplicates();
  }

  @Test
  void theNameIsThatOfTheClass() {
    assertThat(Rules.all())
        .allSatisfy(
            rule ->
                assertThat(
                        rule.getClass()
                            .getSimpleName()
                            .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                            .toLowerCase(java.util.Locale.ROOT))
                    .isEqualTo(rule.info().name()));
  }

  @Test
  void everyFixtureBelongsToARule() throws IOException {
    List<String> ids = Rules.all().stream().map(rule -> rule.info().id()).toList();
    try (Stream<Path> folders = Files.list(FIXTURES)) {
      assertThat(
              folders
                  .map(folder -> folder.getFileName().toString())
                  .filter(name -> name.startsWith("KP")))
          .allMatch(ids::contains);
    }
  }
}
