package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.reach.Reach.Connection;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Population;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
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
      description = "Only what this can reach: Kind/namespace/name, or an address.")
  private List<String> from = List.of();

  @Option(
      names = "--to",
      paramLabel = "END",
      description = "Only what can reach this; may be repeated, as --from.")
  private List<String> to = List.of();

  @Option(
      names = "--port",
      paramLabel = "PORT[/PROTOCOL]",
      description = "Only what goes to this port.")
  private List<String> ports = List.of();

  @Override
  int run(Console console) {
    PortSet asked = asked();
    Inventory inventory = inventory(console);
    if (inventory.resources() == 0) {
      console.say("no manifest found");
      return Exit.NO_MANIFEST;
    }
    Population population = Population.of(inventory);
    Reach reach = new Reach(population.endpoints(), enforcement(inventory, population, console));
    List<Connection> connections = new ArrayList<>();
    for (Connection connection :
        reach.connections(named(from, population), named(to, population))) {
      PortSet common = connection.ports().and(asked);
      if (!common.isEmpty()) {
        connections.add(new Connection(connection.from(), connection.to(), common));
      }
    }
    ReachReport report = new ReachReport(connections);
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
    return Exit.CLEAN;
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

  private static List<Endpoint> named(List<String> names, Population population) {
    return names.stream().map(population::named).toList();
  }
}
