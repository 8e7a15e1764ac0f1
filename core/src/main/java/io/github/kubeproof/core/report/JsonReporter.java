package io.github.kubeproof.core.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.kubeproof.core.lint.Baseline;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Fingerprints;
import io.github.kubeproof.core.lint.Fix;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes one JSON object. Fields may be added; {@value #VERSION} becomes another number when one is
 * renamed, removed or changes its meaning. A field that has nothing to say is left out.
 *
 * <pre>
 * version      1
 * tool         {name, version}
 * summary      {errors, warnings, infos, suppressed, files, resources, incomplete}
 * findings     [finding], by file, position and rule
 * suppressed   [finding with by ("source", "configuration" or "baseline") and justification (the
 *              reason, perhaps empty)]
 * baseline?    {new, unchanged, resolved: [what was resolved, in words]}
 * notices      [{message, incomplete, file?, line?, column?, endLine?, endColumn?}]
 *
 * finding      rule         "KP404"
 *              name         "selector-matches-nothing"
 *              group        "service"
 *              severity     "error", "warning" or "info"
 *              confidence   "proved" or "heuristic"
 *              tags         ["kubernetes", ..., perhaps "rejected-by-api-server"]
 *              message      one line
 *              help?        what to do
 *              file, line, column, endLine, endColumn
 *                           counted from 1; columns are code points, the end is exclusive
 *              unit         the objects it was found among
 *              resource?    {apiVersion, kind, namespace?, name?}, as written
 *              path?        the field below the resource: "spec.ports[0].port"; left out where the
 *                           finding is about the resource itself
 *              notes        [{message, file, line, column, endLine, endColumn, path?}]
 *              witness?     {sentence, from, to, protocol, port}
 *              fix?         {title, applicability: "safe" or "unsafe", effect? (how it changes the
 *                           traffic), edits: [{file, line, column, endLine, endColumn, text}]}
 *              fingerprint  the same in the next run, whatever the lines
 *
 * from, to     {phrase, kind: "pod", known, id, namespace?, labels, namespaceLabels, addresses}
 *              {phrase, kind: "host", known, id, addresses}: a node, or a pod on its network
 *              {phrase, kind: "outside", addresses}
 *              known tells a pod of the input from one that the solver thought of
 * </pre>
 */
final class JsonReporter implements Reporter {

  static final int VERSION = 1;

  private final String toolVersion;

  JsonReporter(String toolVersion) {
    this.toolVersion = toolVersion;
  }

  @Override
  public void write(Report report, Writer out) throws IOException {
    try (JsonGenerator json = JsonOutput.to(out)) {
      Fingerprints fingerprints = Fingerprints.of(report);
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeObjectFieldStart("tool");
      json.writeStringField("name", "kubeproof");
      json.writeStringField("version", toolVersion);
      json.writeEndObject();
      writeSummary(report, json);
      json.writeArrayFieldStart("findings");
      for (Finding finding : report.findings()) {
        json.writeStartObject();
        writeFinding(finding, fingerprints, json);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("suppressed");
      for (Report.Suppressed suppressed : report.suppressed()) {
        json.writeStartObject();
        writeFinding(suppressed.finding(), fingerprints, json);
        json.writeStringField("by", suppressed.by().word());
        json.writeStringField("justification", suppressed.justification());
        json.writeEndObject();
      }
      json.writeEndArray();
      Baseline.Comparison comparison = report.comparison();
      if (comparison != null) {
        json.writeObjectFieldStart("baseline");
        json.writeNumberField("new", comparison.added().size());
        json.writeNumberField("unchanged", comparison.unchanged().size());
        json.writeArrayFieldStart("resolved");
        for (String resolved : comparison.resolved()) {
          json.writeString(resolved);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeArrayFieldStart("notices");
      for (Notice notice : report.notices()) {
        writeNotice(notice, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.append('\n').flush();
  }

  private static void writeSummary(Report report, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("summary");
    json.writeNumberField("errors", report.count(Severity.ERROR));
    json.writeNumberField("warnings", report.count(Severity.WARNING));
    json.writeNumberField("infos", report.count(Severity.INFO));
    json.writeNumberField("suppressed", report.suppressed().size());
    json.writeNumberField("files", report.files());
    json.writeNumberField("resources", report.resources());
    json.writeBooleanField("incomplete", report.isIncomplete());
    json.writeEndObject();
  }

  private static void writeFinding(Finding finding, Fingerprints fingerprints, JsonGenerator json)
      throws IOException {
    json.writeStringField("rule", finding.rule().id());
    json.writeStringField("name", finding.rule().name());
    json.writeStringField("group", finding.rule().group());
    json.writeStringField("severity", finding.severity().word());
    json.writeStringField("confidence", finding.confidence().word());
    writeStrings("tags", finding.rule().tags(), json);
    json.writeStringField("message", finding.message());
    writeUnlessEmpty("help", finding.help(), json);
    writePosition(finding.source(), finding.span(), json);
    json.writeStringField("unit", finding.unit());
    Resource resource = finding.resource();
    if (resource != null) {
      json.writeObjectFieldStart("resource");
      json.writeStringField("apiVersion", resource.apiVersion());
      json.writeStringField("kind", resource.kind());
      writeUnlessEmpty("namespace", resource.writtenNamespace(), json);
      writeUnlessEmpty("name", resource.name(), json);
      json.writeEndObject();
    }
    writeUnlessEmpty("path", Words.path(finding), json);
    json.writeArrayFieldStart("notes");
    for (Note note : finding.notes()) {
      Place place = note.place();
      json.writeStartObject();
      json.writeStringField("message", note.message());
      writePosition(place.source(), place.span(), json);
      writeUnlessEmpty("path", place.path().toString(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    Flow witness = finding.witness();
    if (witness != null) {
      json.writeObjectFieldStart("witness");
      json.writeStringField("sentence", Witnesses.sentence(witness));
      writeEnd("from", witness.from(), json);
      writeEnd("to", witness.to(), json);
      json.writeStringField("protocol", witness.protocol().name());
      json.writeNumberField("port", witness.port());
      json.writeEndObject();
    }
    Fix fix = finding.fix();
    if (fix != null) {
      json.writeObjectFieldStart("fix");
      json.writeStringField("title", fix.title());
      json.writeStringField("applicability", fix.applicability());
      writeUnlessEmpty("effect", fix.effect(), json);
      json.writeArrayFieldStart("edits");
      for (Edit edit : fix.edits()) {
        json.writeStartObject();
        writePosition(edit.source(), edit.span(), json);
        json.writeStringField("text", edit.text());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeStringField("fingerprint", fingerprints.fingerprint(finding));
  }

  private static void writeEnd(String name, Endpoint end, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("phrase", Witnesses.phrase(end));
    if (end instanceof Pod pod) {
      json.writeStringField("kind", "pod");
      json.writeBooleanField("known", Witnesses.isOfTheInput(pod.id()));
      json.writeStringField("id", pod.id());
      writeUnlessEmpty("namespace", pod.namespace(), json);
      writeLabels("labels", pod.labels(), json);
      writeLabels("namespaceLabels", pod.namespaceLabels(), json);
    } else if (end instanceof Host host) {
      json.writeStringField("kind", "host");
      json.writeBooleanField("known", Witnesses.isOfTheInput(host.id()));
      json.writeStringField("id", host.id());
    } else if (end instanceof Outside) {
      json.writeStringField("kind", "outside");
    }
    writeStrings("addresses", end.addresses().stream().map(Address::toString).toList(), json);
    json.writeEndObject();
  }

  private static void writeNotice(Notice notice, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("message", notice.message());
    json.writeBooleanField("incomplete", notice.incomplete());
    Source source = notice.source();
    Span span = notice.span();
    if (source != null && span != null) {
      writePosition(source, span, json);
    }
    json.writeEndObject();
  }

  private static void writePosition(Source source, Span span, JsonGenerator json)
      throws IOException {
    json.writeStringField("file", source.name());
    json.writeNumberField("line", span.line());
    json.writeNumberField("column", span.column());
    json.writeNumberField("endLine", span.endLine());
    json.writeNumberField("endColumn", span.endColumn());
  }

  private static void writeLabels(String name, Map<String, String> labels, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
  }

  private static void writeStrings(String name, Collection<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static void writeUnlessEmpty(String name, String value, JsonGenerator json)
      throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(name, value);
    }
  }
}
