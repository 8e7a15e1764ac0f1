package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --dump-smt}: every question that the solver is asked, for others to confirm. */
class DumpSmtTest {

  private static final String SHOP = "src/main/examples/shop";

  private static final String POLICY =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: a, labels: { app: a } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: b, labels: { app: b } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: only-a }
      spec:
        podSelector: { matchLabels: { app: b } }
        ingress: [ { from: [ { podSelector: { matchLabels: { app: a } } } ], ports: [ { port: 80 } ] } ]
      """;

  @TempDir private Path temp;

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  private Run eval(String... flags) throws IOException {
    Path manifests = Files.writeString(temp.resolve("policy.yaml"), POLICY);
    Path flows =
        Files.writeString(
            temp.resolve("flows.tsv"),
            """
            src dst protocol port
            default/a default/b TCP 80
            default/b default/a TCP 80
            default/a default/b TCP 81
            """
                .replace(' ', '\t'));
    return Run.of(
        Stream.concat(Stream.of("eval", manifests.toString(), "--flows=" + flows), Stream.of(flags))
            .toArray(String[]::new));
  }

  @Test
  void everyQuestionIsAScriptWithItsAnswer() throws IOException {
    Path folder = temp.resolve("questions");
    Run run = eval("--engine=proof", "--dump-smt=" + folder);
    assertThat(run.code()).isZero();
    Map<String, String> files = files(folder);
    // both directions of three flows
    assertThat(files).hasSize(6);
    assertThat(run.err()).isEqualTo("kubeproof: 6 questions written to " + folder + "\n");
    assertThat(files.keySet()).allMatch(name -> name.matches("[0-9a-f]{16}\\.(un)?sat\\.smt2"));
    assertThat(files.keySet()).filteredOn(name -> name.endsWith(".unsat.smt2")).hasSize(1);
    files.forEach(
        (name, script) ->
            assertThat(script)
                .contains("(set-logic QF_BV)")
                .contains("(set-info :status " + name.split("\\.", -1)[1] + ")")
                .contains("(declare-fun ", "(assert\n question.")
                .endsWith("(check-sat)\n"));
  }

  @Test
  void theFilesAreTheSameOnEveryRunAndNumberOfThreads() throws IOException {
    Path one = temp.resolve("one");
    Path four = temp.resolve("four");
    List<String> flags = List.of("--quiet", "--fail-on=never");
    assertThat(
            Run.of("lint", SHOP, flags.get(0), flags.get(1), "--jobs=1", "--dump-smt=" + one)
                .code())
        .isZero();
    assertThat(
            Run.of("lint", SHOP, flags.get(0), flags.get(1), "--jobs=4", "--dump-smt=" + four)
                .code())
        .isZero();
    assertThat(files(one)).hasSizeGreaterThan(10).isEqualTo(files(four));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "why shop/Deployment/web shop/Service/payments " + SHOP,
        "diff " + SHOP + " " + SHOP + "-fixed",
        "reach --exposure " + SHOP,
        "reach " + SHOP + " FOLDER/ingress.yaml"
      })
  void commandsAboutTrafficWriteTheirQuestionsAndAnswerAsWithout(String command)
      throws IOException {
    // its controller is not in the input: whether some pod may be one is a question
    Files.writeString(
        temp.resolve("ingress.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: catalogue, namespace: shop }
        spec: { defaultBackend: { service: { name: catalogue, port: { number: 80 } } } }
        """);
    List<String> words = List.of(command.replace("FOLDER", temp.toString()).split(" ", -1));
    Path folder = temp.resolve("questions");
    Path again = temp.resolve("again");
    Run without = Run.of(words.toArray(String[]::new));
    Run with = run(words, "--dump-smt=" + folder);
    assertThat(with.code()).isEqualTo(without.code());
    assertThat(with.out()).isEqualTo(without.out());
    Map<String, String> files = files(folder);
    assertThat(with.err())
        .isEqualTo(
            without.err()
                + "kubeproof: "
                + Text.count(files.size(), "question")
                + " written to "
                + folder
                + "\n");
    assertThat(files).isNotEmpty();
    files.forEach(
        (name, script) ->
            assertThat(script)
                .contains("(set-info :status " + name.split("\\.", -1)[1] + ")")
                .endsWith("(check-sat)\n"));
    assertThat(run(words, "--quiet", "--dump-smt=" + again).err()).isEmpty();
    assertThat(files(again)).isEqualTo(files);
  }

  private static Run run(List<String> words, String... flags) {
    return Run.of(Stream.concat(words.stream(), Stream.of(flags)).toArray(String[]::new));
  }

  @Test
  void aFolderWithSomethingInItIsRefused() throws IOException {
    Files.writeString(temp.resolve("mine.txt"), "mine");
    Run run = Run.of("lint", SHOP, "--dump-smt=" + temp);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("there is something in " + temp + " already, where only questions should be");
    assertThat(files(temp)).containsOnlyKeys("mine.txt");
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.writeString(temp.resolve("mine.txt"), "mine");
    Run run = Run.of("lint", SHOP, "--dump-smt=" + file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("cannot write to the folder " + file);
    assertThat(file).hasContent("mine");
  }

  @Test
  void theAnswerIsTheSameWithTheFlag() throws IOException {
    Run with = eval("--engine=all", "--quiet", "--dump-smt=" + temp.resolve("questions"));
    Run without = eval("--engine=all", "--quiet");
    assertThat(with).isEqualTo(without);
  }
}
