package io.github.kubeproof.cli;

import io.github.kubeproof.cli.FlowReader.Answer;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Population.RunningPod;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubeproof eval}: what the policies do with each flow of a table. */
@Command(
    name = "eval",
    customSynopsis = "kubeproof eval --flows FILE [FLAG]... [PATH]...",
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Tell what the policies do with each flow of a table.",
    footer = {
      "",
      "The table is separated by tabs, and its header has at least: src dst protocol port.",
      "An end is namespace/pod, namespace/Kind/name, or an address outside of the cluster.",
      "The same rows come out, with egress, ingress, verdict (allow, deny, undecided, error) and",
      "the place that decides behind them.",
      "",
      "Exit codes: 0; 2 wrong usage, or a row that could not be read; 3 no manifest found;",
      "70 a bug of ours: the engines of --engine all disagree."
    })
final class EvalCommand extends TrafficJob {

  /** Which reader tells. */
  enum Engine {
    EXACT,
    PROOF,
    PLAIN,
    ALL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private QuestionFlag question = new QuestionFlag();

  @Option(
      names = "--flows",
      required = true,
      paramLabel = "FILE",
      description = "The table of flows; - for standard input.")
  private String flows = "";

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description = "exact (the default), proof, plain, or all, which must then agree.")
  private Engine engine = Engine.EXACT;

  @Option(
      names = "--pods",
      paramLabel = "FILE",
      description = {
        "A table of the pods that run, with at least: namespace pod owner ip. An owner is",
        "Kind/name; a pod with two addresses has a comma between them."
      })
  private @Nullable String pods;

  @Override
  int run(Console console) {
    Questions questions = question.questions();
    Table table =
        Table.read(text(flows, console), flows, List.of("src", "dst", "protocol", "port"));
    Inventory inventory = inventory(console);
    if (inventory.resources() == 0) {
      console.say("no manifest found");
      return Exit.NO_MANIFEST;
    }
    Population population =
        pods == null
            ? Population.of(inventory)
            : Population.of(
                inventory,
                running(
                    Table.read(
                        text(pods, console), pods, List.of("namespace", "pod", "owner", "ip"))));
    Enforcement enforcement = enforcement(inventory, population, console);
    Map<Engine, FlowReader> readers = readers(inventory, population, enforcement, questions);
    try {
      List<List<String>> answers = new ArrayList<>();
      boolean bad = false;
      for (int i = 0; i < table.rows().size(); i++) {
        List<String> answer;
        try {
          answer = answer(flow(table, table.rows().get(i), population), readers, enforcement);
        } catch (UserError e) {
          bad = true;
          String reason = String.valueOf(e.getMessage());
          console.say(flows + ":" + table.lines().get(i) + ": " + reason);
          answer = List.of("-", "-", "error", Text.visible(reason));
        }
        answers.add(answer);
      }
      console.print(out -> write(table, answers, out));
      if (!quiet) {
        question.tell(questions, console);
      }
      return bad ? Exit.USAGE : Exit.CLEAN;
    } finally {
      readers.values().forEach(FlowReader::close);
    }
  }

