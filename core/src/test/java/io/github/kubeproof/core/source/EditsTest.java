package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Edits keep all that they do not change, or are not made. */
class EditsTest {

  private static Place at(String text, Object... steps) {
    Loaded loaded = new YamlReader(Limits.DEFAULT).read(new Source("a.yaml", text));
    assertThat(loaded.problems()).isEmpty();
    return loaded.documents().get(0).at(NodePath.ROOT.then(steps));
  }

  private static String edited(String text, Function<Place, List<Edit>> change, Object... steps) {
    Place place = at(text, steps);
    return Edit.applied(place.source(), change.apply(place));
  }

  @Test
  void aStringKeepsItsQuotesAndWhatFollows() {
    Function<Place, List<Edit>> change = place -> Edits.value(place, "TCP");
    assertThat(edited("a: tcp # b\n", change, "a")).isEqualTo("a: TCP # b\n");
    assertThat(edited("a: 'tcp'\n", change, "a")).isEqualTo("a: 'TCP'\n");
    assertThat(edited("{\"a\": \"tcp\"}", change, "a")).isEqualTo("{\"a\": \"TCP\"}");
  }

  @Test
  void aNumberLosesItsQuotesAndAStringThatLooksLikeOneGetsThem() {
    assertThat(edited("a: \"80\"\r\nb: 1\r\n", place -> Edits.value(place, 80), "a"))
        .isEqualTo("a: 80\r\nb: 1\r\n");
    assertThat(edited("a: 80\n", place -> Edits.value(place, "80"), "a")).isEqualTo("a: \"80\"\n");
  }

  @Test
  void aKeyGoesWithItsLineAndItsCommentStays() {
    assertThat(edited("a: 1\nb: 2 # why\nc: 3\n", Edits::remove, "b"))
        .isEqualTo("a: 1\n# why\nc: 3\n");
    assertThat(edited("a: 1\r\nb: 2\r\nc: 3\r\n", Edits::remove, "b"))
        .isEqualTo("a: 1\r\nc: 3\r\n");
    assertThat(edited("a: 1\nb: 2", Edits::remove, "b")).isEqualTo("a: 1");
  }

  @Test
  void theNextKeyMovesUpBehindTheDash() {
    assertThat(edited("a:\n  - b: 1\n    c: 2\n", Edits::remove, "a", 0, "b"))
        .isEqualTo("a:\n  - c: 2\n");
  }

  @Test
  void anItemGoesWithAllBelowItAndItsCommentsStay() {
    assertThat(edited("a:\n- b: 1 # x\n  c: 2\n# y\n- b: 3\n", Edits::remove, "a", 0))
        .isEqualTo("a:\n# x\n# y\n- b: 3\n");
  }

  @Test
  void betweenBracketsOneCommaGoes() {
    assertThat(edited("a: [1, 2, 3]\n", Edits::remove, "a", 1)).isEqualTo("a: [1, 3]\n");
    assertThat(edited("{\"a\": 1,\n \"b\": 2\n}", Edits::remove, "b")).isEqualTo("{\"a\": 1\n}");
  }

  @Test
  void aKeyIsPutBehindAnotherOneInItsStyle() {
    Function<Place, List<Edit>> change = place -> Edits.addAfter(place, "b", "x");
    assertThat(edited("- a: 1 # y\n  c: 2\n", change, 0, "a"))
        .isEqualTo("- a: 1 # y\n  b: x\n  c: 2\n");
    assertThat(edited("{\n  \"a\": 1\n}", change, "a"))
        .isEqualTo("{\n  \"a\": 1,\n  \"b\": \"x\"\n}");
  }

  @Test
  void anEmptyMapIsFilled() {
    Function<Place, List<Edit>> change =
        place -> Edits.fill(place, "matchLabels", Map.of("env", "prod"));
    assertThat(edited("- a: {} # y\n  c: 2\n", change, 0, "a"))
        .isEqualTo("- a: { matchLabels: { env: prod } } # y\n  c: 2\n");
    assertThat(edited("{\"a\": {}}", change, "a"))
        .isEqualTo("{\"a\": { \"matchLabels\": { \"env\": \"prod\" } }}");
    assertThat(change.apply(at("a: { b: 1 }\n", "a"))).isEmpty();
    assertThat(change.apply(at("a: { }\n", "a"))).isEmpty();
  }

