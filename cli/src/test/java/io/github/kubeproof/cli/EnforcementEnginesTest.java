package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code eval} with all three readers against the verdicts of real enforcement engines, in both
 * readings of ipBlocks: every tenth cluster, or all of them with {@code -P oracles}.
 */
class EnforcementEnginesTest {

  private static final Path CASES = Path.of("..", "..", "shared", "oracle", "traffic");
  private static final int EVERY = Integer.getInteger("kubeproof.oracle.every", 10);

  @Test
  void everyFlowHasTheVerdictOfTheEngines() throws IOException {
    assumeTrue(
        Files.isDirectory(CASES), "the verdicts of enforcement engines are not beside the project");
    List<Path> cases = new ArrayList<>();
    for (String family : List.of("networkpolicy", "anp", "cnp")) {
      try (Stream<Path> folders = Files.list(CASES.resolve(family))) {
        folders.sorted().forEach(cases::add);
      }
    }
    int flows = 0;
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < cases.size(); i += EVERY) {
      flows += check(cases.get(i), true, wrong);
      flows += check(cases.get(i), false, wrong);
    }
    assertThat(wrong).isEmpty();
    assertThat(flows).isGreaterThan(2 * 55_000 / EVERY);
  }

  private static int check(Path folder, boolean podsToo, List<String> wrong) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "eval",
                "--quiet",
                "--engine=all",
                "--flows=" + folder.resolve("flows.tsv"),
                "--pods=" + folder.resolve("pods.tsv"),
                folder.resolve("manifests.yaml").toString()));
    if (podsToo) {
      arguments.add("--ipblock-matches-pods");
    }
    Run run = Run.of(arguments.toArray(String[]::new));
    assertThat(run.code()).as(folder + ": " + run.err()).isZero();
    List<List<String>> recorded = cells(Files.readString(folder.resolve("flows.tsv")));
    List<List<String>> told = cells(run.out());
    assertThat(told).as(folder.toString()).hasSameSizeAs(recorded);
    List<String> header = recorded.get(0);
    List<String> answer = told.get(0);
    for (int i = 1; i < told.size(); i++) {
      List<String> row = recorded.get(i);
      List<String> cells = told.get(i);
      assertThat(cells.subList(0, 2)).isEqualTo(row.subList(0, 2));
      String nopod = row.get(header.indexOf("nopod"));
      String engines =
          row.get(header.indexOf("egress"))
              + "/"
              + row.get(header.indexOf("ingress"))
              + "/"
              + row.get(header.indexOf("allowed"));
      String expected = podsToo || nopod.equals("-") ? engines : nopod;
      String actual =
          cells.get(answer.indexOf("egress"))
              + "/"
              + cells.get(answer.indexOf("ingress"))
              + "/"
              + allowed(cells.get(answer.indexOf("verdict")));
      if (!actual.equals(expected)) {
        wrong.add(folder.getFileName() + " " + podsToo + ": " + row + " " + cells);
      }
    }
    return told.size() - 1;
  }

  private static List<List<String>> cells(String table) {
    return table
        .lines()
        .filter(line -> !line.isEmpty())
        .map(line -> List.of(line.split("\t", -1)))
        .toList();
  }

  /** In the word of the engines, which leave nothing undecided. */
  private static String allowed(String verdict) {
    return verdict.equals("allow") ? "yes" : verdict.equals("deny") ? "no" : verdict;
  }
}
