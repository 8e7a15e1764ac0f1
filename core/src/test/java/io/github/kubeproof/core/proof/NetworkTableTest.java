package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code networks.yaml}, each flow read by all three readers. */
class NetworkTableTest extends FlowTable {

  NetworkTableTest() {
    super("networks.yaml", 21);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyCaseSaysWhatItRestsOn(Case one) {
    assertThat(one.quotation()).isNotEmpty();
    assertThat(one.lines("source:"))
        .singleElement()
        .asString()
        .matches("(ovn-kubernetes|kubevirt) (docs|go-controller|pkg)/[\\w./-]+, .+");
  }
}
