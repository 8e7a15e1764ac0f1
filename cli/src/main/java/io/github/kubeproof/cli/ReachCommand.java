package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.proof.Exposure;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Natives.Loading.Unavailable;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.reach.Arrivals;
import io.github.kubeproof.core.reach.Arrivals.Arrival;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.reach.Reach.Connection;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Fronts;
import io.github.kubeproof.core.traffic.Population;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubeproof reach}: who can talk to whom. */
@Command(
    name = "reach",
    customSynopsis = "kubeproof reach [FLAG]... [PATH]...",
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Tell which workloads, and which addresses outside, can talk to which.",
    footer = {
      "",
      "All that is given is taken to be deployed together. Workloads that the policies treat alike",
      "stand together; what a pod sends to itself, and what a node sends to its own pods, always",
      "gets through and is left out. Replicas of one workload are pods like any others.",
      "",
      "Services, load balancers, node ports, Ingresses and routes stand behind the pods, with the",
      "port where their traffic arrives: that is what policies judge. The end ingress-controller is",
      "any pod that the input does not show. What has a * is touched by something that is not",
      "modelled, by a policy that the API server refuses, or by a ReferenceGrant that is not there.",
      "",
      "Exit codes: 0; 2 wrong usage; 3 no manifest found; 70 a bug of ours."
    })
final class ReachCommand extends TrafficJob {

  private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(?:/(TCP|UDP|SCTP))?");

  /** How the answer is written. */
  enum Form {
    TEXT,
    JSON,
    CSV,
    MD,
    DOT,
    MERMAID;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "text (the default), json, csv, md, dot or mermaid.")
  private Form format = Form.TEXT;

  @Option(
      names = "--from",
      paramLabel = "END",
      description =
          "Only what this can reach: Kind/namespace/name (also a Service), or an address.")
  private List<String> from = List.of();

  @Option(
      names = "--to",
      paramLabel = "END",
      description = "Only what can reach this (also an Ingress); may be repeated, as --from.")
  private List<String> to = List.of();

  @Option(
      names = "--port",
      paramLabel = "PORT[/PROTOCOL]",
      description = "Only what goes to this port.")
  private List<String> ports = List.of();

  @Option(
      names = "--exposure",
      description = {
        "Tell instead what could reach each workload, or be reached by it, without being",
        "in the input: pods, and addresses outside."
      })
  private boolean exposure;

  @Mixin private QuestionFlag question = new QuestionFlag();

  @Override
  int run(Console console) {
    PortSet asked = asked();
    checkExposure();
    Questions written = question.questions();
    Inventory inventory = inventory(console);
    if (inventory.resources() == 0) {
      console.say("no manifest found");
      return Exit.NO_MANIFEST;
    }
    Population population = Population.of(inventory);
    Fronts fronts = Fronts.of(inventory, population);
    Focus sources = Focus.from(from, fronts);
    Focus destinations = Focus.to(to, fronts);
    Enforcement enforcement = enforcement(inventory, population, console);
    Gaps gaps =
        new Gaps(
            enforcement.gaps(population.endpoints()),
            enforcement.incomplete(population.endpoints()));
    if (exposure) {
      try (Exposure solver = exposure(inventory, enforcement, written)) {
        expose(new ExposureReport(solver.groups(population.endpoints()), gaps), console);
      }
      question.tell(written, quiet, console);
      return Exit.CLEAN;
    }
    Reach reach = new Reach(population.endpoints(), enforcement);
    List<Connection> connections = new ArrayList<>();
    if (sources.hasEnds() && destinations.hasEnds()) {
      for (Connection connection : reach.connections(sources.ends(), destinations.ends())) {
        PortSet common = connection.ports().and(asked);
        if (!common.isEmpty()) {
          connections.add(new Connection(connection.from(), connection.to(), common));
        }
      }
    }
    List<Arrival> arrivals = new ArrayList<>();
    try (UnknownPods unknown = new UnknownPods(inventory, enforcement, written, console)) {
      Arrivals all = new Arrivals(reach, enforcement, unknown, fronts.all());
      for (Front front : fronts.all()) {
        boolean isAsked =
            ports.isEmpty() || (front.port() > 0 && asked.contains(front.protocol(), front.port()));
        if (isAsked && sources.includes(front) && destinations.includes(front)) {
          arrivals.addAll(all.at(front, sources.endsAt(front), destinations.endsAt(front)));
        }
      }
    }
    List<Gap> passed =
        arrivals.stream().flatMap(arrival -> arrival.front().gaps().stream()).distinct().toList();
    if (!quiet) {
      passed.forEach(gap -> tell(gap, console));
    }
    ReachReport report = new ReachReport(connections, arrivals, gaps.with(passed));
    console.print(
        out -> {
          switch (format) {
            case TEXT -> report.text(out);
            case JSON -> report.json(out);
            case CSV -> report.csv(out);
            case MD -> report.markdown(out);
            case DOT -> report.dot(out);
            case MERMAID -> report.mermaid(out);
          }
        });
    question.tell(written, quiet, console);
    return Exit.CLEAN;
  }

