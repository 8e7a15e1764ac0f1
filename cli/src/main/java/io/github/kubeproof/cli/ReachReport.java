package io.github.kubeproof.cli;

import io.github.kubeproof.core.reach.AddressRange;
import io.github.kubeproof.core.reach.Arrivals.Arrival;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.reach.Reach.Connection;
import io.github.kubeproof.core.reach.Reach.Ends;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Front.Way;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Writes connections, and who can use Services, in the forms that people and programs read. */
final class ReachReport {

  /** How many names of a group a person is shown; programs are shown all. */
  private static final int SHOWN = 6;

  private static final List<String> EVERYWHERE = List.of("0.0.0.0/0", "::/0");

  private final List<Connection> connections;
  private final List<Arrival> arrivals;
  private final Gaps gaps;
  private final List<Ends> groups = new ArrayList<>();
  // by identity: the engine hands out one object for equal ends, and comparing them takes long
  private final IdentityHashMap<Ends, Integer> numbers = new IdentityHashMap<>();
  private final IdentityHashMap<Endpoint, Integer> single = new IdentityHashMap<>();

  ReachReport(List<Connection> connections, List<Arrival> arrivals, Gaps gaps) {
    this.connections = List.copyOf(connections);
    this.arrivals = List.copyOf(arrivals);
    this.gaps = gaps;
    for (Connection connection : connections) {
      name(connection.from());
      name(connection.to());
    }
    for (Arrival arrival : arrivals) {
      name(arrival.from());
      name(arrival.to());
    }
  }

  private void name(Ends ends) {
    if (numbers.containsKey(ends)) {
      return;
    }
    int next = groups.size() + 1;
    boolean isOne = ends.known().size() == 1 && ends.addresses().isEmpty();
    Integer known = isOne ? single.putIfAbsent(ends.known().get(0), next) : null;
    numbers.put(ends, known == null ? next : known);
    if (known == null) {
      groups.add(ends);
    }
  }

  private static List<String> addresses(Ends ends) {
    List<String> addresses = new ArrayList<>();
    for (AddressRange range : ends.addresses()) {
      for (Cidr block : range.blocks()) {
        addresses.add(block.toString());
      }
    }
    return addresses;
  }

  private String inWords(Ends ends) {
    List<String> words = new ArrayList<>();
    for (Endpoint endpoint : ends.known()) {
      if (words.size() <= SHOWN) {
        words.add(gaps.marked(endpoint));
      } else {
        words.add("");
      }
    }
    if (ends.addresses().equals(AddressRange.ALL)) {
      words.add("every address outside");
    } else {
      ends.addresses().forEach(range -> words.add(range.toString()));
    }
    if (words.size() <= SHOWN) {
      return String.join(", ", words);
    }
    return String.join(", ", words.subList(0, SHOWN - 1))
        + " and "
        + (words.size() - SHOWN + 1)
        + " more";
  }

  void text(Writer out) throws IOException {
    for (Connection connection : connections) {
      out.write(inWords(connection.from()));
      out.write("\n  -> ");
      out.write(inWords(connection.to()));
      out.write("\n     on " + connection.ports() + "\n");
    }
    for (Arrival arrival : arrivals) {
      out.write(clientsInWords(arrival) + "\n  -> " + Gaps.marked(arrival.front()));
      out.write("\n     (-> " + arrivesAt(arrival) + " on " + inWords(arrival.to()) + ")\n");
    }
    if (connections.isEmpty() && arrivals.isEmpty()) {
      out.write("nothing can reach anything\n");
    }
    gaps.legend("\n* incomplete: ", out);
  }

  /** {@code every address outside, as any node} where policies see somebody else. */
  private String clientsInWords(Arrival arrival) {
    List<String> clients = clients(arrival);
    if (clients.isEmpty()) {
      return inWords(arrival.from());
    }
    return (clients.equals(EVERYWHERE) ? "every address outside" : String.join(", ", clients))
        + ", as "
        + inWords(arrival.from());
  }

  /** Who uses a front when policies see somebody else; empty when they see the clients. */
  private static List<String> clients(Arrival arrival) {
    if (arrival.front().way() instanceof Way.Outside outside && outside.asNode()) {
      return outside.ranges().isEmpty()
          ? EVERYWHERE
          : outside.ranges().stream().map(Cidr::toString).toList();
    }
    return List.of();
  }

  private static String arrivesAt(Arrival arrival) {
    return arrival.port()
        + "/"
        + arrival.front().protocol()
        + (arrival.undecided() ? ", undecided," : "");
  }

  void json(Writer out) throws IOException {
    out.write("{\n \"groups\": [");
    String between = "\n";
    for (Ends group : groups) {
      out.write(between + "  {\"id\": " + numbers.get(group) + ", \"members\": ");
      Text.json(group.known().stream().map(Endpoint::toString).toList(), out);
      out.write(", \"addresses\": ");
      Text.json(addresses(group), out);
      out.write("}");
      between = ",\n";
    }
    out.write("\n ],\n \"connections\": [");
    between = "\n";
    for (Connection connection : connections) {
      out.write(between + "  {\"from\": " + numbers.get(connection.from()));
      out.write(", \"to\": " + numbers.get(connection.to()) + ", \"ports\": ");
      Text.json(connection.ports().ranges().stream().map(PortSet.Range::toString).toList(), out);
      out.write("}");
      between = ",\n";
    }
    out.write("\n ],\n \"services\": [");
    between = "\n";
    for (Arrival arrival : arrivals) {
      out.write(between + "  {\"from\": " + numbers.get(arrival.from()) + ", \"clients\": ");
      Text.json(clients(arrival), out);
      out.write(", \"through\": " + Text.json(arrival.front().toString()));
      out.write(", \"to\": " + numbers.get(arrival.to()) + ", \"port\": ");
      out.write(Text.json(arrival.port() + "/" + arrival.front().protocol()));
      out.write(arrival.undecided() ? ", \"undecided\": true" : "");
      out.write(arrival.front().gaps().isEmpty() ? "}" : ", \"incomplete\": true}");
      between = ",\n";
    }
    out.write("\n ],\n \"incomplete\": ");
    gaps.json(out);
    out.write("\n}\n");
  }

