package io.github.kubeproof.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.source.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {

  @Test
  void aRangeIsTwoPortsWithADash() {
    assertThat(PortRange.of("30000-32767")).isEqualTo(new PortRange(30000, 32767));
    assertThat(PortRange.of("1-65535")).hasToString("1-65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30000", "32767-30000", "0-10", "1-65536", "a-b", "1-99999999999"})
  void anythingElseIsTheUsersMistake(String written) {
    assertThatThrownBy(() -> PortRange.of(written))
        .isInstanceOf(UserError.class)
        .hasMessage("not a range of ports, such as 30000-32767: " + written);
  }
}
