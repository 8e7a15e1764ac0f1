package io.github.kubeproof.cli;

import io.github.kubeproof.cli.FlowReader.Answer;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Front.Way;
import io.github.kubeproof.core.traffic.Fronts;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
      "An end is namespace/pod, namespace/Kind/name, or an address outside of the cluster; dst may",
      "be namespace/Service/name, with a port of the Service (any one, where it is headless): told when",
      "all of its pods agree, and for an address outside by the ways in that there are: a load",
      "balancer, node port or external address, where policies may see a node in place of the client.",
      "The same rows come out, with egress, ingress, verdict (allow, deny, differs, undecided,",
      "error) and the place that decides behind them, in place of columns that the table has by",
      "these names. Where something that is not modelled may touch a flow, egress and ingress tell",
      "what is written, the verdict is undecided, and the place is of what is not modelled.",
      "",
      "Exit codes: 0; 2 wrong usage, or a row that could not be read; 3 no manifest found;",
      "70 a bug of ours: the engines of --engine all disagree."
    })
final class EvalCommand extends TrafficJob {

  /** The columns of the answer. */
  private static final List<String> ANSWER = List.of("egress", "ingress", "verdict", "place");

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
    Fronts fronts = Fronts.of(inventory, population);
    Enforcement enforcement = enforcement(inventory, population, console);
    List<Endpoint> ends = new ArrayList<>(population.endpoints());
    if (fronts.all().stream().anyMatch(Front::hidesClients)) {
      ends.add(Endpoints.node(inventory.platform()));
    }
    Map<Engine, FlowReader> readers = readers(inventory, ends, enforcement, questions);
    try {
      List<List<String>> answers = new ArrayList<>();
      boolean bad = false;
      for (int i = 0; i < table.rows().size(); i++) {
        List<String> answer;
        try {
          answer = answer(flows(table, table.rows().get(i), fronts), readers, enforcement);
        } catch (UserError e) {
          bad = true;
          String reason = String.valueOf(e.getMessage());
          console.say(flows + ":" + table.lines().get(i) + ": " + reason);
          answer = List.of("-", "-", "error", Text.visible(reason));
        }
        answers.add(answer);
      }
      console.print(out -> write(table, answers, out));
      question.tell(questions, quiet, console);
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
      Inventory inventory, List<Endpoint> ends, Enforcement enforcement, Questions questions) {
    Map<Engine, FlowReader> readers = new LinkedHashMap<>();
    if (engine == Engine.EXACT || engine == Engine.ALL) {
      readers.put(Engine.EXACT, FlowReader.exact(ends, enforcement));
    }
    if (engine == Engine.PLAIN || engine == Engine.ALL) {
      readers.put(Engine.PLAIN, FlowReader.plain(enforcement));
    }
    if (engine == Engine.PROOF || engine == Engine.ALL) {
      readers.put(Engine.PROOF, FlowReader.proof(inventory, enforcement, questions));
    }
    return readers;
  }

  /** What a row asks about: one flow, or one for each pod of a Service or of what runs several. */
  private static List<Flow> flows(Table table, List<String> row, Fronts fronts) {
    String written = table.cell(row, "protocol");
    String port = table.cell(row, "port");
    if (!port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > 65535) {
      throw new UserError("no port: \"" + port + "\"");
    }
    int number = Integer.parseInt(port);
    Protocol protocol =
        (written.isEmpty() ? Optional.<Protocol>empty() : Protocol.of(written))
            .orElseThrow(
                () -> new UserError("no protocol: \"" + written + "\"; it is TCP, UDP or SCTP"));
    String source = table.cell(row, "src");
    List<Endpoint> sources = fronts.ends(source);
    if (sources.isEmpty()) {
      throw new UserError("no source of flows: " + fronts.required(source));
    }
    String name = table.cell(row, "dst");
    List<Endpoint> destinations = fronts.ends(name);
    Set<Flow> flows = new LinkedHashSet<>();
    for (Endpoint from : sources) {
      destinations.forEach(to -> flows.add(new Flow(from, to, protocol, number)));
      if (destinations.isEmpty()) {
        flows.addAll(behind(name, fronts, from, protocol, number));
      }
    }
    if (flows.size() > 1) {
      flows.removeIf(
          flow ->
              flow.from()
                  .equals(another(flow.to(), flow.from()))); // a pod is never kept from itself
    }
    return flows.stream().map(EvalCommand::toAnother).toList();
  }

  private static Flow toAnother(Flow flow) {
    Endpoint to = another(flow.to(), flow.from());
    return new Flow(flow.from(), to, flow.protocol(), flow.port());
  }

  /** The flows to the pods behind a Service, as policies see them. */
  private static List<Flow> behind(
      String name, Fronts fronts, Endpoint from, Protocol protocol, int number) {
    Set<Flow> flows = new LinkedHashSet<>();
    Set<String> others = new LinkedHashSet<>();
    List<Front> named = fronts.required(name, protocol, number);
    for (Front front : named) {
      List<Flow> here = front.way() instanceof Way.Controller ? List.<Flow>of() : front.flows(from);
      if (front.protocol() == protocol && front.port() == number) {
        flows.addAll(here);
      } else if (!here.isEmpty() && front.port() > 0) {
        others.add(front.port() + "/" + front.protocol());
      }
    }
    if (flows.isEmpty()) {
      Member service = named.get(0).object();
      Optional<String> why = fronts.whyNone(service, protocol, number);
      throw new UserError(
          why.orElse(
              others.isEmpty()
                  ? "there is no way for " + from + " to " + service
                  : service
                      + " cannot be asked about on port "
                      + number
                      + "/"
                      + protocol
                      + "; it has "
                      + String.join(", ", others)));
    }
    return List.copyOf(flows);
  }

  /** What stands behind a row: that of its flows when all agree, and why not when they do not. */
  private static List<String> answer(
      List<Flow> flows, Map<Engine, FlowReader> readers, Enforcement enforcement) {
    List<List<String>> answers = new ArrayList<>();
    flows.forEach(flow -> answers.add(answer(flow, readers, enforcement)));
    List<String> first = answers.get(0);
    if (answers.stream().allMatch(answer -> answer.subList(0, 3).equals(first.subList(0, 3)))) {
      return first;
    }
    List<String> why = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      why.add(answers.get(i).get(2) + " on " + flows.get(i).to() + " port " + flows.get(i).port());
    }
    return List.of(
        common(answers, 0), common(answers, 1), common(answers, 2), String.join("; ", why));
  }

  private static String common(List<List<String>> answers, int cell) {
    String first = answers.get(0).get(cell);
    return answers.stream().allMatch(a -> a.get(cell).equals(first)) ? first : "differs";
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
    List<Gap> gaps = gaps(flow.from(), flow.to(), enforcement);
    if (!gaps.isEmpty()) {
      return List.of(
          egress.map(Answer::toString).orElse("-"),
          ingress.map(Answer::toString).orElse("-"),
          Answer.UNDECIDED.toString(),
          gaps.get(0).place().toString());
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
    Table kept = table.without(ANSWER);
    List<String> header = new ArrayList<>(kept.header());
    header.addAll(ANSWER);
    out.write(String.join("\t", header) + "\n");
    for (int i = 0; i < answers.size(); i++) {
      List<String> row = new ArrayList<>(kept.rows().get(i));
      row.addAll(answers.get(i));
      out.write(String.join("\t", row) + "\n");
    }
  }
}
