package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.TrafficDiff;
import io.github.kubeproof.core.proof.TrafficDiff.State;
import io.github.kubeproof.core.reach.FrontDiff;
import io.github.kubeproof.core.reach.FrontDiff.Side;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.UserError;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubeproof diff}: what a change opens and closes. */
@Command(
    name = "diff",
    customSynopsis = "kubeproof diff [FLAG]... OLD NEW",
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Prove what traffic a change of manifests opens and closes, with a witness each.",
    footer = {
      "",
      "OLD and NEW are files, folders, or parts of git revisions: main:deploy, HEAD~1:policy.yaml.",
      "All of a side is taken to be deployed together. The answer holds for every pod, label,",
      "address and port that could exist; workloads that are on one side only are named.",
      "",
      "Services, load balancers, node ports, external addresses, Ingresses and routes are compared",
      "by where they lead in the input, by the addresses that they let in and by whom policies see.",
      "Each that is not the same is told, with who gets to a pod, or no longer does, for that",
      "reason; what policies stop on both sides opens and closes nothing. Hosts and paths are not",
      "compared. A workload that has another name and is alike otherwise is the same one.",
      "",
      "Exit codes: 0 equal; 1 different, or undecided; 2 wrong usage; 3 no manifest found;",
      "70 a bug of ours."
    })
final class DiffCommand extends TrafficJob {

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
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "text (the default), json, md or sarif.")
  private Form format = Form.TEXT;

  @Mixin private QuestionFlag question = new QuestionFlag();

  @Override
  int run(Console console) {
    List<String> sides = paths();
    if (sides.size() != 2) {
      throw new UserError("diff needs OLD and NEW; see kubeproof help diff");
    }
    Questions written = question.questions();
    // renderers need files; what is rendered cannot be compared with what is not
    boolean onDisk = sides.stream().allMatch(side -> Revision.of(side).isEmpty());
    State before = state(sides.get(0), onDisk, console);
    State after = state(sides.get(1), onDisk, console);
    if (before.inventory().resources() == 0 && after.inventory().resources() == 0) {
      console.say("no manifest found");
      return Exit.NO_MANIFEST;
    }
    TrafficDiff diff = TrafficDiff.between(before, after, written);
    DiffReport report = new DiffReport(diff, fronts(before, after, written, console));
    console.print(
        out -> {
          switch (format) {
            case TEXT -> report.text(out);
            case JSON -> report.json(out);
            case MD -> report.markdown(out);
            case SARIF -> report.sarif(out);
          }
        });
    question.tell(written, quiet, console);
    return report.isEqual() ? Exit.CLEAN : Exit.FINDINGS;
  }

  private static FrontDiff fronts(State before, State after, Questions written, Console console) {
    // as policies are compared: a namespace that one side defines has its labels on both
    Inventory then = before.inventory().knowing(after.inventory().namespaces());
    Inventory now = after.inventory().knowing(before.inventory().namespaces());
    try (UnknownPods othersThen = new UnknownPods(then, before.enforcement(), written, console);
        UnknownPods othersNow = new UnknownPods(now, after.enforcement(), written, console)) {
      return FrontDiff.between(
          new Side(then, before.enforcement(), othersThen),
          new Side(now, after.enforcement(), othersNow));
    }
  }

  private State state(String side, boolean onDisk, Console console) {
    Loaded loaded =
        onDisk
            ? rendered(List.of(side), console)
            : Revision.of(side)
                .map(revision -> revision.load(inputs(), new Git(console.environment())))
                .orElseGet(() -> inputs().load(List.of(side), console.in()));
    Inventory inventory = inventory(loaded, console);
    return new State(inventory, enforcement(inventory));
  }
}
