package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.IntentJudge;
import io.github.kubeproof.core.lint.JudgedIntent;
import io.github.kubeproof.core.lint.Notice;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RulePages;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.report.Format;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.rules.reachability.BlockedTraffic;
import io.github.kubeproof.rules.reachability.ForbiddenTraffic;
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
      "A party is namespace=NAME, namespaceSelector=LABELS or podSelector=LABELS, or two of these;",
      "Kind/namespace/name of a workload or a Service; a block of addresses, outside or internet.",
      "Pods of the input on the network of their node belong to their namespace, although policies",
      "take them for nodes; other nodes belong to no party. To a Service, addresses outside get by",
      "its load balancer, node ports and external addresses, where policies may see a node in place",
      "of the client. What a pod sends to itself, or a node to its own pods, is not asked about; what",
      "speaks of no flow at all is undecided.",
      "",
      "Exit codes: 0 all proved; 1 some refuted or undecided; 2 wrong usage; 3 no manifest found;",
      "70 a bug of ours."
    })
final class ProveCommand extends TrafficJob {

  /** How the answer is written. */
  enum Form {
    TEXT,
    JSON,
    MD,
    SARIF;

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
      description = "text (the default), json, md or sarif.")
  private Form format = Form.TEXT;

  @Mixin private QuestionFlag question = new QuestionFlag();

  @Override
  int run(Console console) {
    List<Intent> asked = new ArrayList<>(configuration().rules().intents());
    Assumptions assumed = configuration().settings().assume();
    intents.forEach(text -> asked.add(Intent.parse(text, assumed)));
    if (asked.isEmpty()) {
      throw new UserError("no intent to prove: give --intent, or intents in the configuration");
    }
    Inventory inventory = inventory(console);
    if (inventory.resources() == 0) {
      console.say("no manifest found");
      return Exit.NO_MANIFEST;
    }
    Questions written = question.questions();
    IntentJudge judge = new IntentJudge(inventory, blocks(), written);
    List<JudgedIntent> judged = asked.stream().map(judge::judge).toList();
    console.print(
        out -> {
          switch (format) {
            case TEXT -> text(judged, out);
            case JSON -> json(judged, out);
            case MD -> markdown(judged, out);
            case SARIF -> sarif(judged, out);
          }
        });
    question.tell(written, quiet, console);
    boolean all = judged.stream().allMatch(intent -> intent.verdict().isProved());
    return all ? Exit.CLEAN : Exit.FINDINGS;
  }

  private static void text(List<JudgedIntent> judged, Writer out) throws IOException {
    for (JudgedIntent intent : judged) {
      out.write(intent.word() + ": " + Text.visible(intent.intent().toString()) + "\n");
      if (!intent.reason().isEmpty()) {
        out.write("  " + Text.visible(intent.reason()) + "\n");
      }
      for (Place place : intent.because()) {
        String line = place.source().line(place.span().line()).strip();
        out.write("    " + intent.role() + " " + Text.visible(place + " | " + line) + "\n");
      }
      if (intent.because().isEmpty() && !(intent.verdict() instanceof Undecided)) {
        out.write("    no policy says anything about it\n");
      }
      for (String doubt : intent.doubts()) {
        out.write("    incomplete: " + Text.visible(doubt) + "\n");
      }
    }
  }

  private static void json(List<JudgedIntent> judged, Writer out) throws IOException {
    out.write("{\n \"intents\": [");
    String between = "\n";
    for (JudgedIntent intent : judged) {
      out.write(between + "  {\"intent\": " + Text.json(intent.intent().toString()));
      out.write(", \"place\": " + Text.json(intent.intent().place().toString()));
      out.write(", \"verdict\": " + Text.json(intent.word()));
      out.write(", \"reason\": " + Text.json(intent.reason()) + ", \"because\": ");
      Text.json(intent.because().stream().map(Place::toString).toList(), out);
      out.write(", \"incomplete\": ");
      Text.json(intent.doubts(), out);
      out.write("}");
      between = ",\n";
    }
    out.write("\n ]\n}\n");
  }

  private static void markdown(List<JudgedIntent> judged, Writer out) throws IOException {
    out.write("| intent | verdict | witness | lines |\n|---|---|---|---|\n");
    for (JudgedIntent intent : judged) {
      List<String> lines = intent.because().stream().map(Place::toString).toList();
      out.write("| " + cell(intent.intent().toString()) + " | " + intent.word());
      out.write(" | " + cell(intent.reason()) + " | " + cell(String.join(", ", lines)) + " |\n");
    }
    for (JudgedIntent intent : judged) {
      for (String doubt : intent.doubts()) {
        out.write("\n" + cell(intent.intent() + " is incomplete: " + doubt) + "\n");
      }
    }
  }

  /** What violates an intent is what {@code lint} finds; what is undecided a notification. */
  private static void sarif(List<JudgedIntent> judged, Writer out) throws IOException {
    Rule forbidden = new ForbiddenTraffic();
    Rule blocked = new BlockedTraffic();
    List<Finding> findings = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    for (JudgedIntent intent : judged) {
      Place place = intent.intent().place();
      Rule rule = intent.intent().kind() == Intent.Kind.DENY ? forbidden : blocked;
      if (intent.verdict() instanceof Refuted) {
        findings.add(intent.finding(rule.info()));
      } else if (intent.verdict() instanceof Undecided) {
        notices.add(new Notice(place.source(), place.span(), intent.undecided(), true));
      }
    }
    List<Rule> rules = List.of(forbidden, blocked);
    Report report =
        new Report(
            rules.stream().map(Rule::info).toList(),
            findings.stream().sorted(Finding.ORDER).toList(),
            List.of(),
            notices,
            0,
            0,
            new RulePages(rules));
    Format.SARIF.reporter(Build.read().version(), false).write(report, out);
  }

  private static String cell(String text) {
    return Text.visible(text).replace("|", "\\|");
  }
}
