package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Fix;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Fixer;
import io.github.kubeproof.core.lint.Fixer.Outcome;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.testkit.Case;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every fix that is applied, safe or not, on real projects and on the fixtures of the rules: other
 * lines stay as they are byte for byte, the result can be read, its finding is gone, and no new one
 * has come.
 *
 * <p>The property {@code kubeproof.oracle.every} says which share of the projects is tried.
 */
class FixesTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");
  private static final Path FIXTURES = Path.of("src", "test", "resources");

  private static final int EVERY = Integer.getInteger("kubeproof.oracle.every", 10);

  @Test
  void fixesOfRealProjectsDoWhatTheySay() throws IOException {
    assumeTrue(CORPUS.toFile().isDirectory(), "there is no ../shared/corpus here");
    Map<String, Integer> fixed = new TreeMap<>();
    Map<String, Integer> takenBack = new TreeMap<>();
    int number = 0;
    for (Path project : folders(CORPUS)) {
      if (number++ % EVERY == 0) {
        check(project, fixed, takenBack);
      }
    }
    System.getLogger("fixes")
        .log(System.Logger.Level.INFO, "fixed " + fixed + ", taken back " + takenBack);
    assertThat(fixed).isNotEmpty();
  }

  /** Findings refuse fixes that their rule does not declare; here each of those is seen. */
  @Test
  void everyRuleHasTheFixesThatItDeclares() throws IOException {
    Map<String, Fixability> declared = new TreeMap<>();
    Map<String, Fixability> seen = new TreeMap<>();
    for (Rule rule : Rules.all()) {
      String id = rule.info().id();
      List<Case> cases = new ArrayList<>(Case.ofPage(rule));
      Path bad = FIXTURES.resolve(id).resolve("bad");
      cases.addAll(bad.toFile().isDirectory() ? Case.ofFolder(bad) : List.of());
      Set<Boolean> kinds =
          cases.stream()
              .flatMap(fixture -> fixture.lint(List.of(rule)).findings().stream())
              .flatMap(finding -> Stream.ofNullable(finding.fix()))
              .map(Fix::isSafe)
              .collect(Collectors.toSet());
      declared.put(id, rule.info().fixability());
      seen.put(
          id,
          kinds.isEmpty()
              ? Fixability.NONE
              : kinds.size() > 1
                  ? Fixability.EITHER
                  : kinds.contains(true) ? Fixability.SAFE : Fixability.UNSAFE);
    }
    assertThat(seen).isEqualTo(declared);
  }

  @Test
  void atLeastTwentyRulesHaveFixes() throws IOException {
    Map<String, Integer> fixed = new TreeMap<>();
    Map<String, Integer> takenBack = new TreeMap<>();
    for (Path rule : folders(FIXTURES)) {
      if (rule.resolve("bad").toFile().isDirectory()) {
        for (Path fixture : files(rule.resolve("bad"))) {
          check(fixture, fixed, takenBack);
        }
      }
    }
    System.getLogger("fixes")
        .log(System.Logger.Level.INFO, "fixed " + fixed + ", taken back " + takenBack);
    assertThat(fixed.keySet()).hasSizeGreaterThanOrEqualTo(20);
  }

  private static void check(
      Path input, Map<String, Integer> fixed, Map<String, Integer> takenBack) {
    List<Rule> rules = Rules.all();
    Linter.Options options =
        new Linter.Options(
            Settings.DEFAULT,
            List.of(),
            List.of(),
            2,
            true,
            LocalDate.EPOCH,
            rules.stream().map(Rule::info).toList());
    Loaded before = Inputs.DEFAULT.load(List.of(input.toString()), InputStream.nullInputStream());
    Outcome outcome = Fixer.fix(before, rules, options, finding -> true);
    outcome.fixed().forEach(finding -> fixed.merge(finding.rule().id(), 1, Integer::sum));
    outcome.takenBack().forEach(fix -> takenBack.merge(fix.finding().rule().id(), 1, Integer::sum));
    if (outcome.changes().isEmpty()) {
      assertThat(outcome.fixed()).as("%s", input).isEmpty();
      return;
    }

    Map<String, Integer> edited = new HashMap<>();
    outcome.fixed().stream()
        .map(Finding::fix)
        .map(Objects::requireNonNull)
        .map(Fix::edits)
        .distinct()
        .flatMap(List::stream)
        .forEach(edit -> edited.merge(edit.source().name(), lines(edit), Integer::sum));
    Map<String, String> texts = new HashMap<>();
    for (Fixer.Change change : outcome.changes()) {
      String name = change.before().name();
      texts.put(name, change.after());
      List<String> old = List.of(change.before().text().split("(?<=\n)"));
      List<String> now = List.of(change.after().split("(?<=\n)"));
      assertThat(old.size() - common(old, now))
          .as("changed or missing lines of %s, where edits touch %d", name, edited.get(name))
          .isLessThanOrEqualTo(edited.getOrDefault(name, 0));
    }

    // all of it again, from the texts that would be written
    Loaded after = reread(before, texts);
    Report first = Linter.lint(before, rules, options);
    Report last = Linter.lint(after, rules, options);
    assertThat(after.problems().size())
        .as("%s", input)
        .isLessThanOrEqualTo(before.problems().size());
    Map<String, Integer> left = counts(first);
    outcome.fixed().stream()
        .map(FixesTest::kind)
        .forEach(kind -> left.merge(kind, -1, Integer::sum));
    assertThat(counts(last))
        .as("findings in %s after %s", input, outcome.fixed())
        .allSatisfy(
            (kind, count) -> assertThat(count).isLessThanOrEqualTo(left.getOrDefault(kind, 0)));
  }

  private static int lines(Edit edit) {
    Span span = edit.span();
    return span.endLine() - span.line() + 1;
  }

  private static Loaded reread(Loaded before, Map<String, String> texts) {
    List<Edit> whole = new ArrayList<>();
    before.documents().stream()
        .map(document -> document.source())
        .distinct()
        .filter(source -> texts.containsKey(source.name()))
        .forEach(
            source ->
                whole.add(
                    new Edit(
                        source,
                        new Span(
                            1,
                            1,
                            source.lineCount(),
                            source
                                    .line(source.lineCount())
                                    .codePointCount(0, source.line(source.lineCount()).length())
                                + 1),
                        texts.get(source.name()))));
    return before.with(whole);
  }

  private static Map<String, Integer> counts(Report report) {
    Map<String, Integer> counts = new HashMap<>();
    report.findings().forEach(finding -> counts.merge(kind(finding), 1, Integer::sum));
    return counts;
  }

  private static String kind(Finding finding) {
    return finding.rule().id() + " " + finding.source().name() + " " + finding.resource();
  }

  /** How many lines are in both, in the same order: the longest such row. */
  private static int common(List<String> a, List<String> b) {
    int start = 0;
    int shorter = Math.min(a.size(), b.size());
    while (start < shorter && a.get(start).equals(b.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start && a.get(a.size() - 1 - end).equals(b.get(b.size() - 1 - end))) {
      end++;
    }
    List<String> left = a.subList(start, a.size() - end);
    List<String> right = b.subList(start, b.size() - end);
    int[] row = new int[right.size() + 1];
    for (String line : left) {
      int diagonal = 0;
      for (int j = 1; j <= right.size(); j++) {
        int above = row[j];
        row[j] = line.equals(right.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return start + end + row[right.size()];
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