  private void checkExposure() {
    boolean focused = !from.isEmpty() || !to.isEmpty() || !ports.isEmpty();
    if (exposure && focused) {
      throw new UserError("--exposure is about all workloads: without --from, --to and --port");
    }
    if (exposure && (format == Form.DOT || format == Form.MERMAID)) {
      throw new UserError("--exposure has no picture: its formats are text, json, csv and md");
    }
  }

  private static Exposure exposure(
      Inventory inventory, Enforcement enforcement, Questions written) {
    if (Natives.load() instanceof Unavailable unavailable) {
      throw new UserError("the solver cannot be used: " + unavailable.reason());
    }
    return new Exposure(inventory, enforcement, written);
  }

  private void expose(ExposureReport report, Console console) {
    console.print(
        out -> {
          switch (format) {
            case JSON -> report.json(out);
            case CSV -> report.csv(out);
            case MD -> report.markdown(out);
            default -> report.text(out);
          }
        });
  }

  private PortSet asked() {
    PortSet asked = PortSet.NONE;
    for (String port : ports) {
      Matcher matcher = PORT.matcher(port);
      int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
      if (number < 1 || number > 65535) {
        throw new UserError("--port: no port, such as 8080 or 53/UDP: " + port);
      }
      Optional<Protocol> protocol =
          matcher.group(2) == null ? Optional.empty() : Protocol.of(matcher.group(2));
      for (Protocol one : protocol.map(List::of).orElse(List.of(Protocol.values()))) {
        asked = asked.or(PortSet.of(one, number, number));
      }
    }
    return ports.isEmpty() ? PortSet.ALL : asked;
  }

  /** What is asked about at one end: pods and addresses, or Services and Ingresses, or all. */
  private record Focus(List<Endpoint> ends, Set<Front> fronts) {

    /** The pods of a Service stand for it; an Ingress stands for what comes through it. */
    static Focus from(List<String> names, Fronts fronts) {
      List<String> others = new ArrayList<>(names);
      others.removeIf(name -> fronts.headless(name).isPresent());
      Focus focus = to(others, fronts);
      for (String name : names) {
        fronts.headless(name).ifPresent(found -> focus.ends.addAll(found.ends()));
      }
      for (Front front : List.copyOf(focus.fronts)) {
        if (front.object() instanceof Service) {
          focus.fronts.remove(front);
          front.targets().forEach(target -> focus.ends.addAll(target.ends()));
        }
      }
      return focus;
    }

    static Focus to(List<String> names, Fronts fronts) {
      List<Endpoint> ends = new ArrayList<>();
      Set<Front> named = Collections.newSetFromMap(new IdentityHashMap<>());
      for (String name : names) {
        Optional<Endpoint> end = fronts.end(name);
        end.ifPresent(ends::add);
        if (end.isEmpty()) {
          named.addAll(fronts.required(name));
        }
      }
      return new Focus(ends, named);
    }

    boolean hasEnds() {
      return !ends.isEmpty() || fronts.isEmpty();
    }

    boolean includes(Front front) {
      return hasEnds() || fronts.contains(front);
    }

    /** The ends asked about at a front; empty for all. */
    List<Endpoint> endsAt(Front front) {
      return fronts.contains(front) ? List.of() : ends;
    }
  }
}
