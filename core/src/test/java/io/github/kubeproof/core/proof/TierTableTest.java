package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.proof.FlowTable.Case;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code tiers.yaml}, each flow read by all three readers. */
class TierTableTest {

  private static final Path CRDS = Path.of("..", "..", "shared", "oracle", "apiserver", "crds");

  static List<Case> cases() throws IOException {
    return FlowTable.cases("tiers.yaml");
  }

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  @Test
  void theTableIsLongEnough() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(80);
    assertThat(cases().stream().map(Case::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyReaderGivesEveryFlowItsVerdict(Case one) {
    FlowTable.assertVerdicts(one);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatNobodyKnowsIsSaid(Case one) {
    FlowTable.assertGaps(one);
  }

  /** The texts of the API types are the descriptions in the definitions made from them. */
  @Test
  void everySentenceIsInTheApi() throws IOException {
    assumeTrue(
        Files.isDirectory(CRDS), "the definitions of the policy kinds are not beside the project");
    try (Stream<Path> files = Files.list(CRDS)) {
      String api =
          files
              .filter(file -> file.getFileName().toString().startsWith("np_"))
              .sorted()
              .map(TierTableTest::text)
              .collect(Collectors.joining(" "));
      for (Case one : cases()) {
        assertThat(api).as(one.name()).contains(one.quotation());
        assertThat(one.lines("source:"))
            .as(one.name())
            .singleElement()
            .asString()
            .matches("network-policy-api v0\\.(1\\.7 apis/v1alpha1|2\\.0 apis/v1alpha2), .+");
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).replace("''", "'").replaceAll("\\s+", " ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
