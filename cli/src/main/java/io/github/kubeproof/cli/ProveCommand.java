package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.intent.IntentFlows;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Prover;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.TrafficQuestions;
import io.github.kubeproof.core.proof.Verdict;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Traffic;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubeproof prove}: whether the traffic is as somebody wants it to be. */
@Command(
    name = "prove",
    customSynopsis = "kubeproof prove [FLAG]... [PATH]...",
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Prove what the configuration wants of the traffic, or show what is against it.",
    footer = {
      "",
      "A denied intent is proved when none of its flows gets through, an allowed one when each",
      "does: for every pod, label, address and port that could exist, and not only for those of the",
      "input. All that is given is taken to be deployed together.",
      "",
      "Exit codes: 0 all proved; 1 some refuted or undecided; 2 wrong usage; 3 no manifest found;",
      "70 a bug of ours."
    })
final class ProveCommand extends TrafficJob {

  /** How the answer is written. */
  enum Form {
    TEXT,
    JSON,
    MD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--intent",
      paramLabel = "INTENT",
      description = {
        "Prove this, too: 'deny from namespace=dev to namespace=prod port 5432'; may be repeated."
      })
  private List<String> intents = List.of();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "text (the default), json or md.")
  private Form format = Form.TEXT;

  @Mixin private QuestionFlag question = new QuestionFlag();

  /**
   * An intent with what became of it.
   *
   * @param because the lines that a proof rests on, or that decide about the witness against it
   * @param doubts what has a say about its flows that nobody knows; then nothing is proved
   */
  private record Outcome(Intent intent, Verdict verdict, List<Place> because, List<String> doubts) {
    String word() {
      return verdict instanceof Proved
          ? "proved"
          : verdict instanceof Refuted ? "refuted" : "undecided";
    }

    /** The flow against it, or why nobody knows; empty when it is proved. */
    String reason() {
      return verdict instanceof Refuted refuted
          ? Witnesses.sentence(refuted.witness())
          : verdict instanceof Undecided undecided ? undecided.why() : "";
    }

    String role() {
      return verdict instanceof Proved
          ? "rests on"
          : intent.kind() == Intent.Kind.DENY ? "let through by" : "stopped by";
    }
  }

  @Override
  int run(Console console) {
    List<Intent> asked = new ArrayList<>(configuration().intents());
    intents.forEach(text -> asked.add(Intent.parse(text)));
    if (asked.isEmpty()) {
      throw new UserError("no intent to prove: give --intent, or intents in the configuration");
    }
    Inventory inventory = inventory(console);
    if (inventory.resources() == 0) {
      console.say("no manifest found");
      return Exit.NO_MANIFEST;
    }
    Questions written = question.questions();
    Population population = Population.of(inventory);
    Enforcement enforcement = enforcement(inventory);
    List<Gap> gaps = enforcement.gaps(population.endpoints());
    IntentFlows flows = IntentFlows.of(inventory, population);
    List<Outcome> outcomes = new ArrayList<>();
    for (Intent intent : asked) {
      outcomes.add(outcome(intent, flows, enforcement, gaps, written));
    }
    console.print(
        out -> {
          switch (format) {
            case TEXT -> text(outcomes, out);
            case JSON -> json(outcomes, out);
            case MD -> markdown(outcomes, out);
          }
        });
    question.tell(written, console);
    boolean all = outcomes.stream().allMatch(outcome -> outcome.verdict().isProved());
    return all ? Exit.CLEAN : Exit.FINDINGS;
  }

  private static Outcome outcome(
      Intent intent,
      IntentFlows flows,
      Enforcement enforcement,
      List<Gap> gaps,
      Questions written) {
    Traffic asked = flows.flows(intent);
    if (Natives.load() instanceof Natives.Loading.Unavailable unavailable) {
      return new Outcome(intent, new Undecided(unavailable.reason()), List.of(), List.of());
    }
    try (Prover prover = Prover.open(name -> flows.namespaceLabels(intent, name), written)) {
      Verdict verdict =
          intent.kind() == Intent.Kind.DENY
              ? TrafficQuestions.isBlocked(asked, enforcement, prover)
              : TrafficQuestions.isAllowed(asked, enforcement, prover);
      List<Gap> touching =
          gaps.stream()
              .filter(gap -> prover.hasFlowIn(List.of(asked, gap.flows())).orElse(true))
              .toList();
      List<String> doubts = touching.stream().map(gap -> gap.place() + ": " + gap.why()).toList();
      if (verdict instanceof Proved && !touching.isEmpty()) {
        // what nobody knows may open what is closed here, or close what is open
        return new Outcome(intent, new Undecided(touching.get(0).why()), List.of(), doubts);
      }
      List<Place> because =
          verdict instanceof Proved proved
              ? proved.because()
              : verdict instanceof Refuted refuted
                  ? TrafficQuestions.because(refuted.witness(), enforcement)
                  : List.of();
      return new Outcome(intent, verdict, because, doubts);
    }
  }

  private static void text(List<Outcome> outcomes, Writer out) throws IOException {
    for (Outcome outcome : outcomes) {
      out.write(outcome.word() + ": " + Text.visible(outcome.intent().toString()) + "\n");
      if (!outcome.reason().isEmpty()) {
        out.write("  " + Text.visible(outcome.reason()) + "\n");
      }
      for (Place place : outcome.because()) {
        String line = place.source().line(place.span().line()).strip();
        out.write("    " + outcome.role() + " " + Text.visible(place + " | " + line) + "\n");
      }
      if (outcome.because().isEmpty() && !(outcome.verdict() instanceof Undecided)) {
        out.write("    no policy says anything about it\n");
      }
      for (String doubt : outcome.doubts()) {
        out.write("    incomplete: " + Text.visible(doubt) + "\n");
      }
    }
  }

  private static void json(List<Outcome> outcomes, Writer out) throws IOException {
    out.write("{\n \"intents\": [");
    String between = "\n";
    for (Outcome outcome : outcomes) {
      out.write(between + "  {\"intent\": " + Text.json(outcome.intent().toString()));
      out.write(", \"place\": " + Text.json(outcome.intent().place().toString()));
      out.write(", \"verdict\": " + Text.json(outcome.word()));
      out.write(", \"reason\": " + Text.json(outcome.reason()) + ", \"because\": ");
      Text.json(outcome.because().stream().map(Place::toString).toList(), out);
      out.write(", \"incomplete\": ");
      Text.json(outcome.doubts(), out);
      out.write("}");
      between = ",\n";
    }
    out.write("\n ]\n}\n");
  }

  private static void markdown(List<Outcome> outcomes, Writer out) throws IOException {
    out.write("| intent | verdict | witness | lines |\n|---|---|---|---|\n");
    for (Outcome outcome : outcomes) {
      List<String> lines = outcome.because().stream().map(Place::toString).toList();
      out.write("| " + cell(outcome.intent().toString()) + " | " + outcome.word());
      out.write(" | " + cell(outcome.reason()) + " | " + cell(String.join(", ", lines)) + " |\n");
    }
    for (Outcome outcome : outcomes) {
      for (String doubt : outcome.doubts()) {
        out.write("\n" + cell(outcome.intent() + " is incomplete: " + doubt) + "\n");
      }
    }
  }

  private static String cell(String text) {
    return Text.visible(text).replace("|", "\\|");
  }
}