  /** A line for each pair (RFC 4180); of a pod and itself none, of two replicas one. */
  void csv(Writer out) throws IOException {
    out.write("from,to,ports,through,incomplete\r\n");
    for (Connection connection : connections) {
      pairs(connection.from(), connection.to(), connection.ports() + "", "", false, out);
    }
    for (Arrival arrival : arrivals) {
      String port = arrival.port() + "/" + arrival.front().protocol();
      boolean open = arrival.undecided() || !arrival.front().gaps().isEmpty();
      pairs(arrival.from(), arrival.to(), port, arrival.front() + "", open, out);
    }
  }

  private void pairs(
      Ends from, Ends to, String ports, String through, boolean undecided, Writer out)
      throws IOException {
    String middle = "," + Text.csv(ports) + "," + Text.csv(through) + ",";
    for (Endpoint source : from.known()) {
      boolean touched = gaps.touch(source);
      for (Endpoint target : to.known()) {
        if (!source.equals(target) || !Reach.isOnly(source)) {
          boolean open = touched || undecided || gaps.touch(target);
          line(source.toString(), target.toString(), middle, open, out);
        }
      }
      for (String target : addresses(to)) {
        line(source.toString(), target, middle, touched || undecided, out);
      }
    }
    for (String source : addresses(from)) {
      for (Endpoint target : to.known()) {
        line(source, target.toString(), middle, undecided || gaps.touch(target), out);
      }
    }
  }

  private static void line(String from, String to, String middle, boolean open, Writer out)
      throws IOException {
    out.write(Text.csv(from) + "," + Text.csv(to) + middle + (open ? "incomplete" : "") + "\r\n");
  }

  void markdown(Writer out) throws IOException {
    out.write("| from | to | ports | through |\n|---|---|---|---|\n");
    for (Connection connection : connections) {
      out.write("| " + Text.markdown(inWords(connection.from())));
      out.write(" | " + Text.markdown(inWords(connection.to())));
      out.write(" | " + connection.ports() + " | |\n");
    }
    for (Arrival arrival : arrivals) {
      out.write(
          "| "
              + Text.markdown(clientsInWords(arrival))
              + " | "
              + Text.markdown(inWords(arrival.to())));
      String through = Text.markdown(Gaps.marked(arrival.front()));
      out.write(" | " + arrivesAt(arrival) + " | " + through + " |\n");
    }
    gaps.legend("\n\\* incomplete: ", out);
  }

  void dot(Writer out) throws IOException {
    out.write("digraph reach {\n  rankdir=LR\n  node [shape=box]\n");
    for (Ends group : groups) {
      out.write("  g" + numbers.get(group) + " [label=" + Text.json(inWords(group)) + "]\n");
    }
    for (Connection connection : connections) {
      String label = Text.json(connection.ports().toString());
      out.write(edge(connection.from(), " -> ", connection.to()) + " [label=" + label + "]\n");
    }
    for (Arrival arrival : arrivals) {
      String label = Text.json(label(arrival));
      String edge = edge(arrival.from(), " -> ", arrival.to());
      out.write(edge + " [style=dashed, label=" + label + "]\n");
    }
    if (!gaps.gaps().isEmpty()) {
      out.write("  label=" + Text.json(gaps.inWords()) + "\n");
    }
    out.write("}\n");
  }

  void mermaid(Writer out) throws IOException {
    out.write("flowchart LR\n");
    for (Ends group : groups) {
      out.write("  g" + numbers.get(group) + "[\"" + escaped(inWords(group)) + "\"]\n");
    }
    for (Connection connection : connections) {
      String arrow = " -->|\"" + escaped(connection.ports().toString()) + "\"| ";
      out.write(edge(connection.from(), arrow, connection.to()) + "\n");
    }
    for (Arrival arrival : arrivals) {
      String arrow = " -.->|\"" + escaped(label(arrival)) + "\"| ";
      out.write(edge(arrival.from(), arrow, arrival.to()) + "\n");
    }
    if (!gaps.gaps().isEmpty()) {
      out.write("  incomplete>\"" + escaped(gaps.inWords()) + "\"]\n");
    }
  }

  private String edge(Ends from, String arrow, Ends to) {
    return "  g" + numbers.get(from) + arrow + "g" + numbers.get(to);
  }

  private static String label(Arrival arrival) {
    return Gaps.marked(arrival.front()) + " -> " + arrivesAt(arrival);
  }

  private static String escaped(String text) {
    return text.replace("&", "#amp;").replace("\"", "#quot;").replace("<", "#lt;");
  }
}
