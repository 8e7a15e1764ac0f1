package io.github.kubeproof.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void portNamesNeedALetterAndAreShort() {
    assertThat(List.of("http", "8080-tcp", "a", "abcdefghijklmno", "h2c-1"))
        .allSatisfy(name -> assertThat(Names.flawOfPort(name)).isEmpty());
    assertThat(Names.flawOfPort("")).hasValue("is empty");
    assertThat(Names.flawOfPort("abcdefghijklmnop")).hasValue("is longer than 15 characters");
    assertThat(Names.flawOfPort("my_port"))
        .hasValue("has other characters than lower-case letters, digits and hyphens");
    assertThat(Names.flawOfPort("8000-9000")).hasValue("has no letter");
    assertThat(Names.flawOfPort("my--port")).hasValue("has two hyphens in a row");
    assertThat(Names.flawOfPort("http-")).hasValue("begins or ends with a hyphen");
  }

  @Test
  void dnsLabelsHaveNoDots() {
    assertThat(Names.flawOfDnsLabel("80")).isEmpty();
    assertThat(Names.flawOfDnsLabel("a".repeat(63))).isEmpty();
    assertThat(List.of("my.port", "-http", "http-", "HTTP", "a_b", "a".repeat(64), ""))
        .allSatisfy(name -> assertThat(Names.flawOfDnsLabel(name)).isPresent());
  }

  @Test
  void namesOfServicesBeginWithALetter() {
    assertThat(Names.flawOfService("web-1")).isEmpty();
    assertThat(Names.flawOfService("1-web")).isPresent();
  }

  @Test
  void dnsNamesAreLabelsWithDotsBetween() {
    assertThat(Names.flawOfDnsName("a.b-c.1")).isEmpty();
    assertThat(Names.flawOfDnsName("a".repeat(253))).isEmpty();
    assertThat(List.of("a..b", "a.", ".a", "A.b", "a_b", "a".repeat(254)))
        .allSatisfy(name -> assertThat(Names.flawOfDnsName(name)).isPresent());
  }

  @Test
  void labelKeysMayHaveADnsNameBefore() {
    assertThat(List.of("app", "app.kubernetes.io/name", "A_b.C-d", "x/y"))
        .allSatisfy(key -> assertThat(Names.flawOfLabelKey(key)).isEmpty());
    assertThat(Names.flawOfLabelKey("/x")).hasValue("has a prefix before the slash that is empty");
    assertThat(Names.flawOfLabelKey("Foo.com/x")).get().asString().contains("is no DNS name");
    assertThat(Names.flawOfLabelKey("a/b/c")).hasValue("has more than one slash");
    assertThat(List.of("a b", "", "x/", "-a", "a".repeat(64)))
        .allSatisfy(key -> assertThat(Names.flawOfLabelKey(key)).isPresent());
  }

  @Test
  void labelValuesMayBeEmpty() {
    assertThat(List.of("", "a", "v1.2_3-4", "a".repeat(63)))
        .allSatisfy(value -> assertThat(Names.flawOfLabelValue(value)).isEmpty());
    assertThat(List.of("a b", "-web", "web.", "*", "a/b", "${APP}", "a".repeat(64)))
        .allSatisfy(value -> assertThat(Names.flawOfLabelValue(value)).isPresent());
  }
}
