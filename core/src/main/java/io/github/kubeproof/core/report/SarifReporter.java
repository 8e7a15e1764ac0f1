package io.github.kubeproof.core.report;

import com.contrastsecurity.sarif.ArtifactChange;
import com.contrastsecurity.sarif.ArtifactContent;
import com.contrastsecurity.sarif.ArtifactLocation;
import com.contrastsecurity.sarif.Invocation;
import com.contrastsecurity.sarif.Location;
import com.contrastsecurity.sarif.Message;
import com.contrastsecurity.sarif.Notification;
import com.contrastsecurity.sarif.OriginalUriBaseIds;
import com.contrastsecurity.sarif.PartialFingerprints;
import com.contrastsecurity.sarif.PhysicalLocation;
import com.contrastsecurity.sarif.PropertyBag;
import com.contrastsecurity.sarif.Region;
import com.contrastsecurity.sarif.Replacement;
import com.contrastsecurity.sarif.ReportingConfiguration;
import com.contrastsecurity.sarif.Result;
import com.contrastsecurity.sarif.Run;
import com.contrastsecurity.sarif.SarifSchema210;
import com.contrastsecurity.sarif.Suppression;
import com.contrastsecurity.sarif.Tool;
import com.contrastsecurity.sarif.ToolComponent;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Fingerprints;
import io.github.kubeproof.core.lint.Fix;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Report.Suppressed;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes SARIF 2.1.0 as code hosts and editors read it: the worst results first, each with its
 * region, the other places that explain it, and a fingerprint.
 *
 * @see "docs.oasis-open.org: SARIF 2.1.0; docs.github.com: SARIF support for code scanning"
 */
final class SarifReporter implements Reporter {

  /** Code scanning shows no more of one run. */
  static final int MOST_RESULTS = 5000;

  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
  private static final String HOME = "https://github.com/kubeproof/kubeproof";
  private static final String ROOT = "%SRCROOT%";

  /** Longer lines are not repeated in the report. */
  private static final int SNIPPET = 200;

  private static final Pattern LINK = Pattern.compile("\\[([^\\[\\]]*)]\\(");

  private final String version;

  SarifReporter(String version) {
    this.version = version;
  }

  @Override
  public void write(Report report, Writer out) throws IOException {
    SarifSchema210 sarif =
        new SarifSchema210()
            .with$schema(URI.create(SCHEMA))
            .withVersion(SarifSchema210.Version._2_1_0)
            .withRuns(List.of(run(report)));
    try (JsonGenerator json = JsonOutput.to(out)) {
      mapper().writeValue(json, sarif);
    }
    out.append('\n').flush();
  }

  /** The library leaves out a level that equals the default, which readers then do not know. */
  private static ObjectMapper mapper() {
    return JsonMapper.builder()
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .addMixIn(Result.class, WithLevel.class)
        .addMixIn(ReportingConfiguration.class, WithLevel.class)
        .addMixIn(Notification.class, WithLevel.class)
        .build();
  }

  private interface WithLevel {
    @JsonProperty("level")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    Object getLevel();
  }

  private Run run(Report report) {
    ToolComponent driver =
        new ToolComponent()
            .withName("kubeproof")
            .withVersion(version)
            .withInformationUri(URI.create(HOME))
            .withRules(SarifRules.of(report));
    return new Run()
        .withTool(new Tool().withDriver(driver))
        .withInvocations(
            List.of(
                new Invocation()
                    .withExecutionSuccessful(true)
                    .withToolExecutionNotifications(notifications(report))))
        .withOriginalUriBaseIds(
            new OriginalUriBaseIds()
                .withAdditionalProperty(
                    ROOT,
                    new ArtifactLocation()
                        .withDescription(
                            new Message().withText("The directory that kubeproof ran in."))))
        .withColumnKind(Run.ColumnKind.UNICODE_CODE_POINTS)
        .withResults(results(report));
  }

  /** A finding, and how it is silenced; null when it is not. */
  private record Entry(Finding finding, @Nullable Suppressed silence) {}

