package io.github.kubeproof.cli;

import io.github.kubeproof.cli.WhyReport.Answered;
import io.github.kubeproof.cli.WhyReport.Explained;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Natives.Loading.Unavailable;
import io.github.kubeproof.core.proof.Opening;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.Why;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Front.Target;
import io.github.kubeproof.core.traffic.Front.Way;
import io.github.kubeproof.core.traffic.Fronts;
import io.github.kubeproof.core.traffic.Population;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubeproof why}: what decides about one flow, and what would open it. */
@Command(
    name = "why",
    customSynopsis = "kubeproof why SRC DST [PORT] [FLAG]... [PATH]...",
    sortOptions = false,
    usageHelpWidth = 100,
    description =
        "Tell whether SRC can talk to DST, the fewest lines that decide it, and what would open it.",
    footer = {
      "",
      "SRC and DST are namespace/pod, namespace/Kind/name, Kind/namespace/name, or an address outside",
      "of the cluster. DST may be a Service, which is told for each of its pods, or an Ingress, which",
      "is told for both halves of the way: to the pods of its controller, and from these to those",
      "behind it. PORT is 5432 or 53/UDP, and one of DST: of the Service, or of the controller's pods;",
      "without it, each port that is declared there. What stands behind DST and looks like a port is",
      "one: a folder called 80 is ./80.",
      "",
      "The lines suffice for the answer, whatever else is written, and none of them can be left away.",
      "A change is tried out before it is shown: it lets the flow through, and what is said about the",
      "rest is proved for every pod that could exist.",
      "",
      "Exit codes: 0 allowed; 1 blocked, or not known for sure; 2 wrong usage; 3 no manifest found;",
      "70 a bug of ours."
    })
final class WhyCommand extends TrafficJob {

  private static final Pattern PORT = Pattern.compile("([0-9]+)(?:/([A-Za-z]+))?");

  /** How the answer is written. */
  enum Form {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "text (the default) or json.")
  private Form format = Form.TEXT;

  @Mixin private QuestionFlag question = new QuestionFlag();

  /** A port of a protocol. */
  private record Port(Protocol protocol, int number) {
    @Override
    public String toString() {
      return number + "/" + protocol;
    }
  }

  /**
   * A flow to explain.
   *
   * @param through what was named instead of its ends; empty when they were named
   */
  private record Question(Flow flow, String through) {}

  @Override
  int run(Console console) {
    List<String> words = arguments();
    if (words.size() < 2) {
      throw new UserError("why needs SRC and DST; see kubeproof help why");
    }
    Optional<Port> port = port();
    Questions written = question.questions();
    Inventory inventory = inventory(console);
    if (inventory.resources() == 0) {
      console.say("no manifest found");
      return Exit.NO_MANIFEST;
    }
    Population population = Population.of(inventory);
    Fronts fronts = Fronts.of(inventory, population);
    List<Question> questions = questions(words, port, inventory, population, fronts);
    Enforcement enforcement = enforcement(inventory);
    if (Natives.load() instanceof Unavailable unavailable) {
      throw new UserError("the solver cannot be used: " + unavailable.reason());
    }
    List<Answered> answers = new ArrayList<>();
    try (Why why = new Why(inventory, enforcement, blocks(), written)) {
      for (Question asked : questions) {
        answers.add(answered(asked, why, enforcement));
      }
    }
    WhyReport report = new WhyReport(answers);
    console.print(
        out -> {
          if (format == Form.JSON) {
            report.json(out);
          } else {
            report.text(out, console.colours(Console.Colours.AUTO));
          }
        });
    if (!quiet) {
      question.tell(written, console);
    }
    return answers.stream().allMatch(Answered::isSurelyAllowed) ? Exit.CLEAN : Exit.FINDINGS;
  }

  @Override
  List<String> paths() {
    int first = port().isPresent() ? 3 : 2;
    List<String> words = arguments();
    return words.size() > first ? words.subList(first, words.size()) : List.of(".");
  }

  /** The third argument, where it is one. */
  private Optional<Port> port() {
    String word = arguments().size() > 2 ? arguments().get(2) : "";
    Matcher matcher = PORT.matcher(word);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String digits = matcher.group(1);
    int number = digits.length() > 5 ? 0 : Integer.parseInt(digits);
    Optional<Protocol> protocol =
        matcher.group(2) == null
            ? Optional.of(Protocol.TCP)
            : Protocol.of(matcher.group(2).toUpperCase(Locale.ROOT));
    if (number < 1 || number > 65535 || protocol.isEmpty()) {
      throw new UserError("no port, such as 5432 or 53/UDP: " + word);
    }
    return Optional.of(new Port(protocol.get(), number));
  }

