package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.Severity;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules that claim to know what the API server refuses, against what a real one said. */
class RejectedByApiServerTest {

  private static final Path SHARED = Path.of("..", "..", "shared");
  private static final Path ORACLE = SHARED.resolve("oracle").resolve("apiserver");

  /**
   * Kinds for which the rules claim to know the server.
   *
   * <p>All that is refused of the small cases must be found.
   *
   * @param paths the share of it that must be found in the very field
   */
  private record Group(String name, double paths, Predicate<ServerVerdict> members) {}

  private static final List<Group> GROUPS =
      List.of(
          new Group("NetworkPolicy", 0.98, verdict -> verdict.isOf("NetworkPolicy")),
          new Group("Service", 0.98, verdict -> verdict.isOf("Service")),
          new Group("Ingress", 0.98, verdict -> verdict.isOf("Ingress")),
          new Group("IngressClass", 0.98, verdict -> verdict.isOf("IngressClass")),
          new Group("pod ports and DNS", 0.98, ServerVerdict::isOfPodPortsOrDns),
          new Group("endpoints", 0.98, verdict -> verdict.isOf("EndpointSlice", "Endpoints")),
          new Group("Gateway API", 0.98, verdict -> verdict.isOfGroup("gateway.networking.k8s.io")),
          new Group(
              "admin policies", 0.98, verdict -> verdict.isOfGroup("policy.networking.k8s.io")));

  /** Speaks of what the server refuses when it is an error, and of warnings otherwise. */
  private static final String API_VERSION = "KP003";

  private static final String DUPLICATE_KEY = "KP015";

  /** Rules that speak of what the server warns of. */
  private static final Set<String> WARNINGS =
      Set.of(API_VERSION, "KP007", "KP022", "KP418", "KP428", "KP618", "KP629");

  /** Warnings that have nothing to do with the network. */
  private static final Pattern OTHER_WARNING =
      Pattern.compile(
          "nodeSelector|nodeAffinity|apparmor|seccomp|scheduler\\.alpha|volumes\\[|resources\\.");

  /** Objects of these kinds that are refused, and not found; with the reason. */
  private static final Map<String, String> MISSED =
      Map.of(
          "corpus/rabbitmq-operator/config/overlays/metrics-https/metrics_service_https_patch.yaml#0",
          "a patch for kustomize, which takes $patch away",
          "corpus/argo-cd/gitops-engine/pkg/diff/testdata/smd-service-live-with-type.yaml#0",
          "a dump with a resourceVersion, which kubectl replace takes",
          "corpus/argo-cd/gitops-engine/pkg/health/testdata/svc-loadbalancer-unassigned.yaml#0",
          "a dump with a resourceVersion, which kubectl replace takes");

  /** Cases that are found in another field than the server names; with the reason. */
  private static final Map<String, String> MISPLACED =
      Map.of(
          "oracle/apiserver/cases/ingress-path-pathtype-lowercase-key.yaml#0",
          "pathtype is found as a misspelt pathType, which the server then misses");

  /** Warnings of ours about objects that the server takes without one; with the reason. */
  private static final Map<String, String> SURPLUS =
      Map.of(
          "oracle/apiserver/cases/service-annotation-sourceranges-hostbits.yaml#0",
          "the server warns of the field, and reads the annotation alike");

  @Test
  void smallCasesAreJudgedLikeTheServerDoes() throws IOException {
    Judged judged = judge("verdicts.jsonl", ORACLE);
    String table = judged.table();
    assertThat(judged.falseAlarms()).as(table).isEmpty();
    assertThat(judged.count(ServerVerdict::isAccepted)).isGreaterThan(450);
    assertThat(judged.count(ServerVerdict::isGone)).isEqualTo(5);
    assertThat(judged.names(verdict -> verdict.isGone() && !judged.isFound(verdict))).isEmpty();
    for (Group group : GROUPS) {
      assertThat(judged.count(group.members.and(ServerVerdict::isRefused)))
          .as(group.name)
          .isGreaterThan(15);
      assertThat(judged.missed(group.members)).as(table).isEmpty();
      assertThat(judged.share(group.members, judged::isFoundInPlace))
          .as("%s found in the right place%n%s", group.name, table)
          .isGreaterThanOrEqualTo(group.paths);
    }
    assertThat(
            judged.names(
                verdict ->
                    verdict.isRefused() && isOurs(verdict) && !judged.isFoundInPlace(verdict)))
        .containsExactlyInAnyOrderElementsOf(MISPLACED.keySet());
  }

