package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.RulePages;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.proof.Relation;
import io.github.kubeproof.core.proof.TrafficDiff;
import io.github.kubeproof.core.proof.TrafficDiff.Answer;
import io.github.kubeproof.core.proof.TrafficDiff.Difference;
import io.github.kubeproof.core.proof.TrafficDiff.Effect;
import io.github.kubeproof.core.proof.TrafficDiff.Sort;
import io.github.kubeproof.core.proof.TrafficDiff.Subject;
import io.github.kubeproof.core.report.Format;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what a change opens and closes in the forms that people and programs read. */
final class DiffReport {

  /** What it finds in SARIF. */
  static final List<Rule> RULES = List.of(new TrafficOpened(), new TrafficClosed());

  private static final String WHOLE = "the traffic as a whole";

  private final TrafficDiff diff;
  // one line for each question, in the order in which people are told
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  DiffReport(TrafficDiff diff) {
    this.diff = diff;
    answers.put(WHOLE, diff.whole());
    for (Subject subject : diff.subjects()) {
      answers.put("ingress of " + inWords(subject), subject.ingress());
      answers.put("egress of " + inWords(subject), subject.egress());
    }
  }

  private static String inWords(Subject subject) {
    return switch (subject.sort()) {
      case WORKLOAD -> subject.name();
      case NAMESPACE -> "every pod of namespace " + subject.name();
      case ELSEWHERE -> "every pod of any other namespace";
    };
  }

  private static String inWords(Difference difference) {
    String fate =
        switch (difference.effect()) {
          case REAL -> "";
          case STOPPED -> " (the other end stops it)";
          case UNDECIDED -> " (whether the other end stops it is undecided)";
        };
    return (difference.opened() ? "opened: " : "closed: ")
        + Witnesses.sentence(difference.witness())
        + fate;
  }

  /** Of equal answers only that about all of it. */
  private static boolean isTold(Map.Entry<String, Answer> entry) {
    return entry.getValue().relation() != Relation.EQUAL || entry.getKey().equals(WHOLE);
  }

  void text(Writer out) throws IOException {
    for (Map.Entry<String, Answer> entry : answers.entrySet()) {
      Answer answer = entry.getValue();
      if (isTold(entry)) {
        out.write(entry.getKey() + ": " + answer.relation().word());
        out.write(answer.why().isEmpty() ? "\n" : ": " + Text.visible(answer.why()) + "\n");
        for (Difference difference : answer.differences()) {
          out.write("  " + Text.visible(inWords(difference)) + "\n");
          lines("before", difference.before(), out);
          lines("after", difference.after(), out);
        }
      }
    }
    out.write(equals() + "\n");
    names("only after", diff.added(), out);
    names("only before", diff.removed(), out);
    for (Gap gap : diff.whole().gaps()) {
      out.write("incomplete: " + Text.visible(gap.place() + ": " + gap.why()) + "\n");
    }
  }

  private String equals() {
    long workloads = diff.subjects().stream().filter(s -> s.sort() == Sort.WORKLOAD).count();
    long equal =
        diff.subjects().stream().filter(s -> s.sort() == Sort.WORKLOAD && s.isEqual()).count();
    return "equal: " + equal + " of " + Text.count(workloads, "workload");
  }

  private static void lines(String when, List<Place> places, Writer out) throws IOException {
    for (Place place : places) {
      String line = place.source().line(place.span().line()).strip();
      out.write("    " + when + ": " + Text.visible(place + " | " + line) + "\n");
    }
    if (places.isEmpty()) {
      out.write("    " + when + ": no policy says anything about it\n");
    }
  }

  private static void names(String what, List<Workload> workloads, Writer out) throws IOException {
    if (!workloads.isEmpty()) {
      List<String> names = workloads.stream().map(Workload::toString).toList();
      out.write(what + ": " + Text.visible(String.join(", ", names)) + "\n");
    }
  }

  void markdown(Writer out) throws IOException {
    out.write("### Traffic: " + diff.whole().relation().word() + "\n\n");
    out.write("| what | answer | witness | before | after |\n|---|---|---|---|---|\n");
    for (Map.Entry<String, Answer> entry : answers.entrySet()) {
      Answer answer = entry.getValue();
      String start = "| " + cell(entry.getKey()) + " | " + answer.relation().word();
      for (Difference difference : answer.differences()) {
        out.write(start + " | " + cell(inWords(difference)));
        out.write(" | " + cell(places(difference.before())));
        out.write(" | " + cell(places(difference.after())) + " |\n");
      }
      boolean bare = isTold(entry);
      if (bare && answer.differences().isEmpty()) {
        out.write(start + " | " + cell(answer.why()) + " | | |\n");
      }
    }
    out.write("\n" + equals() + "\n");
    for (Gap gap : diff.whole().gaps()) {
      out.write("\n- incomplete: " + cell(gap.place() + ": " + gap.why()) + "\n");
    }
    for (Workload workload : diff.added()) {
      out.write("\n- only after: " + cell(workload.toString()) + "\n");
    }
    for (Workload workload : diff.removed()) {
      out.write("\n- only before: " + cell(workload.toString()) + "\n");
    }
  }

