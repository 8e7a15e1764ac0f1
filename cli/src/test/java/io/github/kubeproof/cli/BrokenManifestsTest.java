package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever stands in manifests, every command ends with an answer; more of them with {@code
 * -Dkubeproof.broken.manifests=N}.
 */
class BrokenManifestsTest {

  private static final int RUNS = Integer.getInteger("kubeproof.broken.manifests", 300);
  private static final Path FIXTURES = Path.of("..", "rules", "src", "test", "resources");

  private static final List<String> VALUES =
      List.of(
          "null",
          "~",
          "{}",
          "[]",
          "''",
          "-1",
          "0",
          "70000",
          "99999999999999999999",
          "1e400",
          ".nan",
          "true",
          "*a",
          "&a x",
          "!!str x",
          "|",
          "- -",
          "<<: *a",
          "0x1F",
          "1_000",
          "::/0",
          "10.0.0.0/33",
          "fe80::1%eth0",
          "::ffff:1.2.3.4/96",
          "(.*",
          "a[b",
          "{{ .Values.x }}",
          "\u0000",
          "\t",
          "é",
          "*.a",
          "..",
          "-",
          "---",
          "...",
          "%",
          "@",
          "`");
  private static final String CHARACTERS = "{}[]:,#&*!|>'\"%@` \t-?\n";

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("lint", "--format", "json"),
          List.of("lint", "--format", "sarif"),
          List.of("lint"),
          List.of("fix", "--diff", "--unsafe"),
          List.of("reach"),
          List.of("reach", "--exposure"),
          List.of("reach", "--format", "json"),
          List.of("why", "default/web", "default/db"),
          List.of("prove", "--intent", "deny from namespace=default to namespace=shop"));

  @TempDir private Path folder;

  @Test
  void everyCommandEndsWithAnAnswer() throws IOException {
    List<Path> fixtures;
    try (Stream<Path> files = Files.walk(FIXTURES)) {
      fixtures = files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
    assertThat(fixtures).hasSizeGreaterThan(700);
    int[] codes = new int[Exit.OUR_BUG];
    for (long seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      List<Path> chosen = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Path fixture = fixtures.get(random.nextInt(fixtures.size()));
        chosen.add(folder.resolve("f" + i + ".yaml"));
        Files.writeString(chosen.get(i), broken(Files.readString(fixture), random));
      }
      List<String> command = new ArrayList<>(COMMANDS.get(random.nextInt(COMMANDS.size())));
      Collections.addAll(command, "--render", "never", folder.toString());
      Run run = Run.of(command.toArray(String[]::new));
      assertThat(run.code())
          .as("seed %s, %s: %s", seed, command, run.err())
          .isIn(Exit.CLEAN, Exit.FINDINGS, Exit.USAGE, Exit.NO_MANIFEST, Exit.INCOMPLETE);
      codes[run.code()]++;
    }
    assertThat(codes[Exit.CLEAN]).as("runs without findings").isGreaterThan(RUNS / 20);
    assertThat(codes[Exit.FINDINGS]).as("runs with findings").isGreaterThan(RUNS / 5);
  }

  /** Up to eight lines are dropped, doubled, moved, or get another value or character. */
  private static String broken(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    for (int i = random.nextInt(9); i > 0; i--) {
      int at = random.nextInt(lines.size());
      String line = lines.get(at);
      int colon = line.indexOf(':');
      switch (random.nextInt(6)) {
        case 0 -> lines.set(at, "");
        case 1 -> lines.add(at, line);
        case 2 -> lines.set(at, lines.get(random.nextInt(lines.size())));
        case 3 -> lines.set(at, "  " + line);
        case 4 -> {
          int place = random.nextInt(line.length() + 1);
          char added = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
          lines.set(at, line.substring(0, place) + added + line.substring(place));
        }
        default -> {
          String value = VALUES.get(random.nextInt(VALUES.size()));
          lines.set(at, line.substring(0, colon + 1) + " " + value);
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }
}