  private static List<Result> results(Report report) {
    Map<String, Integer> ruleIndexes = new HashMap<>();
    for (RuleInfo rule : report.rules()) {
      ruleIndexes.put(rule.id(), ruleIndexes.size());
    }
    Fingerprints fingerprints = Fingerprints.of(report);
    Stream<Entry> open =
        report.findings().stream()
            .map(finding -> new Entry(finding, null))
            .sorted(Comparator.comparing(Entry::finding, Words.WORST_FIRST));
    Stream<Entry> silenced =
        report.suppressed().stream()
            .map(entry -> new Entry(entry.finding(), entry))
            .sorted(Comparator.comparing(Entry::finding, Words.WORST_FIRST));
    return Stream.concat(open, silenced)
        .limit(MOST_RESULTS)
        .map(
            entry ->
                result(entry, fingerprints, report.comparison() != null)
                    .withRuleIndex(index(entry, ruleIndexes)))
        .toList();
  }

  private static int index(Entry entry, Map<String, Integer> ruleIndexes) {
    Integer index = ruleIndexes.get(entry.finding().rule().id());
    if (index == null) {
      throw new IllegalStateException(
          entry.finding().rule().id() + " is not among the rules of the report");
    }
    return index;
  }

  private static Result result(Entry entry, Fingerprints fingerprints, boolean compared) {
    Finding finding = entry.finding();
    Result result =
        new Result()
            .withRuleId(finding.rule().id())
            .withLevel(Result.Level.fromValue(SarifRules.level(finding.severity())))
            .withMessage(new Message().withText(text(finding)))
            .withLocations(List.of(location(finding.source(), finding.span())))
            .withPartialFingerprints(
                new PartialFingerprints()
                    .withAdditionalProperty(
                        Fingerprints.VERSION, fingerprints.fingerprint(finding)))
            .withProperties(
                new PropertyBag()
                    .withAdditionalProperty("confidence", finding.confidence().word()));
    if (!finding.notes().isEmpty()) {
      result.setRelatedLocations(relatedLocations(finding));
    }
    Fix fix = finding.fix();
    if (fix != null) {
      result.setFixes(Set.of(fix(fix)));
    }
    Suppressed silence = entry.silence();
    if (silence != null) {
      result.setSuppressions(suppressions(silence));
    }
    if (compared) {
      boolean old = silence != null && silence.by() == Report.By.BASELINE;
      result.setBaselineState(old ? Result.BaselineState.UNCHANGED : Result.BaselineState.NEW);
    }
    return result;
  }

  /** Section 3.55; whether it is safe is nothing that SARIF has a word for. */
  private static com.contrastsecurity.sarif.Fix fix(Fix fix) {
    Map<Source, List<Edit>> bySource =
        fix.edits().stream()
            .collect(Collectors.groupingBy(Edit::source, LinkedHashMap::new, Collectors.toList()));
    Set<ArtifactChange> changes = new LinkedHashSet<>();
    bySource.forEach(
        (source, edits) ->
            changes.add(
                new ArtifactChange()
                    .withArtifactLocation(file(source).getArtifactLocation())
                    .withReplacements(edits.stream().map(SarifReporter::replacement).toList())));
    return new com.contrastsecurity.sarif.Fix()
        .withDescription(new Message().withText(Words.sentence(plain(fix.toString()))))
        .withArtifactChanges(changes)
        .withProperties(
            new PropertyBag().withAdditionalProperty("applicability", fix.applicability()));
  }

  private static Replacement replacement(Edit edit) {
    return new Replacement()
        .withDeletedRegion(region(edit.span()))
        .withInsertedContent(new ArtifactContent().withText(edit.text()));
  }

  private static Set<Location> relatedLocations(Finding finding) {
    Set<Location> locations = new LinkedHashSet<>();
    int id = 1;
    for (Note note : finding.notes()) {
      locations.add(
          location(note.place().source(), note.place().span())
              .withId(id++)
              .withMessage(new Message().withText(Words.sentence(plain(note.message())))));
    }
    return locations;
  }

