package io.github.kubeproof.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Problem.Kind;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class YamlReaderTest {

  private static final Limits SMALL = new Limits(1000, 100, 50, 10);

  @Test
  void everyNodeKnowsWhereItWasWritten() {
    Mapping root =
        mapping(
            """
            # a comment
            spec:
              ports:
              - name: http
                port: 80
              host: "a b"
            """);
    assertThat(root.span()).isEqualTo(new Span(2, 1, 6, 14));
    Entry spec = root.entry("spec").orElseThrow();
    assertThat(spec.keySpan()).isEqualTo(new Span(2, 1, 2, 5));
    assertThat(spec.value().span()).isEqualTo(new Span(3, 3, 6, 14));
    Mapping fields = spec.value().asMapping().orElseThrow();
    Node ports = fields.get("ports").orElseThrow();
    assertThat(ports.span()).isEqualTo(new Span(4, 3, 5, 13));
    assertThat(ports.asItems().get(0).span()).isEqualTo(new Span(4, 5, 5, 13));
    assertThat(fields.get("host").orElseThrow().span()).isEqualTo(new Span(6, 9, 6, 14));
  }

  @Test
  void columnsCountCodePoints() {
    // two bytes, three bytes, and a character beyond the first plane: one column each
    Mapping root = mapping("\"ä€😀\": {ß😀: x, y z: \"😀\"}\n");
    Entry outer = root.entries().get(0);
    assertThat(outer.keySpan()).isEqualTo(new Span(1, 1, 1, 6));
    Mapping inner = outer.value().asMapping().orElseThrow();
    assertThat(inner.span()).isEqualTo(new Span(1, 8, 1, 25));
    assertThat(inner.entry("ß😀").orElseThrow().keySpan()).isEqualTo(new Span(1, 9, 1, 11));
    assertThat(inner.get("y z").orElseThrow().span()).isEqualTo(new Span(1, 21, 1, 24));
  }

  @Test
  void indentationBehindWideCharactersIsKept() {
    Mapping root = mapping("- 😀: 1\n  b: 2\n".indent(2).replaceFirst("^", "items:\n"));
    Mapping item = root.get("items").orElseThrow().asItems().get(0).asMapping().orElseThrow();
    assertThat(item.entries()).extracting(Entry::key).containsExactly("😀", "b");
  }

  @Test
  void linesMayEndWithCarriageReturns() {
    Mapping windows = mapping("a: |\r\n  x\r\n  y\r\nb: 1\r\n");
    assertThat(windows.string("a")).hasValue("x\ny\n");
    assertThat(windows.get("a").orElseThrow().span()).isEqualTo(new Span(1, 4, 3, 4));
    assertThat(windows.entry("b").orElseThrow().keySpan()).isEqualTo(new Span(4, 1, 4, 2));
    Mapping oldMac = mapping("a: 1\rb: 2\r");
    assertThat(oldMac.entry("b").orElseThrow().keySpan()).isEqualTo(new Span(2, 1, 2, 2));
  }

  @Test
  void lineSeparatorsOfYamlAreNoLinesOfTheFile() {
    Mapping root = mapping("a: \"x\u2028y\u0085z\"\nb: 1\n");
    assertThat(root.string("a")).hasValue("x\u2028y z");
    assertThat(root.entry("b").orElseThrow().keySpan()).isEqualTo(new Span(2, 1, 2, 2));
  }

  @Test
  void tabsSeparateButDoNotIndent() {
    Mapping root = mapping("a:\tb\nc: \"d\"\t# why\ne:\t|\t\n  f\ng: [1,\t 2,\n\t3]\n");
    assertThat(root.string("a")).hasValue("b");
    assertThat(root.get("a").orElseThrow().span()).isEqualTo(new Span(1, 4, 1, 5));
    assertThat(root.string("e")).hasValue("f\n");
    assertThat(root.get("g").orElseThrow().asItems()).hasSize(3);
    assertThat(problems("a:\n\tb: c\n"))
        .containsExactly("SYNTAX 2:1 a tab cannot be used for indentation");
    assertThat(problems("a:\n-\tb\n"))
        .containsExactly("SYNTAX 2:2 a tab cannot be used for indentation");
  }

  @Test
  void blockScalarsEndWithTheirLastLine() {
    Mapping root = mapping("a: |\n  text\n  more\n\n\nb: >-\n  x\n  y\n");
    assertThat(root.get("a").orElseThrow()).isEqualTo(scalar("text\nmore\n", 1, 4, 3, 7));
    assertThat(root.get("b").orElseThrow()).isEqualTo(scalar("x y", 6, 4, 8, 4));
  }

  @Test
  void aBlockScalarEndsItsFileWithALineEvenIfTheFileDoesNot() {
    assertThat(mapping("a: |\n  text"))
        .satisfies(a -> assertThat(a.string("a")).hasValue("text\n"));
  }

  @Test
  void documentsAreNumberedAsTheStreamCountsThem() {
    Loaded loaded =
        read(
            """
            # only a comment before the first marker
            ---
            a: 0
            --- # nothing follows
            ---
            b: 2
            ...
            # nothing again
            ---
            c: |
              text
            ---not: a marker
            --- d
            """);
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.documents())
        .extracting(document -> document.index() + " " + document.root().span().line())
        .containsExactly("0 3", "2 6", "3 10", "4 13");
  }

  @Test
  void directivesBelongToTheDocumentBehindThem() {
    Loaded loaded = read("%YAML 1.2\n%TAG !k! tag:k.io,2026:\n---\na: !k!x 1\n---\nb: 2\n");
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.documents()).extracting(Document::index).containsExactly(0, 1);
  }

  @Test
  void aMarkerEndsABlockScalar() {
    Loaded loaded = read("a: |\n  x\n---\nb: 1\n");
    assertThat(loaded.documents()).hasSize(2);
  }

  @Test
  void theNeighboursOfABrokenDocumentAreRead() {
    Loaded loaded =
        read(
            """
            a: 1
            ---
            b: "never
              ends
            ---
            c: [1, 2
            ---
            d: 4
            """);
    assertThat(loaded.documents()).extracting(Document::index).containsExactly(0, 3);
    assertThat(loaded.documents().get(1).root().span().line()).isEqualTo(8);
    assertThat(lines(loaded))
        .containsExactly(
            "SYNTAX 3:4 the quoted string that starts here never ends",
            "SYNTAX 6:4 the \"[\" that stands here is never closed");
  }

  @Test
  void ofDuplicateKeysTheLastCountsAndIsReported() {
    Loaded loaded =
        read(
            """
            apiVersion: v1
            kind: Service
            spec:
              y: 1
              port: 80
              true: 2
              port: 90
            """);
    assertThat(lines(loaded))
        .containsExactly(
            "DUPLICATE_KEY 6:3 the key \"true\" stands in line 4 already; only the last one counts",
            "DUPLICATE_KEY 7:3 the key \"port\" stands in line 5 already; only the last one counts");
    Mapping spec = root(loaded).get("spec").orElseThrow().asMapping().orElseThrow();
    assertThat(spec.entries()).extracting(Entry::key).containsExactly("true", "port");
    assertThat(spec.get("port").orElseThrow())
        .isEqualTo(new Scalar(90L, "90", new Span(7, 9, 7, 11)));
  }

  @Test
  void duplicateKeysOfOtherPeoplesFilesAreNotReported() {
    assertThat(problems("image: a\nimage: b\n")).isEmpty();
  }

  @Test
  void aliasesShareTheNodeOfTheirAnchor() {
    Mapping root = mapping("a: &x {k: 1}\nb: *x\nc: &x 2\nd: [*x, *x]\n");
    assertThat(root.get("b").orElseThrow()).isSameAs(root.get("a").orElseThrow());
    assertThat(root.get("d").orElseThrow().asItems())
        .extracting(node -> ((Scalar) node).value())
        .containsExactly(2L, 2L);
    assertThat(root.span()).isEqualTo(new Span(1, 1, 4, 12));
  }

  @Test
  void anAliasMayBeAKey() {
    assertThat(mapping("a: &x name\n*x : 1\n&y b: *y\n").entries())
        .extracting(Entry::key)
        .containsExactly("a", "name", "b");
  }

  @Test
  void aliasesToNothingAndToThemselvesAreRefused() {
    assertThat(problems("a: *x\n"))
        .containsExactly("SYNTAX 1:4 no anchor &x stands before this alias");
    assertThat(problems("a: &x [1, *x]\n"))
        .containsExactly("SYNTAX 1:11 the anchor &x contains itself");
    assertThat(problems("a: &x {b: {<<: *x}}\n"))
        .containsExactly("SYNTAX 1:16 the anchor &x contains itself");
    assertThat(problems("a: &x 1\n---\nb: *x\n"))
        .containsExactly("SYNTAX 3:4 no anchor &x stands before this alias");
  }

  @Test
  void mergesAreFlattenedInTheOrderWritten() {
    Mapping root =
        mapping(
            """
            base: &base {a: 1, b: 1}
            other: &other {b: 2, c: 2}
            before: {<<: *base, b: 3}
            behind: {b: 3, <<: *base}
            list: {<<: [*base, *other]}
            twice: {<<: *base, <<: *other}
            quoted: {"<<": *base}
            """);
    assertThat(texts(root, "before")).isEqualTo("a=1 b=3");
    assertThat(texts(root, "behind")).isEqualTo("b=1 a=1");
    assertThat(texts(root, "list")).isEqualTo("b=1 c=2 a=1");
    assertThat(texts(root, "twice")).isEqualTo("a=1 b=2 c=2");
    assertThat(texts(root, "quoted")).isEqualTo("<<={a, b}");
  }

  @Test
  void mergedKeysAreNoDuplicates() {
    String text =
        """
        apiVersion: v1
        kind: ConfigMap
        base: &base {a: 1}
        data:
          <<: *base
          a: 2
          b: 1
          b: 2
        """;
    assertThat(problems(text)).singleElement().asString().startsWith("DUPLICATE_KEY 8:3");
  }

  @Test
  void mergesOfAnythingButMapsAreRefused() {
    String refusal = "SYNTAX 1:5 << needs a map or a list of maps";
    assertThat(problems("a: {<<: 1}\n")).containsExactly(refusal);
    assertThat(problems("a: {<<: [1]}\n")).containsExactly(refusal);
    assertThat(problems("a: {<<: ~}\n")).containsExactly(refusal);
    assertThat(problems("l: &l [{b: 1}]\na: {<<: *l}\n"))
        .containsExactly("SYNTAX 2:5 << needs a map or a list of maps");
  }

  @Test
  void keysThatAreNoTextAreRefused() {
    assertThat(problems("? [a]\n: b\n"))
        .containsExactly("SYNTAX 1:3 a list or a map cannot be a key");
    assertThat(problems("a: {~: 1}\n"))
        .containsExactly("SYNTAX 1:5 a key is null, so kubectl refuses the document");
  }

  @Test
  void tagsDecideTypes() {
    Mapping root =
        mapping("a: !!str 12\nb: !!int \"12\"\nc: ! 12\nd: !foo [1]\ne: \"12\"\nf: !!str\n");
    assertThat(root.string("a")).hasValue("12");
    assertThat(((Scalar) root.get("b").orElseThrow()).value()).isEqualTo(12L);
    assertThat(root.string("c")).hasValue("12");
    assertThat(root.get("d").orElseThrow().asItems()).hasSize(1);
    assertThat(root.string("e")).hasValue("12");
    assertThat(root.string("f")).hasValue("");
  }

  @Test
  void jsonIsReadAsItIs() {
    Mapping root =
        mapping(
            "{\n\t\"a\":\t\"x\\/y\\ud83d\\ude00\",\n \t\"b\":[1,2.5e3,true,null],\n\t\"c\\/d\":{}}\n");
    assertThat(root.string("a")).hasValue("x/y😀");
    assertThat(root.get("a").orElseThrow().span()).isEqualTo(new Span(2, 7, 2, 25));
    assertThat(root.get("b").orElseThrow().asItems())
        .extracting(node -> ((Scalar) node).value())
        .containsExactly(1L, 2500L, true, null);
    assertThat(root.get("c/d")).isPresent();
  }

  @Test
  void jsonValuesMayFollowEachOther() {
    Loaded loaded = read("{\"a\": \"}\"}\n{\"b\": 1} [\"ä\",\n2]\n---\nc: 1\n");
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.documents())
        .extracting(document -> document.index() + " " + document.root().span())
        .containsExactly(
            "0 " + new Span(1, 1, 1, 11),
            "1 " + new Span(2, 1, 2, 9),
            "2 " + new Span(2, 10, 3, 3),
            "3 " + new Span(5, 1, 5, 5));
  }

  @Test
  @Timeout(5)
  void anAliasBombEndsQuickly() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String ten = ("*a" + (i - 1) + ", ").repeat(10);
      bomb.append("a" + i + ": &a" + i + " [" + ten + "]\n");
    }
    assertThat(problems(bomb.toString()))
        .containsExactly("LIMIT 6:45 the aliases of this file repeat more than 1000000 values");
  }

  @Test
  void theBudgetOfAliasesIsOneForAFile() {
    String document = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nb: [*a, *a]\n";
    Loaded loaded =
        new YamlReader(SMALL).read(source(document + "---\n" + document + "---\n" + document));
    assertThat(loaded.documents()).hasSize(2);
    assertThat(lines(loaded))
        .containsExactly("LIMIT 8:9 the aliases of this file repeat more than 50 values");
  }

  @Test
  void aHundredLevelsAreReadAndBeyondTheLimitIsSaid() {
    Loaded deep = read("a: " + "[".repeat(100) + "]".repeat(100) + "\n");
    assertThat(deep.problems()).isEmpty();
    String block = nested(100);
    assertThat(read(block).problems()).isEmpty();
    assertThat(problems("a: " + "[".repeat(100_000)))
        .containsExactly("LIMIT 1:203 lists and maps stand more than 200 levels inside each other");
  }

  @Test
  void aFileOfTooManyValuesIsNotReadAtAll() {
    Loaded loaded =
        new YamlReader(SMALL).read(source("a: 1\n---\n" + "- x\n".repeat(100) + "---\nb: 1\n"));
    assertThat(loaded.documents()).isEmpty();
    assertThat(lines(loaded))
        .containsExactly(
            "LIMIT 100:3 more than 100 values stand in this file, so none of it is read");
  }

  @Test
  void tenThousandDocumentsAreRead() {
    String document = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\n";
    Loaded loaded = read(document.repeat(10_000));
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.documents()).hasSize(10_000);
    assertThat(loaded.documents().get(9_999).index()).isEqualTo(9_999);
    assertThat(loaded.documents().get(9_999).root().span().line()).isEqualTo(39_997);
  }

  @Test
  @Timeout(10)
  void oneLineOfTwentyMegabytesIsRead() {
    String value = "x".repeat(20_000_000);
    assertThat(mapping("{\"a\":\"" + value + "\"}").string("a")).hasValue(value);
  }

  @Test
  @Timeout(20)
  void manyTabsDoNotTakeForEver() {
    assertThat(problems("k:\tv\n".repeat(1_000_000)))
        .singleElement()
        .asString()
        .endsWith("too many tabs stand for spaces up to here")
        .startsWith("LIMIT");
  }

  @Test
  void anEmptyFileHasNoDocument() {
    for (String text :
        List.of("", "\n", "# nothing\n", "---\n", "---\n---\n", "...\n", "%YAML 1.1\n")) {
      assertThat(read(text).documents()).isEmpty();
      assertThat(read(text).problems()).isEmpty();
    }
  }

  @Test
  void documentsThatAreNoMapsAreReadToo() {
    Loaded loaded = read("- a\n---\njust text\n---\n~\n");
    assertThat(loaded.documents())
        .extracting(document -> document.root().described())
        .containsExactly("a list", "the string \"just text\"", "null");
  }

  private static String nested(int levels) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < levels; i++) {
      text.append("  ".repeat(i)).append("a:\n");
    }
    return text.toString();
  }

  private static Scalar scalar(String value, int line, int column, int endLine, int endColumn) {
    return new Scalar(value, value, new Span(line, column, endLine, endColumn));
  }

  private static String texts(Mapping root, String key) {
    return root.get(key).orElseThrow().asMapping().orElseThrow().entries().stream()
        .map(entry -> entry.key() + "=" + text(entry.value()))
        .collect(Collectors.joining(" "));
  }

  private static String text(Node node) {
    return node instanceof Scalar scalar
        ? scalar.text()
        : node.asMapping().orElseThrow().entries().stream()
            .map(Entry::key)
            .collect(Collectors.joining(", ", "{", "}"));
  }

  private static Source source(String text) {
    return new Source("test.yaml", text);
  }

  private static Loaded read(String text) {
    return new YamlReader(Limits.DEFAULT).read(source(text));
  }

  private static Mapping mapping(String text) {
    Loaded loaded = read(text);
    assertThat(loaded.problems())
        .filteredOn(problem -> problem.kind() != Kind.DUPLICATE_KEY)
        .isEmpty();
    return root(loaded);
  }

  private static Mapping root(Loaded loaded) {
    return loaded.documents().get(0).root().asMapping().orElseThrow();
  }

  private static List<String> problems(String text) {
    return lines(read(text));
  }

  private static List<String> lines(Loaded loaded) {
    return loaded.problems().stream()
        .map(
            problem ->
                problem.kind()
                    + " "
                    + problem.span().line()
                    + ":"
                    + problem.span().column()
                    + " "
                    + problem.message())
        .toList();
  }
}
