package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Span;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Places in real manifests where a linter must speak, and such where a naive one raises a false
 * alarm. Each project is linted as a whole, by all rules.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TruthTest {

  private static final Path SHARED = Path.of("..", "..", "shared");
  private static final Path BAD = SHARED.resolve("corpus").resolve("truth-bad.tsv");
  private static final Path OK = SHARED.resolve("corpus").resolve("truth-ok.tsv");

  /** Which rules speak of a class of faults; any of them will do. */
  private static final Map<String, Set<String>> RULES =
      Map.ofEntries(
          Map.entry("dnspolicy-mismatch", Set.of("KP608", "KP609")),
          Map.entry("dnspolicy-none-without-nameservers", Set.of("KP604")),
          Map.entry("duplicate-key", Set.of("KP015")),
          Map.entry("egress-without-dns", Set.of("KP601")),
          Map.entry("endport-less-than-port", Set.of("KP008")),
          Map.entry("hostnetwork-dnspolicy", Set.of("KP608", "KP609")),
          Map.entry("ingress-missing-service", Set.of("KP501")),
          Map.entry("ingress-missing-service-port", Set.of("KP502")),
          Map.entry("invalid-port-value", Set.of("KP005", "KP016")),
          Map.entry("ipblock-except-outside-cidr", Set.of("KP006")),
          Map.entry("ipblock-host-bits", Set.of("KP007")),
          Map.entry("netpol-egress-ignored", Set.of("KP308")),
          Map.entry("netpol-ingress-ignored", Set.of("KP308")),
          Map.entry("netpol-peer-selects-nothing", Set.of("KP302")),
          Map.entry("netpol-port-not-served", Set.of("KP312")),
          Map.entry("netpol-selects-nothing", Set.of("KP301")),
          Map.entry("nodeport-on-clusterip", Set.of("KP412")),
          Map.entry("nodeport-on-clusterip / nodeport-range", Set.of("KP407", "KP412")),
          Map.entry("nodeport-range", Set.of("KP407")),
          Map.entry("obsolete-isolation-annotation", Set.of("KP319")),
          Map.entry("service-namespace-mismatch", Set.of("KP404", "KP405")),
          Map.entry("service-port-name-required", Set.of("KP413")),
          Map.entry("service-selects-no-pod", Set.of("KP404")),
          Map.entry("service-targetport-name-unknown", Set.of("KP401")),
          Map.entry("service-targetport-unserved", Set.of("KP403")),
          Map.entry("service-without-selector", Set.of("KP423")),
          Map.entry("yaml-syntax", Set.of("KP001")));

  /**
   * Where a finding stands on the smaller thing that is wrong: at the except of a block, at the
   * port of a backend or of a policy.
   */
  private static final Map<String, Integer> LINES = Map.of("BAD09", 4322, "BAD30", 63, "BAD34", 30);

  private final Map<Path, Report> reports = new HashMap<>();

  @BeforeAll
  void theTablesAreThere() {
    assumeTrue(Files.exists(BAD), "the tables of known faults are not beside the project");
  }

  /** A line of a table; the severity is empty where the table has none. */
  private record Row(String id, String file, int line, String kind, String severity) {

    static List<Row> read(Path table, boolean hasSeverity) throws IOException {
      return Files.readAllLines(table).stream()
          .skip(1)
          .map(line -> line.split("\t", -1))
          .map(
              cells ->
                  new Row(
                      cells[0],
                      cells[1],
                      Integer.parseInt(cells[2]),
                      cells[3],
                      hasSeverity ? cells[4] : ""))
          .toList();
    }

    /** The project of the corpus, or the case of an oracle. */
    Path folder() {
      Path path = Path.of(file);
      return SHARED.resolve(path.subpath(0, path.startsWith("corpus") ? 2 : 3));
    }

    Path path() {
      return SHARED.resolve(file);
    }
  }

  private List<Finding> findings(Row row) {
    Linter.Options options =
        new Linter.Options(
            Settings.DEFAULT,
            List.of(),
            List.of(),
            2,
            true,
            LocalDate.EPOCH,
            Rules.all().stream().map(Rule::info).toList());
    Report report =
        reports.computeIfAbsent(
            row.folder(),
            folder ->
                Linter.lint(
                    List.of(folder.toString()),
                    InputStream.nullInputStream(),
                    Rules.all(),
                    options));
    return report.findings().stream()
        .filter(finding -> Path.of(finding.source().name()).equals(row.path()))
        .filter(finding -> RULES.get(row.kind()).contains(finding.rule().id()))
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> knownFaultsAreFound() throws IOException {
    return Row.read(BAD, true).stream()
        .filter(row -> RULES.containsKey(row.kind()))
        .map(
            row ->
                dynamicTest(
                    row.id() + " " + row.kind() + " at " + row.file() + ":" + row.line(),
                    () -> assertThat(findings(row)).as("%s", row).anyMatch(f -> isAt(f, row))));
  }

  private static boolean isAt(Finding finding, Row row) {
    Severity least = Severity.valueOf(row.severity().toUpperCase(Locale.ROOT));
    return finding.span().line() == LINES.getOrDefault(row.id(), row.line())
        && finding.severity().isAtLeast(least);
  }

  @TestFactory
  Stream<DynamicTest> knownFalseAlarmsAreNotRaised() throws IOException {
    return Row.read(OK, false).stream()
        .filter(row -> RULES.containsKey(row.kind()))
        .map(
            row ->
                dynamicTest(
                    row.id() + " " + row.kind() + " at " + row.file() + ":" + row.line(),
                    () -> assertThat(findings(row)).noneMatch(f -> isAlarm(f, row))));
  }

  private static boolean isAlarm(Finding finding, Row row) {
    return finding.severity().isAtLeast(Severity.WARNING) && concerns(finding, row.line());
  }

  /** Whether a finding stands near a line, or speaks of the object that the line belongs to. */
  private static boolean concerns(Finding finding, int line) {
    if (Math.abs(finding.span().line() - line) <= 2) {
      return true;
    }
    if (finding.resource() == null) {
      return false;
    }
    Span object = finding.resource().place().extent();
    return object.line() <= line && line <= object.endLine();
  }

  @Test
  void everyClassHasARule() throws IOException {
    assertThat(Stream.concat(Row.read(BAD, true).stream(), Row.read(OK, false).stream()))
        .extracting(Row::kind)
        .allMatch(RULES::containsKey);
  }
}