  private static Set<Suppression> suppressions(Suppressed silence) {
    boolean inSource = silence.by() == Report.By.SOURCE;
    Suppression suppression =
        new Suppression()
            .withKind(inSource ? Suppression.Kind.IN_SOURCE : Suppression.Kind.EXTERNAL);
    String justification = silence.justification();
    if (!justification.isEmpty()) {
      suppression.setJustification(Printable.of(justification));
    }
    Set<Suppression> suppressions = new LinkedHashSet<>();
    suppressions.add(suppression);
    return suppressions;
  }

  /** All that is to be said; code scanning shows related places only where the text links them. */
  private static String text(Finding finding) {
    StringBuilder text = new StringBuilder(Words.sentence(plain(finding.message())));
    int id = 1;
    for (Note note : finding.notes()) {
      String label = Printable.of(note.message()).replaceAll("[\\\\\\[\\]]", "\\\\$0");
      text.append(" [").append(label).append("](").append(id++).append(").");
    }
    Flow witness = finding.witness();
    if (witness != null) {
      text.append(" Witness: ").append(Words.sentence(plain(Witnesses.sentence(witness))));
    }
    if (!finding.help().isEmpty()) {
      text.append(" Help: ").append(Words.sentence(plain(finding.help())));
    }
    return text.toString();
  }

  /** A text in which a reader of SARIF sees no link, section 3.11.6. */
  private static String plain(String text) {
    return LINK.matcher(Printable.of(text)).replaceAll("\\\\[$1\\\\](");
  }

  private static Location location(Source source, Span span) {
    Region region = region(span);
    String line = source.line(span.line());
    boolean empty = span.column() == span.endColumn();
    if (span.line() == span.endLine() && !empty && line.length() <= SNIPPET) {
      int length = line.codePointCount(0, line.length());
      int start = line.offsetByCodePoints(0, Math.min(span.column() - 1, length));
      int end = line.offsetByCodePoints(0, Math.min(span.endColumn() - 1, length));
      region.setSnippet(new ArtifactContent().withText(line.substring(start, end)));
    }
    return new Location().withPhysicalLocation(file(source).withRegion(region));
  }

  private static Region region(Span span) {
    return new Region()
        .withStartLine(span.line())
        .withStartColumn(span.column())
        .withEndLine(span.endLine())
        .withEndColumn(span.endColumn());
  }

  private static PhysicalLocation file(Source source) {
    ArtifactLocation file = new ArtifactLocation().withUri(Uris.of(source.name()));
    if (!Uris.isAbsolute(file.getUri())) {
      file.setUriBaseId(ROOT);
    }
    return new PhysicalLocation().withArtifactLocation(file);
  }

  private static List<Notification> notifications(Report report) {
    List<Notification> notifications = new ArrayList<>();
    int all = report.findings().size() + report.suppressed().size();
    if (all > MOST_RESULTS) {
      notifications.add(
          new Notification()
              .withLevel(Notification.Level.WARNING)
              .withMessage(
                  new Message()
                      .withText(
                          "Of "
                              + all
                              + " results only the worst "
                              + MOST_RESULTS
                              + " are listed.")));
    }
    for (Notice notice : report.notices()) {
      notifications.add(notification(notice));
    }
    return notifications;
  }

  private static Notification notification(Notice notice) {
    Notification notification =
        new Notification()
            .withLevel(notice.incomplete() ? Notification.Level.WARNING : Notification.Level.NOTE)
            .withMessage(new Message().withText(Words.sentence(plain(notice.message()))));
    Source source = notice.source();
    Span span = notice.span();
    if (source != null) {
      Set<Location> locations = new LinkedHashSet<>();
      locations.add(
          span == null
              ? new Location().withPhysicalLocation(file(source))
              : location(source, span));
      notification.setLocations(locations);
    }
    return notification;
  }
}
