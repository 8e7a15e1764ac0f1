package io.github.kubeproof.cli;

import io.github.kubeproof.cli.WhyReport.Answered;
import io.github.kubeproof.cli.WhyReport.Explained;
import io.github.kubeproof.cli.WhyReport.Extent;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Natives.Loading.Unavailable;
import io.github.kubeproof.core.proof.Opening;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.Why;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Front;
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
      "behind it. PORT is 5432 or 53/UDP, and one of DST: of the Service (any one of the pods, where it",
      "is headless), or of the controller's pods; without it, each of the Service, and of a pod or an",
      "address which ports are open, with one that is and one that is not as examples. What stands",
      "behind DST and looks like a port is one: a folder called 80 is ./80.",
      "",
      "The lines suffice for the answer, whatever else is written, and none of them can be left away.",
      "A change is tried out before it is shown: it lets the flow through, and what is said about the",
      "rest is proved for every pod that could exist.",
      "",
      "Exit codes: 0 allowed (without PORT: on each port that DST declares, or on every port where it",
      "declares none); 1 blocked, or not known for sure; 2 wrong usage; 3 no manifest found; 70 a bug",
      "of ours."
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
    boolean isIn(PortSet ports) {
      return ports.contains(protocol, number);
    }

    @Override
    public String toString() {
      return number + "/" + protocol;
    }
  }

  /**
   * A flow to explain.
   *
   * @param through what was named instead of its ends; empty when they were named
   * @param isWanted whether somebody may want it open: not so for a port that nobody named
   * @param gaps what keeps it from being known to go there
   */
  private record Question(Flow flow, String through, boolean isWanted, List<Gap> gaps) {}

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
    Enforcement enforcement = enforcement(inventory);
    Endpoint from = source(words.get(0), fronts);
    Optional<Endpoint> to = fronts.end(words.get(1));
    List<Port> declared = to.map(end -> declared(end, inventory, population)).orElse(List.of());
    Optional<Extent> extent =
        port.isPresent() ? Optional.empty() : to.map(end -> extent(from, end, enforcement));
    List<Question> questions =
        extent
            .map(told -> examples(told, declared))
            .or(() -> to.map(end -> List.of(question(from, end, port.orElseThrow(), "", true))))
            .orElseGet(() -> through(words.get(1), from, port, fronts, inventory, population));
    if (Natives.load() instanceof Unavailable unavailable) {
      throw new UserError("the solver cannot be used: " + unavailable.reason());
    }
    List<Answered> answers = new ArrayList<>();
    try (Why why = new Why(inventory, enforcement, blocks(), written)) {
      for (Question asked : questions) {
        answers.add(answered(asked, why, enforcement));
      }
    }
    extent.ifPresent(told -> answers.forEach(told::check));
    WhyReport report = new WhyReport(extent.stream().toList(), answers);
    console.print(
        out -> {
          if (format == Form.JSON) {
            report.json(out);
          } else {
            report.text(out, console.colours(Console.Colours.AUTO));
          }
        });
    question.tell(written, quiet, console);
    boolean open =
        extent
            .map(told -> isSurelyOpen(told, declared))
            .orElseGet(() -> answers.stream().allMatch(Answered::isSurelyAllowed));
    return open ? Exit.CLEAN : Exit.FINDINGS;
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

  private static List<Front> named(String name, Optional<Port> port, Fronts fronts) {
    return port.map(p -> fronts.required(name, p.protocol(), p.number()))
        .orElseGet(() -> fronts.required(name));
  }

  private static Endpoint source(String name, Fronts fronts) {
    return fronts
        .end(name)
        .orElseThrow(
            () -> new UserError("no source of traffic: " + fronts.required(name).get(0).object()));
  }

  private static Question question(
      Endpoint from, Endpoint to, Port port, String through, boolean isWanted) {
    Flow flow = new Flow(from, another(to, from), port.protocol(), port.number());
    return new Question(flow, through, isWanted, List.of());
  }

  /** The flow that a front makes of what some end sends to it. */
  private static Question question(Flow flow, Front front) {
    Endpoint to = another(flow.to(), flow.from());
    Flow other = new Flow(flow.from(), to, flow.protocol(), flow.port());
    return new Question(other, front.toString(), true, front.gaps());
  }

  private static Extent extent(Endpoint from, Endpoint to, Enforcement enforcement) {
    Endpoint other = another(to, from);
    return new Extent(
        from, other, Reach.ports(from, other, enforcement), gaps(from, other, enforcement));
  }

  private static boolean isSurelyOpen(Extent extent, List<Port> declared) {
    return extent.gaps().isEmpty()
        && (declared.isEmpty()
            ? extent.allowed().isAll()
            : declared.stream().allMatch(port -> port.isIn(extent.allowed())));
  }

  /** A port that is open and one that is not, where there are such: better one that is declared. */
  private static List<Question> examples(Extent extent, List<Port> declared) {
    List<Question> examples = new ArrayList<>();
    for (PortSet set : List.of(extent.allowed(), extent.blocked())) {
      Optional<Port> known = declared.stream().filter(port -> port.isIn(set)).findFirst();
      known
          .or(() -> set.ranges().stream().findFirst().map(r -> new Port(r.protocol(), r.first())))
          .ifPresent(
              port ->
                  examples.add(question(extent.from(), extent.to(), port, "", known.isPresent())));
    }
    return examples;
  }

  private static List<Question> through(
      String name,
      Endpoint from,
      Optional<Port> port,
      Fronts fronts,
      Inventory inventory,
      Population population) {
    List<Front> named = named(name, port, fronts);
    List<Question> questions = toControllers(named, from, port, inventory, population);
    List<Question> behind = behind(named, from, port);
    if (behind.isEmpty()) {
      throw new UserError(noWay(named, from, port, fronts));
    }
    questions.addAll(behind);
    return questions;
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
          List<Port> ports =
              port.map(List::of).orElseGet(() -> declared(pod, inventory, population));
          if (ports.isEmpty()) {
            throw new UserError(
                pod + " declares no port, so say which one is meant: kubeproof why SRC DST PORT");
          }
          for (Port one : ports) {
            questions.add(question(from, pod, one, "the controller of " + front.object(), true));
          }
        }
      }
    }
    return new ArrayList<>(questions);
  }

  /** What policies see behind a Service or an Ingress. */
  private static List<Question> behind(List<Front> fronts, Endpoint from, Optional<Port> port) {
    List<Question> questions = new ArrayList<>();
    for (Front front : fronts) {
      // the port of a controller's pods is that of the first half of the way
      if (front.way() instanceof Way.Controller || port.isEmpty() || isAt(front, port.get())) {
        for (Flow flow : front.flows(from)) {
          questions.add(question(flow, front));
        }
      }
    }
    return questions;
  }

  private static boolean isAt(Front front, Port port) {
    return front.protocol() == port.protocol() && front.port() == port.number();
  }

  /** Why nothing leads from an end to what was named. */
  private static String noWay(List<Front> fronts, Endpoint from, Optional<Port> port, Fronts all) {
    Member object = fronts.get(0).object();
    Set<String> ports = new LinkedHashSet<>();
    for (Front front : fronts) {
      if (front.way() instanceof Way.Controller controller && controller.pods().isEmpty()) {
        return "the pods of the controller of " + object + " are not in the input";
      }
      boolean isAsked = port.isEmpty() || isAt(front, port.get());
      if (isAsked
          && front.way() instanceof Way.Outside way
          && from instanceof Outside outside
          && !isLetIn(way.ranges(), outside)) {
        return front + " lets in only " + words(way.ranges()) + " (loadBalancerSourceRanges)";
      }
      if (!front.seen(from).isEmpty()) {
        ports.add(
            front.port() == 0 && front.way() instanceof Way.Outside way
                ? "a " + way.by() + " that the cluster chooses"
                : new Port(front.protocol(), front.port()).toString());
      }
    }
    if (ports.isEmpty()) {
      return "there is no way for " + from + " to " + object;
    }
    return port.flatMap(p -> all.whyNone(object, p.protocol(), p.number()))
        .orElseGet(
            () ->
                "%s has no port %s%s; it has %s"
                    .formatted(
                        object,
                        port.map(Port::toString).orElse(""),
                        from instanceof Outside ? " for addresses outside" : "",
                        String.join(", ", ports)));
  }

  private static String words(List<Cidr> ranges) {
    return String.join(", ", ranges.stream().map(Cidr::toString).toList());
  }

  private static boolean isLetIn(List<Cidr> ranges, Outside outside) {
    return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.contains(outside.address()));
  }

  private static Answered answered(Question question, Why why, Enforcement enforcement) {
    Flow flow = question.flow();
    List<Explained> sides = new ArrayList<>();
    boolean toItself = flow.from().equals(flow.to());
    for (Direction direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
      Endpoint end = flow.end(End.guarded(direction));
      Optional<Why.Side> side = toItself ? Optional.empty() : why.side(direction, flow);
      Optional<Opening> opening =
          side.filter(s -> s.answer() == Why.Answer.BLOCKED && question.isWanted())
              .flatMap(s -> why.opening(s, flow));
      sides.add(new Explained(direction, end, side.stream().toList(), opening.stream().toList()));
    }
    List<Gap> gaps = new ArrayList<>(question.gaps());
    gaps.addAll(gaps(flow.from(), flow.to(), enforcement));
    return new Answered(flow, question.through(), question.isWanted(), sides, gaps);
  }
}
