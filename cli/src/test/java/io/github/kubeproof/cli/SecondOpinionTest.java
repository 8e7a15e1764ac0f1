package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What other solvers say of the questions that {@code --dump-smt} writes, with {@code -P
 * second-opinion -Dsecond.opinion.python=PYTHON}, where that Python has the package cvc5 or
 * bitwuzla.
 */
class SecondOpinionTest {

  private static final Path SHARED = Path.of("..", "..", "shared");
  private static final String PYTHON = System.getProperty("kubeproof.second.opinion", "");

  @TempDir private Path temp;

  @Test
  void otherSolversGiveTheSameAnswers() throws IOException, InterruptedException {
    assumeTrue(
        !PYTHON.isEmpty(),
        "no other solver is asked: -P second-opinion names one (core/README.md)");
    assumeTrue(
        Files.isDirectory(SHARED), "the corpus and the random clusters are not beside the project");
    List<Path> questions = new ArrayList<>();
    long start = System.nanoTime();
    int linted = lint(questions);
    int evaluated = evaluate(questions);
    int told = tell(questions);
    assertThat(linted).isGreaterThan(500);
    assertThat(told).isGreaterThan(50);
    assertThat(linted + evaluated).isGreaterThan(2_000);
    long written = System.nanoTime();

    Map<String, Integer> counts = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (String line : ask(questions)) {
      String[] words = line.split("\t", -1);
      String file = Path.of(words[2]).getFileName().toString();
      String ours = file.split("\\.", -1)[1];
      counts.merge(words[0] + " " + ours, 1, Integer::sum);
      if (!words[1].equals(ours)) {
        wrong.add(line);
      }
    }
    System.out.println(
        linted
            + " questions of lint and "
            + evaluated
            + " of eval and "
            + told
            + " of reach, diff and why written in "
            + (written - start) / 1_000_000_000
            + " s, answered in "
            + (System.nanoTime() - written) / 1_000_000_000
            + " s: "
            + counts);
    assumeTrue(!counts.isEmpty(), PYTHON + " has neither the package cvc5 nor bitwuzla");
    assertThat(wrong).isEmpty();
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
        .isGreaterThanOrEqualTo(questions.size());
    assertThat(counts.keySet()).noneMatch(key -> key.endsWith("unknown"));
  }

  /** What rules ask about real manifests. */
  private int lint(List<Path> questions) throws IOException {
    Path folder = temp.resolve("lint");
    Run run =
        Run.of(
            "lint",
            "--fail-on=never",
            "--format=json=" + temp.resolve("report.json"),
            "--dump-smt=" + folder,
            SHARED.resolve("corpus").toString());
    assertThat(run.code()).as(run.err()).isZero();
    return collect(folder, questions);
  }

  /** Flows of random clusters with policies of all tiers. */
  private int evaluate(List<Path> questions) throws IOException {
    int count = 0;
    for (String family : List.of("networkpolicy", "anp", "cnp")) {
      try (Stream<Path> cases =
          Files.list(SHARED.resolve("oracle").resolve("traffic").resolve(family))) {
        List<Path> random =
            cases
                .filter(c -> c.getFileName().toString().matches("r\\d+"))
                .sorted()
                .limit(6)
                .toList();
        for (Path one : random) {
          Path folder = temp.resolve(family + "-" + one.getFileName());
          Run run =
              Run.of(
                  "eval",
                  "--engine=all",
                  "--flows=" + one.resolve("flows.tsv"),
                  "--pods=" + one.resolve("pods.tsv"),
                  "--dump-smt=" + folder,
                  one.resolve("manifests.yaml").toString());
          assertThat(run.code()).as(run.err()).isZero();
          count += collect(folder, questions);
        }
      }
    }
    return count;
  }

  /** What the commands for people ask about the two shops. */
  private int tell(List<Path> questions) throws IOException {
    String shop = Path.of("src", "main", "examples", "shop").toString();
    int count = 0;
    for (List<String> words :
        List.of(
            List.of("reach", "--exposure", shop),
            List.of("diff", shop, shop + "-fixed"),
            List.of("why", "shop/Deployment/web", "shop/Service/payments", shop))) {
      Path folder = temp.resolve(words.get(0));
      Run run =
          Run.of(
              Stream.concat(words.stream(), Stream.of("--dump-smt=" + folder))
                  .toArray(String[]::new));
      assertThat(run.code()).as(run.err()).isLessThan(2);
      count += collect(folder, questions);
    }
    return count;
  }

  private static int collect(Path folder, List<Path> questions) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.sorted().toList();
      questions.addAll(sorted);
      return sorted.size();
    }
  }

  private List<String> ask(List<Path> questions) throws IOException, InterruptedException {
    Path list = temp.resolve("questions.txt");
    Path answers = temp.resolve("answers.txt");
    Files.write(list, questions.stream().map(Path::toString).toList());
    Path script = temp.resolve("second_opinion.py");
    try (var in = SecondOpinionTest.class.getResourceAsStream("second_opinion.py")) {
      Files.write(script, Optional.ofNullable(in).orElseThrow().readAllBytes());
    }
    Process python =
        new ProcessBuilder(PYTHON, script.toString())
            .redirectInput(list.toFile())
            .redirectOutput(answers.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(python.waitFor()).isZero();
    return Files.readAllLines(answers, StandardCharsets.UTF_8);
  }
}
