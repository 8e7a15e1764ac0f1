package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

  private static final List<String> FLAGS = List.of("--fail-on", "--format", "--jobs", "--unit");

  @Test
  void swappedLettersAreOneMistake() {
    assertThat(Spelling.distance("fial", "fail")).isEqualTo(1);
    assertThat(Spelling.nearest("--fial-on", FLAGS)).contains("--fail-on");
  }

  @Test
  void letterCaseIsNoMistake() {
    assertThat(Spelling.nearest("--JOBS", FLAGS)).contains("--jobs");
  }

  @Test
  void aWordFarFromAllHasNoNeighbour() {
    assertThat(Spelling.nearest("--colour", FLAGS)).isEmpty();
    assertThat(Spelling.hint("--colour", FLAGS)).isEmpty();
  }

  @Test
  void aShortWordMustBeExact() {
    assertThat(Spelling.nearest("abc", List.of("abd"))).isEmpty();
  }

  @Test
  void ofEquallyNearWordsTheFirstInOrderIsTaken() {
    assertThat(Spelling.nearest("KP405", List.of("KP408", "KP404"))).contains("KP404");
  }

  @ParameterizedTest(name = "{0} for {1}")
  @CsvSource({
    "cart, carts",
    "frontned, frontend",
    "fronted, frontend",
    "fromtend, frontend",
    "web-frontendd, web-frontend",
    "Frontend, frontend",
    "order_service, order-service",
    "http-svc, http-vsc",
    "orderservice, order-service",
    "app.kubernetes.io/nmae, app.kubernetes.io/name",
    "redis7-mastr, redis7-master",
  })
  void oneLetterOrOtherSeparatorsAreASlip(String written, String meant) {
    assertThat(Spelling.isSlip(written, meant)).isTrue();
    assertThat(Spelling.isSlip(meant, written)).isTrue();
  }

  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource({
    "web, web",
    "web-1, web-2",
    "web1, web",
    "app-v1, app-v2",
    "postgres-16, postgres16-1",
    "node-1-1, node-11",
    "shard-a, shard-b",
    "workera, workerb",
    "worker-a-data, worker-b-data",
    "db-ro, db-rw",
    "api, apis",
    "east, west",
    "primary, replica",
    "frontend, backend",
    "orders, orders-db",
    "web-a, weba-b",
    "web-ro, web-or",
  })
  void seriesShortWordsAndOtherWordsAreNoSlip(String one, String other) {
    assertThat(Spelling.isSlip(one, other)).isFalse();
    assertThat(Spelling.isSlip(other, one)).isFalse();
  }

  @Test
  void distanceCountsSwappedNeighboursAsOne() {
    assertThat(Spelling.distance("prots", "ports")).isEqualTo(1);
    assertThat(Spelling.distance("excepts", "except")).isEqualTo(1);
    assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Spelling.distance("", "abc")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "aap,app,true",
    "ap,app,true",
    "appp,app,true",
    "a,b,false",
    "a,ab,false",
    "v1,v2,false",
    "app,tier,false",
    "app,app,false",
    "env,end,true"
  })
  void wordsMayBeShortWhereOneOfThemIsMeant(String written, String meant, boolean isSlip) {
    assertThat(Spelling.isSlipOfShortWord(written, meant)).isEqualTo(isSlip);
    assertThat(Spelling.isSlipOfShortWord(meant, written)).isEqualTo(isSlip);
  }
}
