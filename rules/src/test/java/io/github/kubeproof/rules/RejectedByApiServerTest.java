package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.rules.ServerVerdict.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules that claim to know what the API server refuses, against what a real one said. */
class RejectedByApiServerTest {

  private static final Path SHARED = Path.of("..", "..", "shared");
  private static final Path ORACLE = SHARED.resolve("oracle").resolve("apiserver");

  @Test
  void smallCasesAreJudgedLikeTheServerDoes() throws IOException {
    assumeTrue(
        Files.isDirectory(ORACLE), "the verdicts of an API server are not beside the project");
    Judged judged = judge(ServerVerdict.read(ORACLE.resolve("verdicts.jsonl"), ORACLE));
    assertThat(judged.falseAlarms()).isEmpty();
    judged.print("small cases");
    assertThat(judged.accepted()).isGreaterThan(450);
    assertThat(judged.share(ServerVerdict::isOfPolicy))
        .as("missed: %s", judged.missed(ServerVerdict::isOfPolicy))
        .isEqualTo(1);
    assertThat(judged.share(ServerVerdict::isOfService))
        .as("missed: %s", judged.missed(ServerVerdict::isOfService))
        .isGreaterThan(0.92);
    assertThat(judged.share(ServerVerdict::isOfPodPortsOrDns))
        .as("missed: %s", judged.missed(ServerVerdict::isOfPodPortsOrDns))
        .isGreaterThan(0.6);
  }

  @Test
  void realManifestsAreJudgedLikeTheServerDoes() throws IOException {
    assumeTrue(
        Files.isDirectory(ORACLE), "the verdicts of an API server are not beside the project");
    Judged judged = judge(ServerVerdict.read(ORACLE.resolve("corpus.jsonl"), SHARED));
    assertThat(judged.falseAlarms()).isEmpty();
    judged.print("real manifests");
    assertThat(judged.accepted()).isGreaterThan(7_500);
    assertThat(judged.share(ServerVerdict::isOfPolicy)).isEqualTo(1);
  }

  /** Every verdict with what the rules found in that object. */
  private record Judged(
      Map<ServerVerdict, List<Finding>> findings, Map<String, Document> documents) {

    long accepted() {
      return findings.keySet().stream().filter(ServerVerdict::isAccepted).count();
    }

    /** Findings in objects that the server takes. */
    List<String> falseAlarms() {
      List<String> alarms = new ArrayList<>();
      findings.forEach(
          (verdict, found) -> {
            if (verdict.isAccepted()) {
              found.stream()
                  .filter(finding -> finding.rule().rejectedByApiServer())
                  .forEach(
                      finding ->
                          alarms.add(
                              verdict.name()
                                  + ":"
                                  + finding.span().line()
                                  + " "
                                  + finding.rule().id()
                                  + " "
                                  + finding.message()));
            }
          });
      return alarms;
    }

    /** How many of some refused objects are found, from 0 to 1. */
    double share(Predicate<ServerVerdict> some) {
      List<ServerVerdict> refused = refused(some);
      return (double) refused.stream().filter(this::isFound).count() / refused.size();
    }

    /** Those of some refused objects that are not found, for the reader of a failure. */
    List<String> missed(Predicate<ServerVerdict> some) {
      return refused(some).stream()
          .filter(verdict -> !isFound(verdict))
          .map(ServerVerdict::name)
          .toList();
    }

    private List<ServerVerdict> refused(Predicate<ServerVerdict> some) {
      return findings.keySet().stream().filter(ServerVerdict::isRefused).filter(some).toList();
    }

    /** Whether a finding stands in a field that the server complains of. */
    private boolean isFound(ServerVerdict verdict) {
      List<Finding> found = findings.getOrDefault(verdict, List.of());
      return verdict.causes().stream()
          .anyMatch(cause -> found.stream().anyMatch(finding -> isAt(cause, finding, verdict)));
    }

    private boolean isAt(Cause cause, Finding finding, ServerVerdict verdict) {
      Document document = documents.get(verdict.name());
      if (cause.field().isEmpty() || document == null) {
        return true; // the server could not read the object, and names no field
      }
      NodePath object = verdict.item() < 0 ? NodePath.ROOT : NodePath.ROOT.then("items", 0);
      Place field = new Place(document, cause.path(object, document));
      return field.extent().covers(finding.span().line());
    }

    /** A line for each kind and each reason of the server. */
    void print(String what) {
      Map<String, List<ServerVerdict>> groups = new TreeMap<>();
      for (ServerVerdict verdict : findings.keySet()) {
        if (verdict.isRefused()) {
          Set<String> reasons = new LinkedHashSet<>();
          verdict.causes().stream().map(Cause::reason).forEach(reasons::add);
          for (String reason : reasons) {
            groups
                .computeIfAbsent(verdict.kind() + " " + reason, group -> new ArrayList<>())
                .add(verdict);
          }
        }
      }
      System.out.println(what + ": refused by the API server, and found");
      System.out.printf(
          "  NetworkPolicy %.3f, Service %.3f, ports and DNS of pods %.3f%n",
          share(ServerVerdict::isOfPolicy),
          share(ServerVerdict::isOfService),
          share(ServerVerdict::isOfPodPortsOrDns));
      groups.forEach(
          (group, verdicts) -> {
            long found = verdicts.stream().filter(this::isFound).count();
            System.out.printf("  %-45s %3d of %3d%n", group, found, verdicts.size());
          });
    }
  }

  private static Judged judge(List<ServerVerdict> verdicts) throws IOException {
    // a duplicate key passes kubectl, which drops all but the last one before the server sees it
    List<Rule> rules =
        Rules.all().stream()
            .filter(rule -> rule.info().rejectedByApiServer() || rule.info().id().equals("KP015"))
            .toList();
    Loaded loaded = ServerVerdict.load(verdicts);
    Linter.Options options =
        new Linter.Options(
            Settings.DEFAULT, List.of(), List.of(), 2, false, LocalDate.EPOCH, List.of());
    Report report = Linter.lint(loaded, rules, options);
    Map<String, List<Finding>> byName =
        report.findings().stream().collect(Collectors.groupingBy(f -> f.source().name()));
    Map<ServerVerdict, List<Finding>> found = new LinkedHashMap<>();
    for (ServerVerdict verdict : verdicts) {
      found.put(verdict, byName.getOrDefault(verdict.name(), List.of()));
    }
    return new Judged(
        found,
        loaded.documents().stream().collect(Collectors.toMap(d -> d.source().name(), d -> d)));
  }
}
