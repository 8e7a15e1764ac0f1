package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.proof.Opening;
import io.github.kubeproof.core.proof.Why;
import io.github.kubeproof.core.proof.Why.Answer;
import io.github.kubeproof.core.proof.Why.Reason;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.report.Excerpt;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Why flows get through, or do not, for people and for programs.
 *
 * @param extents what is told about all ports; none where some were asked about
 * @param answers about single flows; examples of what is told about all ports
 */
record WhyReport(List<Extent> extents, List<Answered> answers) {

  WhyReport {
    extents = List.copyOf(extents);
    answers = List.copyOf(answers);
  }

  /**
   * The ports on which something gets through, as far as is known.
   *
   * @param gaps what else has a say
   */
  record Extent(Endpoint from, Endpoint to, PortSet allowed, List<Gap> gaps) {

    PortSet blocked() {
      return PortSet.ALL.minus(allowed);
    }

    /** The shorter list, and that the others are otherwise. */
    @Override
    public String toString() {
      PortSet blocked = blocked();
      String ports =
          blocked.isEmpty()
              ? "allowed on every port"
              : allowed.isEmpty()
                  ? "blocked on every port"
                  : allowed.ranges().size() <= blocked.ranges().size()
                      ? "allowed on " + allowed + ", blocked on every other port"
                      : "blocked on " + blocked + ", allowed on every other port";
      return from + " -> " + to + ": " + ports + (gaps.isEmpty() ? "" : ", as far as is known");
    }

    /** Has another engine say the same of a single flow. */
    void check(Answered answer) {
      Flow flow = answer.flow();
      boolean open = allowed.contains(flow.protocol(), flow.port());
      if (answer.asWritten() == (open ? Answer.BLOCKED : Answer.ALLOWED)) {
        throw new IllegalStateException("the engines disagree about " + flow + ": " + this);
      }
    }
  }

  /**
   * One end of a flow.
   *
   * @param side what it does; none where nothing is enforced
   * @param opening what would open it; none where it is open, or where nothing can
   */
  record Explained(Direction direction, Endpoint end, List<Why.Side> side, List<Opening> opening) {

    boolean is(Answer answer) {
      return side.stream().anyMatch(s -> s.answer() == answer);
    }

    String answer() {
      return side.isEmpty() ? "allowed" : Text.lower(side.get(0).answer());
    }

    List<Reason> because() {
      return side.stream().flatMap(s -> s.because().stream()).toList();
    }

    /** {@code egress of Deployment shop/web is blocked}. */
    @Override
    public String toString() {
      return direction.key() + " of " + end + " is " + answer();
    }
  }

  /**
   * An answer.
   *
   * @param through what was named instead of the ends; empty for none
   * @param isWanted whether it was looked for what would open it
   * @param gaps what else has a say
   */
  record Answered(
      Flow flow, String through, boolean isWanted, List<Explained> sides, List<Gap> gaps) {

    Answer asWritten() {
      return sides.stream().anyMatch(side -> side.is(Answer.BLOCKED))
          ? Answer.BLOCKED
          : sides.stream().anyMatch(side -> side.is(Answer.UNDECIDED))
              ? Answer.UNDECIDED
              : Answer.ALLOWED;
    }

    /** Whether something that nobody knows may decide otherwise. */
    Answer verdict() {
      return gaps.isEmpty() ? asWritten() : Answer.UNDECIDED;
    }

    boolean isSurelyAllowed() {
      return verdict() == Answer.ALLOWED;
    }
  }

  void text(Writer out, boolean colors) throws IOException {
    String between = "";
    for (Extent extent : extents) {
      out.write(Text.visible(extent.toString()) + "\n");
      between = "\n";
    }
    for (Answered answer : answers) {
      out.write(between);
      text(answer, out, colors);
      between = "\n";
    }
  }

  private static void text(Answered answer, Writer out, boolean colors) throws IOException {
    String through = answer.through().isEmpty() ? "" : ", through " + answer.through();
    out.write(Text.lower(answer.verdict()) + ": " + Text.visible(answer.flow() + through) + "\n");
    if (!answer.gaps().isEmpty()) {
      out.write("as far as is known: " + Text.lower(answer.asWritten()) + "\n");
    }
    for (Gap gap : answer.gaps()) {
      out.write("incomplete: " + Text.visible(gap.place() + ": " + gap.why()) + "\n");
    }
    for (Explained side : answer.sides()) {
      text(side, answer.isWanted(), out, colors);
    }
  }

