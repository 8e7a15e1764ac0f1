package io.github.kubeproof.cli;

import io.github.kubeproof.core.reach.AddressRange;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.reach.Reach.Connection;
import io.github.kubeproof.core.reach.Reach.Ends;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.Endpoint;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes connections in the forms that people and programs read. */
final class ReachReport {

  /** How many names of a group a person is shown; programs are shown all. */
  private static final int SHOWN = 6;

  private final List<Connection> connections;
  private final Map<Ends, Integer> groups = new LinkedHashMap<>();

  ReachReport(List<Connection> connections) {
    this.connections = List.copyOf(connections);
    for (Connection connection : connections) {
      groups.putIfAbsent(connection.from(), groups.size() + 1);
      groups.putIfAbsent(connection.to(), groups.size() + 1);
    }
  }

  private static List<String> names(Ends ends) {
    List<String> names = new ArrayList<>();
    for (Endpoint endpoint : ends.known()) {
      names.add(endpoint.toString());
    }
    names.addAll(addresses(ends));
    return names;
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

  private static String inWords(Ends ends) {
    List<String> words = new ArrayList<>();
    ends.known().forEach(endpoint -> words.add(Text.visible(endpoint.toString())));
    boolean everywhere =
        ends.addresses().stream()
            .map(AddressRange::toString)
            .toList()
            .equals(List.of("0.0.0.0/0", "::/0"));
    if (everywhere) {
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
    if (connections.isEmpty()) {
      out.write("nothing can reach anything\n");
    }
  }

  void json(Writer out) throws IOException {
    out.write("{\n \"groups\": [");
    String between = "\n";
    for (Map.Entry<Ends, Integer> group : groups.entrySet()) {
      out.write(between + "  {\"id\": " + group.getValue() + ", \"members\": ");
      strings(group.getKey().known().stream().map(Endpoint::toString).toList(), out);
      out.write(", \"addresses\": ");
      strings(addresses(group.getKey()), out);
      out.write("}");
      between = ",\n";
    }
    out.write("\n ],\n \"connections\": [");
    between = "\n";
    for (Connection connection : connections) {
      out.write(between + "  {\"from\": " + groups.get(connection.from()));
      out.write(", \"to\": " + groups.get(connection.to()) + ", \"ports\": ");
      strings(connection.ports().ranges().stream().map(PortSet.Range::toString).toList(), out);
      out.write("}");
      between = ",\n";
    }
    out.write("\n ]\n}\n");
  }

  private static void strings(List<String> strings, Writer out) throws IOException {
    String between = "[";
    for (String string : strings) {
      out.write(between + Text.json(string));
      between = ", ";
    }
    out.write(strings.isEmpty() ? "[]" : "]");
  }

  /** A line for each pair (RFC 4180). */
  void csv(Writer out) throws IOException {
    out.write("from,to,ports\r\n");
    for (Connection connection : connections) {
      List<String> targets = names(connection.to());
      for (String from : names(connection.from())) {
        for (String to : targets) {
          if (!from.equals(to)) {
            out.write(
                quoted(from) + "," + quoted(to) + "," + quoted(connection.ports().toString()));
            out.write("\r\n");
          }
        }
      }
    }
  }

  private static String quoted(String cell) {
    // a cell that starts like a formula is one for a spreadsheet
    String safe = cell.matches("[=+\\-@].*") ? "'" + cell : cell;
    return safe.matches("[^\",\r\n]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
  }

  void markdown(Writer out) throws IOException {
    out.write("| from | to | ports |\n|---|---|---|\n");
    for (Connection connection : connections) {
      out.write("| " + inWords(connection.from()).replace("|", "\\|"));
      out.write(" | " + inWords(connection.to()).replace("|", "\\|"));
      out.write(" | " + connection.ports() + " |\n");
    }
  }

  void dot(Writer out) throws IOException {
    out.write("digraph reach {\n  rankdir=LR\n  node [shape=box]\n");
    for (Map.Entry<Ends, Integer> group : groups.entrySet()) {
      out.write("  g" + group.getValue() + " [label=" + Text.json(inWords(group.getKey())) + "]\n");
    }
    for (Connection connection : connections) {
      out.write(
          "  g"
              + groups.get(connection.from())
              + " -> g"
              + groups.get(connection.to())
              + " [label="
              + Text.json(connection.ports().toString())
              + "]\n");
    }
    out.write("}\n");
  }

  void mermaid(Writer out) throws IOException {
    out.write("flowchart LR\n");
    for (Map.Entry<Ends, Integer> group : groups.entrySet()) {
      out.write("  g" + group.getValue() + "[\"" + escaped(inWords(group.getKey())) + "\"]\n");
    }
    for (Connection connection : connections) {
      out.write(
          "  g"
              + groups.get(connection.from())
              + " -->|\""
              + escaped(connection.ports().toString())
              + "\"| g"
              + groups.get(connection.to())
              + "\n");
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "#amp;").replace("\"", "#quot;").replace("<", "#lt;");
  }
}