  @Test
  void realManifestsAreJudgedLikeTheServerDoes() throws IOException {
    Judged judged = judge("corpus.jsonl", SHARED);
    String table = judged.table();
    assertThat(judged.falseAlarms()).as(table).isEmpty();
    assertThat(judged.count(ServerVerdict::isAccepted)).isGreaterThan(7_500);
    assertThat(judged.count(ServerVerdict::isGone)).isGreaterThan(100);
    assertThat(judged.names(verdict -> verdict.isGone() && !judged.isFound(verdict))).isEmpty();
    assertThat(judged.count(verdict -> isOurs(verdict) && verdict.isRefused())).isGreaterThan(250);
    assertThat(judged.missed(RejectedByApiServerTest::isOurs))
        .as(table)
        .containsExactlyInAnyOrderElementsOf(MISSED.keySet());
    assertThat(judged.share(RejectedByApiServerTest::isOurs, judged::isFound))
        .as(table)
        .isGreaterThanOrEqualTo(0.98);
  }

  @Test
  void whatTheServerWarnsOfIsAWarning() throws IOException {
    Judged cases = judge("verdicts.jsonl", ORACLE);
    Judged corpus = judge("corpus.jsonl", SHARED);
    assertThat(cases.count(verdict -> !verdict.warnings().isEmpty())).isGreaterThan(35);
    assertThat(cases.unheardWarnings()).isEmpty();
    assertThat(cases.objectsWithSurplusWarnings())
        .containsExactlyInAnyOrderElementsOf(SURPLUS.keySet());
    assertThat(corpus.count(verdict -> !verdict.warnings().isEmpty())).isGreaterThan(190);
    assertThat(corpus.unheardWarnings()).isEmpty();
    assertThat(corpus.objectsWithSurplusWarnings()).isEmpty();
  }

  private static boolean isOurs(ServerVerdict verdict) {
    return GROUPS.stream().anyMatch(group -> group.members.test(verdict));
  }

  /** Whether a finding says that the server refuses something. */
  private static boolean isRefusal(Finding finding) {
    // a duplicate key passes kubectl, which drops all but the last one before the server sees it
    return isRefusalForSure(finding) || finding.rule().id().equals(DUPLICATE_KEY);
  }

  private static boolean isRefusalForSure(Finding finding) {
    return finding.rule().rejectedByApiServer()
        || (finding.rule().id().equals(API_VERSION) && finding.severity() == Severity.ERROR);
  }

  private static boolean isWarning(Finding finding) {
    return WARNINGS.contains(finding.rule().id()) && finding.severity() == Severity.WARNING;
  }