  private static void text(Explained side, boolean isWanted, Writer out, boolean colors)
      throws IOException {
    out.write("\n" + Text.visible(side.toString()));
    if (side.side().isEmpty()) {
      out.write(": no policy is enforced there\n");
      return;
    }
    if (side.is(Answer.UNDECIDED)) {
      out.write(": the solver gave no answer within its limits\n");
      return;
    }
    if (side.because().isEmpty()) {
      out.write(": no policy says otherwise\n");
      return;
    }
    out.write(":\n");
    List<Note> notes = new ArrayList<>();
    side.because().forEach(reason -> notes.add(new Note(reason.place(), reason.words())));
    out.write(Excerpt.of(notes, colors));
    for (Opening opening : side.opening()) {
      out.write(
          "to open it, " + Text.visible(opening.where() + " (" + opening.place() + ")") + ":\n\n");
      for (String line : opening.yaml().lines().toList()) {
        out.write("  " + Text.visible(line) + "\n");
      }
      out.write("\n" + checked(opening) + "\n");
    }
    if (side.is(Answer.BLOCKED) && side.opening().isEmpty()) {
      out.write(
          isWanted
              ? "no rule that could be added opens it\n"
              : "name a port to be told what would open it\n");
    }
  }

  private static String checked(Opening opening) {
    String rest =
        opening.opensNothingElse()
            ? "opens nothing but this port between such pods or addresses"
            : "may open more than this";
    return "tried out: it lets the flow through here; it "
        + rest
        + (opening.closesNothing() ? ", and closes nothing" : ", and may close what was open");
  }

  void json(Writer out) throws IOException {
    out.write("{");
    for (Extent extent : extents) {
      out.write("\"ports\": {\"source\": " + Text.json(extent.from().toString()));
      out.write(", \"destination\": " + Text.json(extent.to().toString()) + ", \"allowed\": ");
      Text.json(words(extent.allowed()), out);
      out.write(", \"blocked\": ");
      Text.json(words(extent.blocked()), out);
      out.write(",\n  \"incomplete\": ");
      json(extent.gaps(), out);
      out.write("},\n ");
    }
    out.write("\"answers\": [");
    String between = "\n";
    for (Answered answer : answers) {
      out.write(between);
      json(answer, out);
      between = ",\n";
    }
    out.write("\n]}\n");
  }

  private static void json(Answered answer, Writer out) throws IOException {
    Flow flow = answer.flow();
    out.write(" {\"source\": " + Text.json(flow.from().toString()));
    out.write(", \"destination\": " + Text.json(flow.to().toString()));
    out.write(", \"port\": " + flow.port() + ", \"protocol\": \"" + flow.protocol() + "\"");
    if (!answer.through().isEmpty()) {
      out.write(", \"through\": " + Text.json(answer.through()));
    }
    out.write(",\n  \"verdict\": " + Text.json(Text.lower(answer.verdict())));
    out.write(", \"asWritten\": " + Text.json(Text.lower(answer.asWritten())));
    out.write(", \"incomplete\": ");
    json(answer.gaps(), out);
    out.write(",\n  \"sides\": [");
    String between = "\n";
    for (Explained side : answer.sides()) {
      out.write(between);
      json(side, out);
      between = ",\n";
    }
    out.write("\n  ]}");
  }

  private static List<String> words(PortSet ports) {
    return ports.ranges().stream().map(PortSet.Range::toString).toList();
  }

  private static void json(List<Gap> gaps, Writer out) throws IOException {
    out.write("[");
    String between = "";
    for (Gap gap : gaps) {
      out.write(between + "{\"place\": " + Text.json(gap.place().toString()));
      out.write(", \"why\": " + Text.json(gap.why()) + "}");
      between = ", ";
    }
    out.write("]");
  }

  private static void json(Explained side, Writer out) throws IOException {
    out.write("   {\"direction\": " + Text.json(side.direction().key()));
    out.write(", \"end\": " + Text.json(side.end().toString()));
    out.write(", \"answer\": " + Text.json(side.answer()) + ", \"because\": [");
    String between = "";
    for (Reason reason : side.because()) {
      out.write(between + "{\"place\": " + Text.json(reason.place().toString()));
      int line = reason.place().span().line();
      out.write(", \"line\": " + Text.json(reason.place().source().line(line)));
      out.write(", \"why\": " + Text.json(reason.words()) + "}");
      between = ", ";
    }
    out.write("]");
    for (Opening opening : side.opening()) {
      out.write(",\n    \"opening\": {\"do\": " + Text.json(opening.where()));
      out.write(", \"place\": " + Text.json(opening.place().toString()));
      out.write(", \"yaml\": " + Text.json(opening.yaml()));
      out.write(", \"opensNothingElse\": " + opening.opensNothingElse());
      out.write(", \"closesNothing\": " + opening.closesNothing() + "}");
    }
    out.write("}");
  }
}
