package io.github.kubeproof.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.lint.Suppressions.Complaint;
import io.github.kubeproof.core.lint.Suppressions.Fault;
import io.github.kubeproof.core.lint.Suppressions.Settled;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.YamlReader;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuppressionsTest {

  private static final RuleInfo PORT = rule("KP401", "unresolved-target-port");
  private static final RuleInfo SELECTOR = rule("KP404", "selector-matches-nothing");
  private static final RuleInfo OPEN = rule("KP203", "open-to-the-world");
  private static final List<RuleInfo> RULES = List.of(PORT, SELECTOR, OPEN);
  private static final LocalDate TODAY = LocalDate.of(2026, 6, 15);

  private static RuleInfo rule(String id, String name) {
    return RuleInfo.of(id, name, Severity.ERROR, Confidence.PROVED, "a rule");
  }

  /** A file, its objects, and what was found in it. */
  private static final class Input {

    final Source source;
    final List<Document> documents;
    final List<Resource> resources;
    final List<Finding> findings = new ArrayList<>();

    Input(String yaml) {
      source = new Source("a.yaml", yaml);
      documents = new YamlReader(Limits.DEFAULT).read(source).documents();
      resources = Manifests.read(documents, 1).resources();
    }

    Input found(RuleInfo rule, int number, Object... steps) {
      Resource resource = resources.get(number);
      Place place = resource.place().then(steps);
      String message = rule.id() + " " + resource.name() + " " + place.path();
      return add(rule, resource, place.span(), place, message);
    }

    Input foundAt(RuleInfo rule, int line, int column) {
      return add(rule, null, Span.at(line, column), null, rule.id() + " line " + line);
    }

    private Input add(RuleInfo rule, Resource resource, Span span, Place place, String message) {
      findings.add(
          new Finding(
              rule,
              rule.severity(),
              rule.confidence(),
              "unit",
              resource,
              source,
              span,
              place,
              message,
              "",
              List.of(),
              null));
      return this;
    }

    Settled settle(RuleInfo... ran) {
      return Suppressions.in(new Loaded(documents, List.of(), 0), resources, RULES, TODAY)
          .settle(
              findings,
              ran.length == 0 ? RULES : List.of(ran),
              new Exemptions(RuleChoices.NONE, "default", TODAY));
    }

    List<String> kept() {
      return settle().findings().stream().map(Finding::message).toList();
    }
  }

  private static List<String> complaints(Settled settled) {
    return settled.complaints().stream()
        .map(c -> c.span().line() + ":" + c.span().column() + " " + c.fault() + " " + c.message())
        .toList();
  }

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      spec:
        selector:
          app: web # %s
        ports:
        # %s
        - port: 80
          targetPort: http
        - port: 81
          targetPort: metrics
      """;

  private static Input service(String onSelector, String abovePort) {
    return new Input(SERVICE.formatted(onSelector, abovePort))
        .found(SELECTOR, 0, "spec", "selector", "app")
        .found(PORT, 0, "spec", "ports", 0, "targetPort")
        .found(PORT, 0, "spec", "ports", 1, "targetPort");
  }

  @Test
  void aCommentBehindAKeyCoversThatKey() {
    assertThat(service("kubeproof:ignore KP404", "").kept())
        .containsExactly(
            "KP401 web spec.ports[0].targetPort", "KP401 web spec.ports[1].targetPort");
  }

  @Test
  void aCommentAboveAnItemCoversTheItemAndNotTheList() {
    assertThat(service("", "kubeproof:ignore KP401").kept())
        .containsExactly("KP404 web spec.selector.app", "KP401 web spec.ports[1].targetPort");
  }

  @Test
  void onlyTheNamedRulesAreSilenced() {
    assertThat(service("kubeproof:ignore KP401", "kubeproof:ignore KP404, KP203").kept())
        .hasSize(3);
  }

  @Test
  void namesAndGroupsAndSmallLettersAreUnderstood() {
    assertThat(service("kubeproof:ignore selector-matches-nothing", "").kept()).hasSize(2);
    assertThat(service("kubeproof:ignore service", "").kept()).hasSize(2);
    assertThat(service("kubeproof:ignore kp404", "").kept()).hasSize(2);
    assertThat(service("kubeproof:ignore KP203,KP404", "").kept()).hasSize(2);
    assertThat(service("kubeproof:ignore permissiveness", "").kept()).hasSize(3);
  }

  @Test
  void theReasonIsKept() {
    Settled settled = service("kubeproof:ignore KP404 -- made by an operator # more", "").settle();
    assertThat(settled.suppressed())
        .extracting(Report.Suppressed::justification)
        .containsExactly("made by an operator # more");
    assertThat(service("kubeproof:ignore KP404", "").settle().suppressed())
        .extracting(Report.Suppressed::justification)
        .containsExactly("");
  }

  @Test
  void aCommentAboveAKeyCoversAllBelowIt() {
    Input input =
        new Input(
                """
                apiVersion: v1
                kind: Service
                metadata: { name: web }
                spec:
                  # kubeproof:ignore KP401

                  # the ports
                  ports:
                  - port: 80
                    targetPort: http
                  selector: { app: web }
                """)
            .found(PORT, 0, "spec", "ports", 0, "targetPort")
            .found(PORT, 0, "spec", "ports")
            .found(PORT, 0, "spec", "selector")
            .found(PORT, 0, "spec");
    assertThat(input.kept()).containsExactly("KP401 web spec.selector", "KP401 web spec");
  }

  @Test
  void aFieldThatIsMissingBelongsToWhatItIsMissingIn() {
    Input input =
        new Input(
                """
                apiVersion: v1
                kind: Service
                metadata: { name: web }
                spec: # kubeproof:ignore KP401
                  ports: []
                """)
            .found(PORT, 0, "spec", "type");
    assertThat(input.kept()).isEmpty();
  }

  @Test
  void aCommentOnTheFirstLineOfADocumentCoversIt() {
    String yaml =
        """
        # kubeproof:ignore KP404
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: one }
        spec: { selector: { app: x } }
        ---
        apiVersion: v1 # kubeproof:ignore KP401
        kind: Service
        metadata: { name: two }
        spec: { selector: { app: x } }
        """;
    Input input =
        new Input(yaml)
            .found(SELECTOR, 0, "spec", "selector")
            .found(PORT, 0, "spec")
            .found(SELECTOR, 1, "spec", "selector")
            .found(PORT, 1, "spec");
    assertThat(input.kept()).containsExactly("KP401 one spec", "KP404 two spec.selector");
  }

  @Test
  void aCommentInsideOfTextIsNoSuppression() {
    Input input =
        new Input(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: web }
                data:
                  a: |
                    # kubeproof:ignore KP404
                  b: "# kubeproof:ignore KP404"
                """)
            .found(SELECTOR, 0, "data", "b");
    assertThat(input.kept()).hasSize(1);
    assertThat(input.settle().complaints()).isEmpty();
  }

  @Test
  void aWholeFileIsSilenced() {
    String yaml =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: one }
        ---
        # kubeproof:ignore-file%s
        apiVersion: v1
        kind: Service
        metadata: { name: two }
        """;
    assertThat(
            new Input(yaml.formatted(" -- generated"))
                .found(PORT, 0)
                .found(SELECTOR, 1)
                .foundAt(OPEN, 1, 1)
                .kept())
        .isEmpty();
    assertThat(new Input(yaml.formatted(" KP401")).found(PORT, 0).found(SELECTOR, 1).kept())
        .containsExactly("KP404 two ");
  }

  @Test
  void aFileWithoutADocumentIsSilenced() {
    Input input = new Input("# kubeproof:ignore-file KP401\na: [\n").foundAt(PORT, 2, 4);
    assertThat(input.documents).isEmpty();
    assertThat(input.kept()).isEmpty();
  }

  @Test
  void aFaultThatIsNoFieldIsCoveredByItsLines() {
    Input input =
        new Input(
                """
                apiVersion: v1
                kind: Service
                metadata: { name: web }
                spec:
                  # kubeproof:ignore KP401
                  ports:
                  - prot: 80
                  selektor: {}
                """)
            .foundAt(PORT, 7, 5)
            .foundAt(PORT, 8, 3);
    assertThat(input.kept()).containsExactly("KP401 line 8");
  }

  @Test
  void anAnnotationOfTheObjectOrItsPodTemplateCoversTheObject() {
    String yaml =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: one, annotations: { kubeproof.io/ignore: "KP401 -- later" } }
        spec: { replicas: 1 }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: two }
        spec:
          template:
            metadata:
              annotations: { kubeproof.io/ignore: KP404 }
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: { name: three }
        spec: { jobTemplate: { spec: { template: { metadata: { annotations: { kubeproof.io/ignore: service } } } } } }
        """;
    Input input = new Input(yaml);
    for (int i = 0; i < 3; i++) {
      input.found(PORT, i, "spec").found(SELECTOR, i, "spec");
    }
    Settled settled = input.settle();
    assertThat(settled.findings())
        .extracting(Finding::message)
        .containsExactly("KP404 one spec", "KP401 two spec");
    assertThat(settled.suppressed().get(0).justification()).isEqualTo("later");
    assertThat(settled.complaints()).isEmpty();
  }

  @Test
  void aSuppressionThatMatchesNothingIsComplainedAbout() {
    Settled settled = service("kubeproof:ignore KP404,open-to-the-world", "").settle();
    assertThat(complaints(settled))
        .containsExactly("6:14 UNUSED this suppression of open-to-the-world matches no finding");
    Complaint complaint = settled.complaints().get(0);
    assertThat(complaint.source().name()).isEqualTo("a.yaml");
    assertThat(complaint.span().endColumn()).isEqualTo(14 + 42);
  }

  @Test
  void aSuppressionOfARuleThatDidNotRunMayBeNeeded() {
    Input input = service("kubeproof:ignore KP404,open-to-the-world", "");
    assertThat(input.settle(PORT, SELECTOR).complaints()).isEmpty();
    assertThat(complaints(new Input("# kubeproof:ignore-file\na: b\n").settle()))
        .containsExactly("1:1 UNUSED this suppression matches no finding");
  }

  @Test
  void aCommentAboveNothingIsUnused() {
    assertThat(complaints(new Input("a: b\n# kubeproof:ignore KP401\n").settle()))
        .containsExactly("2:1 UNUSED this suppression of KP401 matches no finding");
  }

  @Test
  void everySuppressionThatCoversAFindingIsNeeded() {
    Input input =
        new Input(
                """
                # kubeproof:ignore-file KP401
                apiVersion: v1
                kind: Service
                metadata: { name: web }
                spec: {} # kubeproof:ignore service
                """)
            .found(PORT, 0, "spec");
    Settled settled = input.settle();
    assertThat(settled.findings()).isEmpty();
    assertThat(settled.suppressed()).hasSize(1);
    assertThat(settled.complaints()).isEmpty();
  }

  @Test
  void anUnknownRuleIsComplainedAboutAndTheOthersHold() {
    Settled settled = service("kubeproof:ignore KP404 KP4O1", "").settle();
    assertThat(settled.suppressed()).hasSize(1);
    assertThat(complaints(settled))
        .containsExactly("6:14 UNKNOWN_RULE no rule is called \"KP4O1\"");
  }

  @Test
  void theBeginningOfIdsSilencesNothing() {
    Settled settled = service("kubeproof:ignore KP4", "").settle();
    assertThat(settled.suppressed()).isEmpty();
    assertThat(complaints(settled))
        .containsExactly(
            "6:14 UNKNOWN_RULE no rule is called \"KP4\"; the beginning of ids does not do here,"
                + " a whole one is needed, such as KP404");
  }

  @Test
  void aSuppressionHoldsUntilTheEndOfItsLastDay() {
    String until = "kubeproof:ignore KP404 -- soon until=";
    assertThat(service(until + "2026-06-15", "").kept()).hasSize(2);
    Settled settled = service(until + "2026-06-14", "").settle();
    assertThat(settled.findings()).hasSize(3);
    assertThat(complaints(settled))
        .containsExactly("6:14 EXPIRED this suppression ended on 2026-06-14");
    assertThat(service("kubeproof:ignore KP404 [until=2026-06-15] -- x", "").kept()).hasSize(2);
  }

  @Test
  void whatCannotBeObeyedSilencesNothing() {
    assertThat(complaints(service("kubeproof:ignore KP404 until=2026-13-01", "").settle()))
        .containsExactly("6:14 MALFORMED \"2026-13-01\" is not a date like 2027-01-31");
    assertThat(complaints(service("kubeproof:ignore -- all of it", "").settle()))
        .containsExactly("6:14 MALFORMED this suppression names no rule, so it has no effect");
    assertThat(complaints(service("kubeproof:ignored KP404", "").settle()))
        .containsExactly(
            "6:14 MALFORMED \"kubeproof:ignored\" is not kubeproof:ignore or"
                + " kubeproof:ignore-file");
    assertThat(service("kubeproof:ignore KP404 until=", "").kept()).hasSize(3);
  }

  @Test
  void aCommentThatOnlySpeaksOfKubeproofIsNone() {
    Settled settled = service("see kubeproof:ignore KP404", "kubeproof: a linter").settle();
    assertThat(settled.findings()).hasSize(3);
    assertThat(settled.complaints()).isEmpty();
  }

  @Test
  void anAnnotationThatIsUnusedIsShownAtItsPlace() {
    Input input =
        new Input(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                kubeproof.io/ignore: KP401
            """);
    Settled settled = input.settle();
    assertThat(complaints(settled))
        .containsExactly("6:26 UNUSED this suppression of KP401 matches no finding");
    assertThat(settled.complaints().get(0).place()).hasToString("a.yaml:6:26");
    assertThat(settled.complaints().get(0).fault()).isEqualTo(Fault.UNUSED);
  }
}
