package io.github.kubeproof.core.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSpaceTest {

  private static boolean isIn(AddressSpace space, Endpoint endpoint) {
    Flow flow = new Flow(endpoint, new Host("node", List.of()), Protocol.TCP, 80);
    return FlowEvaluator.contains(space.at(End.FROM), flow);
  }

  private static Endpoint outside(String address) {
    return new Outside(Address.of(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "223.255.255.255"})
  void hostsOfTheInternetHavePublicAddresses(String address) {
    assertThat(isIn(AddressSpace.INTERNET_IPV4, outside(address))).isTrue();
    assertThat(isIn(AddressSpace.PRIVATE, outside(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1", "100.64.0.1", "169.254.20.10", "172.31.255.255", "192.168.1.1"})
  void clustersUsePrivateAddresses(String address) {
    assertThat(isIn(AddressSpace.PRIVATE, outside(address))).isTrue();
    assertThat(isIn(AddressSpace.INTERNET_IPV4, outside(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.2.3", "127.0.0.1", "203.0.113.1", "224.0.0.1", "255.255.255.255"})
  void someAddressesAreNeither(String address) {
    assertThat(isIn(AddressSpace.PRIVATE, outside(address))).isFalse();
    assertThat(isIn(AddressSpace.INTERNET_IPV4, outside(address))).isFalse();
    assertThat(isIn(AddressSpace.IPV4, outside(address))).isTrue();
    assertThat(isIn(AddressSpace.IPV6, outside(address))).isFalse();
  }

  @Test
  void familiesAreApart() {
    assertThat(isIn(AddressSpace.INTERNET_IPV6, outside("2600::1"))).isTrue();
    assertThat(isIn(AddressSpace.INTERNET_IPV6, outside("2001:db8::1"))).isFalse();
    assertThat(isIn(AddressSpace.INTERNET_IPV6, outside("fd00::1"))).isFalse();
    assertThat(isIn(AddressSpace.PRIVATE, outside("fd00::1"))).isTrue();
    assertThat(isIn(AddressSpace.IPV4, outside("::1"))).isFalse();
  }

  @Test
  void podsAreInNoSpace() {
    List<Address> addresses = List.of(Address.of("10.0.0.1"));
    Pod pod = new Pod("shop/web", 0, "shop", Map.of(), Map.of(), Map.of(), addresses);
    assertThat(isIn(AddressSpace.PRIVATE, pod)).isFalse();
    assertThat(isIn(AddressSpace.PRIVATE, new Host("node", addresses))).isTrue();
  }
}
