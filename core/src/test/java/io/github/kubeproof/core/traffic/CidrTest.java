package io.github.kubeproof.core.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8, 10.255.255.255",
    "10.1.2.3/8, 10.0.0.0/8, 10.255.255.255",
    "0.0.0.0/0, 0.0.0.0/0, 255.255.255.255",
    "192.168.1.1/32, 192.168.1.1/32, 192.168.1.1",
    "010.000.0.1/32, 10.0.0.1/32, 10.0.0.1",
    "010.0.0.0/08, 10.0.0.0/8, 10.255.255.255",
    "::ffff:10.0.0.0/104, 10.0.0.0/8, 10.255.255.255",
    "::ffff:255.255.255.255/128, 255.255.255.255/32, 255.255.255.255",
    "::/0, ::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:DB8::/32, 2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "fd00::1:0:0:1/64, fd00::/64, fd00::ffff:ffff:ffff:ffff",
    "64:ff9b::192.0.2.1/128, 64:ff9b::c000:201/128, 64:ff9b::c000:201",
  })
  void aBlockRunsFromItsFirstToItsLastAddress(String text, String written, String last) {
    Cidr block = Cidr.of(text);
    assertThat(block).hasToString(written);
    assertThat(block.last()).isEqualTo(Address.of(last));
    assertThat(block.contains(block.first())).isTrue();
    assertThat(block.contains(block.last())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0",
        "10.0.0/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "256.0.0.0/8",
        " 10.0.0.0/8",
        "10.0.0.0/8 ",
        "*",
        "::/129",
        "1::2::3/64",
        ":::/0",
        "1:2:3:4:5:6:7/64",
        "1:2:3:4:5:6:7:8:9/64",
        "12345::/16",
        "fe80::1%eth0/64",
        "10.0.0.0.0/8",
        "::10.0.0/96",
        "1:2:3:4:5:6:7::8/64"
      })
  void nonsenseIsNoBlock(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }

  @Test
  void onlyAWholeMappedBlockIsIpv4() {
    assertThat(Cidr.of("::ffff:10.0.0.0/95").first().v6()).isTrue();
    assertThat(Cidr.of("::fffe:10.0.0.0/104").first().v6()).isTrue();
  }

  @Test
  void familiesNeverOverlap() {
    assertThat(Cidr.of("::/0").contains(Address.of("10.0.0.1"))).isFalse();
    assertThat(Cidr.of("0.0.0.0/0").contains(Address.of("::a00:1"))).isFalse();
    assertThat(Cidr.of("::/0").contains(Cidr.of("0.0.0.0/0"))).isFalse();
  }

  @Test
  void aBlockContainsSmallerOnesOfItsOwn() {
    assertThat(Cidr.of("10.0.0.0/8").contains(Cidr.of("10.2.0.0/16"))).isTrue();
    assertThat(Cidr.of("10.0.0.0/8").contains(Cidr.of("10.0.0.0/8"))).isTrue();
    assertThat(Cidr.of("10.2.0.0/16").contains(Cidr.of("10.0.0.0/8"))).isFalse();
    assertThat(Cidr.of("10.0.0.0/8").contains(Address.of("11.0.0.0"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "0:0:1::, 0:0:1::",
    "::, ::",
    "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
    "::1, ::1"
  })
  void addressesAreWrittenAsRfc5952Wants(String text, String written) {
    assertThat(Address.of(text)).hasToString(written);
  }
}