  private String text(String file, Console console) {
    try {
      return file.equals("-")
          ? new String(console.in().readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new UserError("cannot read " + file + ": " + e.getMessage());
    }
  }

  private static List<RunningPod> running(Table table) {
    List<RunningPod> running = new ArrayList<>();
    for (int i = 0; i < table.rows().size(); i++) {
      List<String> row = table.rows().get(i);
      List<Address> addresses = new ArrayList<>();
      for (String ip : table.cell(row, "ip").split(",", -1)) {
        if (!ip.isEmpty() && !ip.equals("-")) {
          int line = table.lines().get(i);
          addresses.add(
              Address.parse(ip)
                  .orElseThrow(
                      () -> new UserError("--pods: line " + line + ": no address: " + ip)));
        }
      }
      running.add(
          new RunningPod(
              table.cell(row, "namespace"),
              table.cell(row, "pod"),
              table.cell(row, "owner"),
              addresses));
    }
    return running;
  }

  private Map<Engine, FlowReader> readers(
      Inventory inventory, Population population, Enforcement enforcement, Questions questions) {
    Map<Engine, FlowReader> readers = new LinkedHashMap<>();
    if (engine == Engine.EXACT || engine == Engine.ALL) {
      readers.put(Engine.EXACT, FlowReader.exact(population.endpoints(), enforcement));
    }
    if (engine == Engine.PLAIN || engine == Engine.ALL) {
      readers.put(Engine.PLAIN, FlowReader.plain(enforcement));
    }
    if (engine == Engine.PROOF || engine == Engine.ALL) {
      readers.put(Engine.PROOF, FlowReader.proof(inventory, enforcement, questions));
    }
    return readers;
  }

  private static Flow flow(Table table, List<String> row, Population population) {
    String protocol = table.cell(row, "protocol");
    String port = table.cell(row, "port");
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > 65535) {
      throw new UserError("no port: \"" + port + "\"");
    }
    Optional<Protocol> known = protocol.isEmpty() ? Optional.empty() : Protocol.of(protocol);
    return new Flow(
        population.named(table.cell(row, "src")),
        population.named(table.cell(row, "dst")),
        known.orElseThrow(
            () -> new UserError("no protocol: \"" + protocol + "\"; it is TCP, UDP or SCTP")),
        Integer.parseInt(port));
  }

  /** What stands behind a row: egress, ingress, verdict and place. */
  private static List<String> answer(
      Flow flow, Map<Engine, FlowReader> readers, Enforcement enforcement) {
    Optional<Answer> egress = answer(Direction.EGRESS, flow, readers);
    Optional<Answer> ingress = answer(Direction.INGRESS, flow, readers);
    Answer verdict = Answer.ALLOW;
    Direction telling = Direction.INGRESS;
    for (Direction direction : Direction.values()) {
      Answer here = (direction == Direction.EGRESS ? egress : ingress).orElse(Answer.ALLOW);
      if (here == Answer.DENY || (here == Answer.UNDECIDED && verdict == Answer.ALLOW)) {
        verdict = here;
        telling = direction;
      }
    }
    // what both ends allow is told by the destination's side, where that says something
    Direction first = telling;
    Optional<String> place =
        flow.from().equals(flow.to())
            ? Optional.empty()
            : enforcement
                .decides(first, flow)
                .or(() -> enforcement.decides(first.opposite(), flow))
                .map(Object::toString);
    return List.of(
        egress.map(Answer::toString).orElse("-"),
        ingress.map(Answer::toString).orElse("-"),
        verdict.toString(),
        place.orElse("-"));
  }

  /** Empty where the end is no pod, so that nothing is enforced there. */
  private static Optional<Answer> answer(
      Direction direction, Flow flow, Map<Engine, FlowReader> readers) {
    if (flow.end(End.guarded(direction)).asPod().isEmpty()) {
      return Optional.empty();
    }
    Map<Engine, Answer> answers = new LinkedHashMap<>();
    readers.forEach((engine, reader) -> answers.put(engine, reader.read(direction, flow)));
    if (answers.containsValue(Answer.UNDECIDED)) {
      return Optional.of(Answer.UNDECIDED);
    }
    if (new HashSet<>(answers.values()).size() > 1) {
      throw new IllegalStateException(
          "the engines disagree about " + direction.key() + " of " + flow + ": " + answers);
    }
    return answers.values().stream().findFirst();
  }

  private static void write(Table table, List<List<String>> answers, Writer out)
      throws IOException {
    out.write(String.join("\t", table.header()) + "\tegress\tingress\tverdict\tplace\n");
    for (int i = 0; i < answers.size(); i++) {
      List<String> row = new ArrayList<>(table.rows().get(i));
      while (row.size() < table.header().size()) {
        row.add("");
      }
      row.addAll(answers.get(i));
      out.write(String.join("\t", row) + "\n");
    }
  }
}
