package io.github.kubeproof.core.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.dns.CorefileFault.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a Corefile, it is read, and every fault has a place in it. */
class CorefileRobustnessTest {

  private static final String TEXT =
      """
      (common) {
          errors
          log . "{type} {name}"
      }
      example.org, 10.0.0.0/24:53 {
          import common
          bind 127.0.0.1 ::1
          hosts /etc/hosts {
              10.0.0.1 a.example.org # one
              fallthrough
          }
          template IN A example.org {
              match "^a(b|c)$"
              answer "{{ .Name }} 60 IN A 10.0.0.1"
          }
      }
      .:53 {
          kubernetes cluster.local {
              pods insecure
              labels a in (b, c),d!=e
          }
          forward . [::1]:53 10.0.0.53 tls://9.9.9.9 {
              except a.example
              policy round_robin
              health_check 5s
          }
          cache 30 {
              prefetch 10 1m 20%
          }
          rewrite stop {
              name regex (.*)\\.a {1}.b
              answer name (.*)\\.b {1}.a
          }
          view v {
              expr incidr(client_ip(), '10.0.0.0/8') && type() in ['A']
          }
          acl { block type A net 10.0.0.0/8 }
          {$PLUGIN} {%X%}
      }
      """;

  @Property
  void brokenTextIsReadToItsEnd(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> words = new ArrayList<>(List.of(TEXT.split("(?<=[\\s{}])|(?=[\\s{}])")));
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(words.size());
      switch (random.nextInt(4)) {
        case 0 -> words.remove(at);
        case 1 -> words.add(at, words.get(random.nextInt(words.size())));
        case 2 -> words.set(at, words.get(random.nextInt(words.size())));
        default -> words.set(at, words.get(at) + "\"#/:%{(\\\n".charAt(random.nextInt(9)));
      }
    }
    String text = String.join("", words);
    Corefile corefile = Corefile.parse(text, name -> Optional.empty());
    ForwardLoops.in(corefile, (address, port) -> Optional.of(port));
    long lines = text.chars().filter(c -> c == '\n').count() + 1;
    assertThat(corefile.faults())
        .allSatisfy(fault -> assertThat(fault.at().line()).isBetween(1, (int) lines))
        .allSatisfy(fault -> assertThat(fault.message()).isNotBlank());
  }

  /** CoreDNS asks for the next word of such a block for ever. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "template IN A { fallthrough } fallthrough",
        "hosts { fallthrough } fallthrough",
        "kubernetes { fallthrough } fallthrough",
        "forward . 10.0.0.53 { except a } except b",
        "acl { block type A } block",
        "cache { serve_stale } serve_stale"
      })
  void aBlockThatNeverClosesIsAFault(String directive) {
    Corefile corefile = Corefile.parse(".:53 {\n " + directive + "\n}\n", name -> Optional.empty());
    ForwardLoops.in(corefile, (address, port) -> Optional.of(port));
    assertThat(corefile.faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.phase()).isEqualTo(Phase.SETUP))
        .satisfies(fault -> assertThat(fault.at().line()).isEqualTo(2));
  }

  @Test
  void snippetsThatMultiplyAreStopped() {
    StringBuilder text = new StringBuilder("(s0) {\n errors\n}\n");
    for (int i = 1; i < 40; i++) {
      text.append("(s").append(i).append(") {\n");
      text.append(" import s").append(i - 1).append("\n import s").append(i - 1).append("\n}\n");
    }
    Corefile corefile = Corefile.parse(text + ". {\n import s39\n}\n", name -> Optional.empty());
    assertThat(corefile.faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.message()).contains("they import each other"));
  }
}
