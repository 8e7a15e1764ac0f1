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
import io.github.kubeproof.core.reach.Arrivals;
import io.github.kubeproof.core.reach.FrontDiff;
import io.github.kubeproof.core.reach.FrontDiff.Change;
import io.github.kubeproof.core.reach.FrontDiff.Doubt;
import io.github.kubeproof.core.reach.FrontDiff.Passage;
import io.github.kubeproof.core.report.Format;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Front.Way;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes what a change opens and closes in the forms that people and programs read. */
final class DiffReport {

  /** What it finds in SARIF. */
  static final List<Rule> RULES = List.of(new TrafficOpened(), new TrafficClosed());

  private static final String WHOLE = "the traffic as a whole";

  private final TrafficDiff diff;
  private final FrontDiff fronts;
  // one line for each question, in the order in which people are told
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  DiffReport(TrafficDiff diff, FrontDiff fronts) {
    this.diff = diff;
    this.fronts = fronts;
    answers.put(WHOLE, whole(diff.whole(), fronts));
    for (Subject subject : diff.subjects()) {
      answers.put("ingress of " + inWords(subject), subject.ingress());
      answers.put("egress of " + inWords(subject), subject.egress());
    }
  }

  /** Of the traffic that policies let through and of that through fronts together. */
  private static Answer whole(Answer policies, FrontDiff fronts) {
    Relation relation = policies.relation().with(fronts.opens(), fronts.closes());
    Optional<String> undecided =
        fronts.changes().stream()
            .filter(Change::undecided)
            .map(change -> "nobody knows who may use what has changed of " + change.front())
            .findFirst();
    if (undecided.isEmpty() && relation == Relation.EQUAL) {
      undecided = fronts.doubts().stream().map(Doubt::why).findFirst();
    }
    return relation == Relation.UNDECIDED || undecided.isEmpty()
        ? new Answer(relation, policies.differences(), policies.gaps(), policies.why())
        : new Answer(Relation.UNDECIDED, policies.differences(), policies.gaps(), undecided.get());
  }

  private Answer whole() {
    return Objects.requireNonNull(answers.get(WHOLE));
  }

