package io.github.kubeproof.cli;

import io.github.kubeproof.core.reach.AddressRange;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.reach.Reach.Connection;
import io.github.kubeproof.core.reach.Reach.Ends;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.Endpoint;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Writes connections in the forms that people and programs read. */
final class ReachReport {

  /** How many names of a group a person is shown; programs are shown all. */
  private static final int SHOWN = 6;

  private final List<Connection> connections;
  private final List<Ends> groups = new ArrayList<>();
  // by identity: the engine hands out one object for equal ends, and comparing them takes long
  private final IdentityHashMap<Ends, Integer> numbers = new IdentityHashMap<>();

  ReachReport(List<Connection> connections) {
    this.connections = List.copyOf(connections);
    for (Connection connection : connections) {
      name(connection.from());
      name(connection.to());
    }
  }

  private void name(Ends ends) {
    if (numbers.putIfAbsent(ends, groups.size() + 1) == null) {
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
    for (Ends group : groups) {
      out.write(between + "  {\"id\": " + numbers.get(group) + ", \"members\": ");
      strings(group.known().stream().map(Endpoint::toString).toList(), out);
      out.write(", \"addresses\": ");
      strings(addresses(group), out);
      out.write("}");
      between = ",\n";
    }
    out.write("\n ],\n \"connections\": [");
    between = "\n";
    for (Connection connection : connections) {
      out.write(between + "  {\"from\": " + numbers.get(connection.from()));
      out.write(", \"to\": " + numbers.get(connection.to()) + ", \"ports\": ");
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

  /** A line for each pair (RFC 4180); of a pod and itself none, of two replicas one. */
  void csv(Writer out) throws IOException {
    out.write("from,to,ports\r\n");
    for (Connection connection : connections) {
      String ports = quoted(connection.ports().toString());
      for (Endpoint from : connection.from().known()) {
        for (Endpoint to : connection.to().known()) {
          if (!from.equals(to) || !Reach.isOnly(from)) {
            line(from.toString(), to.toString(), ports, out);
          }
        }
        for (String to : addresses(connection.to())) {
          line(from.toString(), to, ports, out);
        }
      }
      for (String from : addresses(connection.from())) {
        for (Endpoint to : connection.to().known()) {
          line(from, to.toString(), ports, out);
        }
      }
    }
  }

  private static void line(String from, String to, String ports, Writer out) throws IOException {
    out.write(quoted(from) + "," + quoted(to) + "," + ports + "\r\n");
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
    for (Ends group : groups) {
      out.write("  g" + numbers.get(group) + " [label=" + Text.json(inWords(group)) + "]\n");
    }
    for (Connection connection : connections) {
      out.write(
          "  g"
              + numbers.get(connection.from())
              + " -> g"
              + numbers.get(connection.to())
              + " [label="
              + Text.json(connection.ports().toString())
              + "]\n");
    }
    out.write("}\n");
  }

  void mermaid(Writer out) throws IOException {
    out.write("flowchart LR\n");
    for (Ends group : groups) {
      out.write("  g" + numbers.get(group) + "[\"" + escaped(inWords(group)) + "\"]\n");
    }
    for (Connection connection : connections) {
      out.write(
          "  g"
              + numbers.get(connection.from())
              + " -->|\""
              + escaped(connection.ports().toString())
              + "\"| g"
              + numbers.get(connection.to())
              + "\n");
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "#amp;").replace("\"", "#quot;").replace("<", "#lt;");
  }
}