  @Test
  void aKeyIsPutBeforeAllOthers() {
    Function<Place, List<Edit>> change = place -> Edits.addFirst(place, "b", "x");
    assertThat(edited("a: # y\n  # z\n  c: 2\n", change, "a"))
        .isEqualTo("a: # y\n  b: x\n  # z\n  c: 2\n");
    assertThat(edited("a: { c: 2 }\n", change, "a")).isEqualTo("a: { b: x, c: 2 }\n");
    assertThat(edited("{\"a\": {\"c\": 2}}", change, "a"))
        .isEqualTo("{\"a\": {\"b\": \"x\", \"c\": 2}}");
    assertThat(
            edited(
                "a:\n  c: 2\n",
                place ->
                    Edits.addFirst(
                        place, "b", Map.of("d", new TreeMap<>(Map.of("e", "f-g", "h", "1")))),
                "a"))
        .isEqualTo("a:\n  b: { d: { e: f-g, h: \"1\" } }\n  c: 2\n");
    assertThat(change.apply(at("a: { b: 2 }\n", "a"))).isEmpty();
    assertThat(change.apply(at("a: {}\n", "a"))).isEmpty();
  }

  @Test
  void keysMoveDownBelowANewOne() {
    Function<Place, List<Edit>> change =
        place -> Edits.nest(place, "s", Map.of("a", List.of("n"), "p", List.of("port", "number")));
    assertThat(edited("b:\n  a: web # y\n  p: 80\n", change, "b"))
        .isEqualTo("b:\n  s:\n    n: web # y\n    port:\n      number: 80\n");
    assertThat(edited("b:\r\n  p: 80\r\n  a: web\r\n", change, "b"))
        .isEqualTo("b:\r\n  s:\r\n    port:\r\n      number: 80\r\n    n: web\r\n");
    assertThat(edited("b: { a: web, p: 80 } # y\n", change, "b"))
        .isEqualTo("b: { s: { n: web, port: { number: 80 } } } # y\n");
    assertThat(edited("{\"b\": {\"p\": 80, \"a\": \"web\"}}", change, "b"))
        .isEqualTo("{\"b\": {\"s\": { \"port\": { \"number\": 80 }, \"n\": \"web\" }}}");
    assertThat(change.apply(at("b: { a: web, p: 80, q: 1 }\n", "b"))).isEmpty();
    assertThat(change.apply(at("b:\n  a:\n    c: web\n  p: 80\n", "b"))).isEmpty();
    assertThat(change.apply(at("b:\n  a: |\n    web\n  p: 80\n", "b"))).isEmpty();
  }

  @Test
  void anItemIsRepeatedWithAnotherValue() {
    assertThat(
            edited("a:\n  - p: 53\n    q: UDP\n", place -> Edits.repeat(place, "TCP", "q"), "a", 0))
        .isEqualTo("a:\n  - p: 53\n    q: UDP\n  - p: 53\n    q: TCP\n");
  }

  @Test
  void whatStandsElsewhereTooIsLeftAlone() {
    assertThat(Edits.value(at("a: &x 1\nb: *x\n", "b"), 2)).isEmpty();
    assertThat(Edits.value(at("a: &x 1\nb: *x\n", "a"), 2)).isEmpty();
    assertThat(Edits.value(at("a: &x {c: 1}\nb: *x\n", "b", "c"), 2)).isEmpty();
    assertThat(Edits.value(at("a: &x {c: 1}\nb:\n  <<: *x\n", "b", "c"), 2)).isEmpty();
  }

  @Test
  void blocksTemplatesAndTheLastKeyAreLeftAlone() {
    assertThat(Edits.value(at("a: |\n  x\n", "a"), "y")).isEmpty();
    assertThat(Edits.value(at("a: 1\nb: \"{{ x }}\"\n", "a"), 2)).isEmpty();
    assertThat(Edits.remove(at("a:\n  b: 1\n", "a", "b"))).isEmpty();
    assertThat(Edits.rename(at("a: 1\nb: 2\n", "a"), "b")).isEmpty();
  }
}