  /** Whether nothing differs: no answer, no front, and nothing that nobody can tell. */
  boolean isEqual() {
    return fronts.isEqual()
        && answers.values().stream().allMatch(answer -> answer.relation() == Relation.EQUAL);
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

  private static String inWords(Passage passage) {
    return (passage.opened() ? "opened: " : "closed: ") + sentence(passage);
  }

  private static String sentence(Passage passage) {
    Optional<Flow> witness = witness(passage);
    return witness.isPresent() && passage.front().way() instanceof Way.Inside
        ? Witnesses.sentence(witness.get())
        : clients(passage)
            + " -> "
            + Witnesses.phrase(passage.to())
            + " on port "
            + passage.port()
            + "/"
            + passage.front().protocol();
  }

  private static String clients(Passage passage) {
    if (passage.front().way() instanceof Way.Outside outside) {
      return Text.ranges(passage.clients().addresses()) + (outside.asNode() ? ", as any node" : "");
    }
    Endpoint client = passage.clients().known().get(0);
    if (!client.equals(Arrivals.A_CONTROLLER)) {
      return Witnesses.phrase(client);
    }
    return passage.front().way() instanceof Way.Inside
        ? "a pod that the input does not show"
        : "an ingress controller that the input does not show";
  }

  /** The flow that policies see; empty where the input does not show who sends it. */
  private static Optional<Flow> witness(Passage passage) {
    Endpoint from =
        passage.front().way() instanceof Way.Outside outside
            ? outside.asNode()
                ? passage.front().node()
                : new Endpoint.Outside(passage.clients().addresses().get(0).first())
            : passage.clients().known().get(0);
    Endpoint to = passage.to() instanceof Endpoint.Pod pod ? pod.withReplica(1) : passage.to();
    return from.equals(Arrivals.A_CONTROLLER)
        ? Optional.empty()
        : Optional.of(new Flow(from, to, passage.front().protocol(), passage.port()));
  }

  /** {@code added: leads to port 8080 of Pod shop/a}. */
  private static String inWords(Change change) {
    return Text.lower(change.sort()) + ": " + change.what();
  }

  private static String without(Change change) {
    return change.undecided()
        ? "undecided: whether somebody may use what has changed"
        : "nobody gets to a pod by it who did not before, or the other way round";
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
    for (Change change : fronts.changes()) {
      out.write(Text.visible(change.front() + ": " + inWords(change)) + "\n");
      for (Passage passage : change.passages()) {
        out.write("  " + Text.visible(inWords(passage)) + "\n");
      }
      if (change.passages().isEmpty()) {
        out.write("  " + without(change) + "\n");
      }
      quote("before", change.before(), out);
      quote("after", change.after(), out);
    }
    out.write(equals() + "\n");
    names("only after", diff.added(), out);
    names("only before", diff.removed(), out);
    for (Gap gap : diff.whole().gaps()) {
      out.write("incomplete: " + Text.visible(gap.place() + ": " + gap.why()) + "\n");
    }
    for (Doubt doubt : fronts.doubts()) {
      out.write("incomplete: " + Text.visible(doubt.place() + ": " + doubt.why()) + "\n");
    }
  }

  private String equals() {
    long workloads = diff.subjects().stream().filter(s -> s.sort() == Sort.WORKLOAD).count();
    long equal =
        diff.subjects().stream().filter(s -> s.sort() == Sort.WORKLOAD && s.isEqual()).count();
    String ways =
        fronts.count() == 0
            ? ""
            : ", "
                + (fronts.count() - fronts.changes().size())
                + " of "
                + Text.count(fronts.count(), "way")
                + " through Services";
    return "equal: " + equal + " of " + Text.count(workloads, "workload") + ways;
  }

  private static void lines(String when, List<Place> places, Writer out) throws IOException {
    quote(when, places, out);
    if (places.isEmpty()) {
      out.write("    " + when + ": no policy says anything about it\n");
    }
  }

  private static void quote(String when, List<Place> places, Writer out) throws IOException {
    for (Place place : places) {
      String line = place.source().line(place.span().line()).strip();
      out.write("    " + when + ": " + Text.visible(place + " | " + line) + "\n");
    }
  }

  private static void names(String what, List<Workload> workloads, Writer out) throws IOException {
    if (!workloads.isEmpty()) {
      List<String> names = workloads.stream().map(Workload::toString).toList();
      out.write(what + ": " + Text.visible(String.join(", ", names)) + "\n");
    }
  }

  void markdown(Writer out) throws IOException {
    out.write("### Traffic: " + whole().relation().word() + "\n\n");
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
    for (Change change : fronts.changes()) {
      List<String> told = new ArrayList<>(change.passages().stream().map(p -> inWords(p)).toList());
      if (told.isEmpty()) {
        told.add(without(change));
      }
      for (String passage : told) {
        out.write("| " + cell(change.front().toString()) + " | " + cell(inWords(change)));
        out.write(" | " + cell(passage) + " | " + cell(places(change.before())));
        out.write(" | " + cell(places(change.after())) + " |\n");
      }
    }
    out.write("\n" + equals() + "\n");
    for (Gap gap : diff.whole().gaps()) {
      out.write("\n- incomplete: " + cell(gap.place() + ": " + gap.why()) + "\n");
    }
    for (Doubt doubt : fronts.doubts()) {
      out.write("\n- incomplete: " + cell(doubt.place() + ": " + doubt.why()) + "\n");
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
    out.write("{\n \"whole\": " + json(whole()) + ",\n");
    array("workloads", Sort.WORKLOAD, out);
    array("namespaces", Sort.NAMESPACE, out);
    array("elsewhere", Sort.ELSEWHERE, out);
    services(out);
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

  /** Services, and what leads to them, that are not the same on both sides. */
  private void services(Writer out) throws IOException {
    out.write(" \"services\": [");
    String between = "\n";
    for (Change change : fronts.changes()) {
      out.write(between + "  " + json(change));
      between = ",\n";
    }
    out.write("\n ],\n \"incompleteServices\": ");
    out.write(strings(fronts.doubts().stream().map(d -> d.place() + ": " + d.why()).toList()));
    out.write(",\n");
  }

  private static String json(Change change) {
    List<String> differences = new ArrayList<>();
    for (Passage passage : change.passages()) {
      differences.add(
          "{\"change\": "
              + Text.json(passage.opened() ? "opened" : "closed")
              + ", \"witness\": "
              + Text.json(sentence(passage))
              + "}");
    }
    return "{\"name\": "
        + Text.json(change.front().toString())
        + ", \"change\": "
        + Text.json(Text.lower(change.sort()))
        + ", \"what\": "
        + Text.json(change.what())
        + ", \"differences\": ["
        + String.join(", ", differences)
        + "], \"undecided\": "
        + change.undecided()
        + ", \"before\": "
        + strings(change.before().stream().map(Place::toString).toList())
        + ", \"after\": "
        + strings(change.after().stream().map(Place::toString).toList())
        + "}";
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
    for (Change change : fronts.changes()) {
      change.passages().forEach(passage -> findings.add(finding(change, passage)));
      if (change.passages().isEmpty()) {
        Place place = place(change);
        String message = change.front() + ": " + inWords(change) + "; " + without(change);
        notices.add(new Notice(place.source(), place.span(), message, change.undecided()));
      }
    }
    for (Doubt doubt : fronts.doubts()) {
      notices.add(new Notice(doubt.place().source(), doubt.place().span(), doubt.why(), true));
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
    return Finding.of(
        rule,
        place,
        what + " is " + answer.relation().word() + ": " + inWords(difference),
        notes,
        difference.witness());
  }

  private static Finding finding(Change change, Passage passage) {
    Place place = place(change);
    List<Note> notes = new ArrayList<>();
    if (!change.after().isEmpty()) {
      change.before().forEach(then -> notes.add(new Note(then, "what was written before")));
    }
    RuleInfo rule = passage.opened() ? TrafficOpened.INFO : TrafficClosed.INFO;
    return Finding.of(
        rule,
        place,
        change.front() + ": " + inWords(change) + "; " + inWords(passage),
        notes,
        witness(passage).orElse(null));
  }

  /** What a reviewer looks at: what is written now, where something is. */
  private static Place place(Change change) {
    // INVARIANT: a front is written on one side at least
    return change.after().isEmpty() ? change.before().get(0) : change.after().get(0);
  }
}