  private static List<Question> questions(
      List<String> words,
      Optional<Port> port,
      Inventory inventory,
      Population population,
      Fronts fronts) {
    Endpoint from =
        fronts
            .end(words.get(0))
            .orElseThrow(
                () ->
                    new UserError(
                        "no source of traffic: " + fronts.required(words.get(0)).get(0).object()));
    Optional<Endpoint> to = fronts.end(words.get(1));
    if (to.isEmpty()) {
      List<Front> named = fronts.required(words.get(1));
      List<Question> questions = toControllers(named, from, port, inventory, population);
      questions.addAll(behind(named, from, port));
      return questions;
    }
    List<Question> questions = new ArrayList<>();
    for (Port one : port.map(List::of).orElseGet(() -> declared(to.get(), inventory, population))) {
      questions.add(
          new Question(new Flow(from, another(to.get(), from), one.protocol(), one.number()), ""));
    }
    return questions;
  }

  /** Of a workload that talks to itself, another pod: what a pod sends itself is never stopped. */
  private static Endpoint another(Endpoint to, Endpoint from) {
    return to.equals(from) && to instanceof Pod pod ? pod.withReplica(pod.replica() + 1) : to;
  }

  private static List<Port> declared(Endpoint to, Inventory inventory, Population population) {
    Set<Port> ports = new LinkedHashSet<>();
    for (Workload workload : inventory.workloads()) {
      if (population.of(workload).contains(to)) {
        for (PodPort port : workload.ports()) {
          ports.add(new Port(port.protocol(), port.number()));
        }
      }
    }
    if (ports.isEmpty()) {
      throw new UserError(
          to + " declares no port, so say which one is meant: kubeproof why SRC DST PORT");
    }
    return List.copyOf(ports);
  }

  /** The first half of the way through an Ingress: to the pods of its controller. */
  private static List<Question> toControllers(
      List<Front> fronts,
      Endpoint from,
      Optional<Port> port,
      Inventory inventory,
      Population population) {
    Set<Question> questions = new LinkedHashSet<>();
    for (Front front : fronts) {
      if (front.way() instanceof Way.Controller controller) {
        for (Endpoint pod : controller.pods()) {
          for (Port one :
              port.map(List::of).orElseGet(() -> declared(pod, inventory, population))) {
            Flow flow = new Flow(from, another(pod, from), one.protocol(), one.number());
            questions.add(new Question(flow, "the controller of " + front.object()));
          }
        }
      }
    }
    return new ArrayList<>(questions);
  }

  /** What policies see behind a Service or an Ingress. */
  private static List<Question> behind(List<Front> fronts, Endpoint from, Optional<Port> port) {
    List<Question> questions = new ArrayList<>();
    Set<String> ports = new LinkedHashSet<>();
    for (Front front : fronts) {
      Port own = new Port(front.protocol(), front.port());
      List<Endpoint> seen = seen(front, from);
      // the port of a controller's pods is that of the first half of the way
      boolean byController = front.way() instanceof Way.Controller;
      if (!seen.isEmpty() && !byController) {
        ports.add(own.toString());
      }
      if (byController || port.isEmpty() || port.get().equals(own)) {
        for (Target target : front.targets()) {
          for (Endpoint source : seen) {
            for (Endpoint pod : target.pods()) {
              questions.add(
                  new Question(
                      new Flow(source, another(pod, source), front.protocol(), target.port()),
                      front.toString()));
            }
          }
        }
      }
    }
    if (questions.isEmpty()) {
      Front first = fronts.get(0);
      boolean unknown =
          first.way() instanceof Way.Controller controller && controller.pods().isEmpty();
      throw new UserError(
          unknown
              ? "the pods of the controller of " + first.object() + " are not in the input"
              : ports.isEmpty()
                  ? "there is no way for " + from + " to " + first.object()
                  : first.object()
                      + " has no port "
                      + port.map(Port::toString).orElse("")
                      + "; it has "
                      + String.join(", ", ports));
    }
    return questions;
  }

  /** Whom the policies see behind a front; nobody where there is no way for the source. */
  private static List<Endpoint> seen(Front front, Endpoint from) {
    if (front.way() instanceof Way.Controller controller) {
      return controller.pods();
    }
    if (front.way() instanceof Way.Outside way) {
      return from instanceof Outside outside && isLetIn(way.ranges(), outside)
          ? List.of(way.asNode() ? Fronts.A_NODE : from)
          : List.of();
    }
    return from instanceof Outside ? List.of() : List.of(from);
  }

  private static boolean isLetIn(List<Cidr> ranges, Outside outside) {
    return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.contains(outside.address()));
  }

  private static Answered answered(Question question, Why why, Enforcement enforcement) {
    Flow flow = question.flow();
    List<Explained> sides = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    boolean toItself = flow.from().equals(flow.to());
    for (Direction direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
      Endpoint end = flow.end(End.guarded(direction));
      Optional<Why.Side> side = toItself ? Optional.empty() : why.side(direction, flow);
      Optional<Opening> opening =
          side.filter(s -> s.answer() == Why.Answer.BLOCKED).flatMap(s -> why.opening(s, flow));
      sides.add(new Explained(direction, end, side.stream().toList(), opening.stream().toList()));
      if (side.isPresent()) {
        Pod pod = end.asPod().orElseThrow();
        enforcement.gaps(List.of(flow.from(), flow.to())).stream()
            .filter(gap -> gap.touches(pod) && !gaps.contains(gap))
            .forEach(gaps::add);
      }
    }
    return new Answered(flow, question.through(), sides, gaps);
  }
}