  /** Every verdict with what the rules found in that object. */
  private record Judged(
      Map<ServerVerdict, List<Finding>> findings, Map<String, Document> documents) {

    long count(Predicate<ServerVerdict> some) {
      return findings.keySet().stream().filter(some).count();
    }

    /** Findings in objects that the server takes. */
    List<String> falseAlarms() {
      List<String> alarms = new ArrayList<>();
      findings.forEach(
          (verdict, found) -> {
            if (verdict.isAccepted()) {
              found.stream()
                  .filter(RejectedByApiServerTest::isRefusalForSure)
                  .forEach(finding -> alarms.add(name(verdict) + " " + said(finding)));
            }
          });
      return alarms;
    }

    List<String> objectsWithSurplusWarnings() {
      return names(
          verdict ->
              verdict.isAccepted()
                  && verdict.warnings().isEmpty()
                  && found(verdict).stream().anyMatch(RejectedByApiServerTest::isWarning));
    }

    /** Warnings of the server about objects that it takes, where none of ours stands. */
    List<String> unheardWarnings() {
      List<String> unheard = new ArrayList<>();
      for (ServerVerdict verdict : findings.keySet()) {
        for (Cause warning : verdict.isAccepted() ? verdict.warnings() : List.<Cause>of()) {
          if (!OTHER_WARNING.matcher(warning.reason()).find()
              && found(verdict).stream()
                  .noneMatch(found -> isWarning(found) && isAt(warning, found, verdict))) {
            unheard.add(name(verdict) + " " + warning.reason());
          }
        }
      }
      return unheard;
    }

    private static String name(ServerVerdict verdict) {
      return SHARED.relativize(Path.of(verdict.name())).toString();
    }

    private static String said(Finding finding) {
      Place place = finding.place();
      return finding.rule().id()
          + " "
          + (place == null ? finding.span().line() : place.path())
          + ": "
          + finding.message();
    }

    /** The share of refused objects among some, from 0 to 1, for which something holds. */
    double share(Predicate<ServerVerdict> some, Predicate<ServerVerdict> holds) {
      List<ServerVerdict> refused = refused(some);
      return (double) refused.stream().filter(holds).count() / refused.size();
    }

    List<String> missed(Predicate<ServerVerdict> some) {
      return names(verdict -> some.test(verdict) && verdict.isRefused() && !isFound(verdict));
    }

    List<String> names(Predicate<ServerVerdict> some) {
      return findings.keySet().stream().filter(some).map(Judged::name).toList();
    }

    private List<ServerVerdict> refused(Predicate<ServerVerdict> some) {
      return findings.keySet().stream().filter(ServerVerdict::isRefused).filter(some).toList();
    }

    private List<Finding> found(ServerVerdict verdict) {
      return findings.getOrDefault(verdict, List.of());
    }

    boolean isFound(ServerVerdict verdict) {
      return found(verdict).stream()
          .anyMatch(
              finding ->
                  verdict.isGone()
                      ? finding.rule().id().equals(API_VERSION)
                          && finding.severity() == Severity.ERROR
                      : isRefusal(finding));
    }

    /** Whether a finding stands at a field that the server complains of, or in it. */
    boolean isFoundInPlace(ServerVerdict verdict) {
      return verdict.causes().stream()
          .anyMatch(
              cause ->
                  found(verdict).stream()
                      .anyMatch(found -> isRefusal(found) && isAt(cause, found, verdict)));
    }

    private boolean isAt(Cause cause, Finding finding, ServerVerdict verdict) {
      Document document = documents.get(verdict.name());
      Place place = finding.place();
      if (cause.field().isEmpty() || document == null) {
        return true; // the server could not read the object, and names no field
      }
      NodePath object = verdict.item() < 0 ? NodePath.ROOT : NodePath.ROOT.then("items", 0);
      return place != null
          && cause.covers(
              place.path().below(object).orElseThrow(),
              path -> document.find(object.then(path.steps().toArray())).isPresent());
    }

    /** A line for each group, and all that is not found, or not in its place. */
    String table() {
      StringBuilder table =
          new StringBuilder(
              "refused by the API server, share found, and found in the very field\n");
      for (Group group : GROUPS) {
        table.append(line(group.name, group.members));
      }
      table.append(line("rest (not claimed)", verdict -> !isOurs(verdict)));
      for (ServerVerdict verdict : refused(RejectedByApiServerTest::isOurs)) {
        if (!isFoundInPlace(verdict)) {
          table.append(
              "  %s %s%n    server: %s%n    rules:  %s%n"
                  .formatted(
                      name(verdict),
                      verdict.kind(),
                      verdict.causes(),
                      found(verdict).stream().map(Judged::said).toList()));
        }
      }
      return table.toString();
    }

    private String line(String name, Predicate<ServerVerdict> some) {
      return "  %-18s %4d %6.3f %6.3f%n"
          .formatted(
              name,
              refused(some).size(),
              share(some, this::isFound),
              share(some, this::isFoundInPlace));
    }
  }

  private static Judged judge(String file, Path files) throws IOException {
    assumeTrue(
        Files.isDirectory(ORACLE), "the verdicts of an API server are not beside the project");
    List<ServerVerdict> verdicts = ServerVerdict.read(ORACLE.resolve(file), files);
    List<Rule> rules =
        Rules.all().stream()
            .filter(
                rule ->
                    rule.info().rejectedByApiServer()
                        || rule.info().id().equals(DUPLICATE_KEY)
                        || WARNINGS.contains(rule.info().id()))
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
