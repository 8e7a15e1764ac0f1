package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The cases of {@code tiers.yaml}, each flow read by all three readers. */
class TierTableTest extends FlowTable {

  private static final Path CRDS = Path.of("..", "..", "shared", "oracle", "apiserver", "crds");

  TierTableTest() {
    super("tiers.yaml", 81);
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
