package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentTest {

  private static final Document DOCUMENT =
      document(
          """
          metadata:
            name: web
            labels: &labels
              app: ""
          spec:
            ports:
            - port: 80
              name: >-
                long
            selector: *labels
            merged:
              <<: *labels
          """);

  @Test
  void aScalarIsUnderlinedWhereItsValueIs() {
    assertThat(span("metadata", "name")).isEqualTo(new Span(2, 9, 2, 12));
    assertThat(span("spec", "ports", 0, "port")).isEqualTo(new Span(7, 11, 7, 13));
  }

  @Test
  void mapsListsAndEmptyValuesAreUnderlinedAtTheirKey() {
    assertThat(span("spec", "ports")).isEqualTo(new Span(6, 3, 6, 8));
    assertThat(span("metadata", "labels", "app")).isEqualTo(new Span(4, 5, 4, 8));
    assertThat(span("spec", "ports", 0)).isEqualTo(new Span(7, 5, 7, 9));
  }

  @Test
  void theKeyOfAValueIsFoundWhereThereIsOne() {
    assertThat(DOCUMENT.at(NodePath.ROOT.then("metadata", "name")).keySpan())
        .isEqualTo(new Span(2, 3, 2, 7));
    assertThat(DOCUMENT.at(NodePath.ROOT.then("spec", "ports", 0)).keySpan())
        .isEqualTo(new Span(7, 5, 7, 9));
    assertThat(DOCUMENT.at(NodePath.ROOT.then("spec", "type")).keySpan())
        .isEqualTo(new Span(5, 1, 5, 5));
  }

  @Test
  void whatIsAbsentIsUnderlinedAtTheNearestKeyAroundIt() {
    assertThat(span("spec", "ports", 0, "endPort")).isEqualTo(new Span(7, 5, 7, 9));
    assertThat(span("spec", "ports", 7, "port")).isEqualTo(new Span(6, 3, 6, 8));
    assertThat(span("spec", "type", "x")).isEqualTo(new Span(5, 1, 5, 5));
    assertThat(span("status")).isEqualTo(new Span(1, 1, 1, 9));
  }

  @Test
  void anAliasIsUnderlinedWhereItIsUsed() {
    assertThat(span("spec", "selector")).isEqualTo(new Span(10, 3, 10, 11));
    assertThat(extent("spec", "selector")).isEqualTo(new Span(10, 3, 10, 11));
    assertThat(span("spec", "selector", "app")).isEqualTo(new Span(4, 5, 4, 8));
  }

  @Test
  void anExtentReachesFromTheKeyToTheEndOfTheValue() {
    assertThat(extent("metadata")).isEqualTo(new Span(1, 1, 4, 12));
    assertThat(extent("spec", "ports", 0)).isEqualTo(new Span(7, 5, 9, 11));
    assertThat(extent("spec", "ports", 0, "name")).isEqualTo(new Span(8, 5, 9, 11));
    assertThat(extent("spec")).isEqualTo(new Span(5, 1, 12, 16));
  }

  @Test
  void aPlaceSaysFileLineAndColumn() {
    assertThat(DOCUMENT.at(NodePath.ROOT.then("spec", "ports", 0, "port")))
        .hasToString("shop/web.yaml:7:11");
    assertThat(DOCUMENT.source().folder()).isEqualTo("shop");
    assertThat(DOCUMENT.source().line(7)).isEqualTo("  - port: 80");
    assertThat(DOCUMENT.source().line(99)).isEmpty();
    assertThat(DOCUMENT.source().lineCount()).isEqualTo(12);
  }

  @Test
  void linesEndAsEditorsSeeThem() {
    Source source = new Source("x.yaml", "a\r\nb\rc\n\n\u2028d");
    assertThat(source.lineCount()).isEqualTo(5);
    assertThat(source.line(1)).isEqualTo("a");
    assertThat(source.line(2)).isEqualTo("b");
    assertThat(source.line(3)).isEqualTo("c");
    assertThat(source.line(4)).isEmpty();
    assertThat(source.line(5)).isEqualTo("\u2028d");
  }

  @Test
  void pathsAreWrittenAsTheServerWritesFields() {
    assertThat(NodePath.ROOT.then("spec", "ports", 0, "port")).hasToString("spec.ports[0].port");
    assertThat(NodePath.ROOT.then("metadata", "labels", "app.kubernetes.io/name"))
        .hasToString("metadata.labels[app.kubernetes.io/name]");
    assertThat(NodePath.ROOT.then("a", 1)).isEqualTo(NodePath.ROOT.key("a").item(1));
  }

  private static Span span(Object... steps) {
    return DOCUMENT.at(NodePath.ROOT.then(steps)).span();
  }

  private static Span extent(Object... steps) {
    return DOCUMENT.at(NodePath.ROOT.then(steps)).extent();
  }

  private static Document document(String text) {
    Loaded loaded = new YamlReader(Limits.DEFAULT).read(new Source("shop/web.yaml", text));
    assertThat(loaded.problems()).isEmpty();
    return loaded.documents().get(0);
  }
}