  private static String places(List<Place> places) {
    return String.join(", ", places.stream().map(Place::toString).toList());
  }

  /** Other people's words in a cell, without a meaning in Markdown or HTML. */
  private static String cell(String words) {
    StringBuilder cell = new StringBuilder();
    for (char c : Text.visible(words).toCharArray()) {
      cell.append("\\`*_[]<>|&#~@!".indexOf(c) >= 0 ? "&#" + (int) c + ";" : String.valueOf(c));
    }
    return cell.toString();
  }

  void json(Writer out) throws IOException {
    out.write("{\n \"whole\": " + json(diff.whole()) + ",\n");
    array("workloads", Sort.WORKLOAD, out);
    array("namespaces", Sort.NAMESPACE, out);
    array("elsewhere", Sort.ELSEWHERE, out);
    out.write(" \"added\": " + strings(diff.added().stream().map(Workload::toString).toList()));
    out.write(",\n \"removed\": ");
    out.write(strings(diff.removed().stream().map(Workload::toString).toList()) + "\n}\n");
  }

  private void array(String name, Sort sort, Writer out) throws IOException {
    out.write(" " + Text.json(name) + ": [");
    String between = "\n";
    for (Subject subject : diff.subjects()) {
      if (subject.sort() == sort) {
        out.write(between + "  {\"name\": " + Text.json(subject.name()));
        out.write(", \"ingress\": " + json(subject.ingress()));
        out.write(", \"egress\": " + json(subject.egress()) + "}");
        between = ",\n";
      }
    }
    out.write("\n ],\n");
  }

  private static String json(Answer answer) {
    List<String> differences = new ArrayList<>();
    for (Difference difference : answer.differences()) {
      differences.add(
          "{\"change\": "
              + Text.json(difference.opened() ? "opened" : "closed")
              + ", \"witness\": "
              + Text.json(Witnesses.sentence(difference.witness()))
              + ", \"otherEnd\": "
              + Text.json(
                  difference.effect() == Effect.REAL
                      ? "allows"
                      : difference.effect() == Effect.STOPPED ? "stops" : "undecided")
              + ", \"before\": "
              + strings(difference.before().stream().map(Place::toString).toList())
              + ", \"after\": "
              + strings(difference.after().stream().map(Place::toString).toList())
              + "}");
    }
    return "{\"relation\": "
        + Text.json(answer.relation().word())
        + ", \"differences\": ["
        + String.join(", ", differences)
        + "], \"why\": "
        + Text.json(answer.why())
        + ", \"incomplete\": "
        + strings(answer.gaps().stream().map(gap -> gap.place() + ": " + gap.why()).toList())
        + "}";
  }

  private static String strings(List<String> strings) {
    return "[" + String.join(", ", strings.stream().map(Text::json).toList()) + "]";
  }

  /** Each difference is a result at the line that makes it; what is undecided a notification. */
  void sarif(Writer out) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    for (Map.Entry<String, Answer> entry : answers.entrySet()) {
      Answer answer = entry.getValue();
      answer.differences().forEach(d -> findings.add(finding(entry.getKey(), answer, d)));
      if (answer.relation() == Relation.UNDECIDED) {
        String message = entry.getKey() + " is undecided: " + answer.why();
        notices.add(new Notice(null, null, message, true));
      }
    }
    for (Gap gap : diff.whole().gaps()) {
      notices.add(new Notice(gap.place().source(), gap.place().span(), gap.why(), true));
    }
    Report report =
        new Report(
            RULES.stream().map(Rule::info).toList(),
            findings.stream().sorted(Finding.ORDER).toList(),
            List.of(),
            notices,
            0,
            0,
            new RulePages(RULES));
    Format.SARIF.reporter(Build.read().version(), false).write(report, out);
  }

  private static Finding finding(String what, Answer answer, Difference difference) {
    List<Note> notes = new ArrayList<>();
    difference.before().forEach(place -> notes.add(new Note(place, "decides about it before")));
    difference.after().forEach(place -> notes.add(new Note(place, "decides about it after")));
    // INVARIANT: where nothing is written all gets through, so one side has a line that stops it
    Place place = notes.get(notes.size() - 1).place();
    RuleInfo rule = difference.opened() ? TrafficOpened.INFO : TrafficClosed.INFO;
    return new Finding(
        rule,
        rule.severity(),
        rule.confidence(),
        "",
        null,
        place.source(),
        place.span(),
        place,
        what + " is " + answer.relation().word() + ": " + inWords(difference),
        "",
        notes,
        difference.witness());
  }
}
