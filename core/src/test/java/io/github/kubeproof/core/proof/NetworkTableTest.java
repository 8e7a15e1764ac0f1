package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.proof.FlowTable.Case;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code networks.yaml}, each flow read by all three readers. */
class NetworkTableTest {

  static List<Case> cases() throws IOException {
    return FlowTable.cases("networks.yaml");
  }

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  @Test
  void theTableIsLongEnough() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(20);
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
