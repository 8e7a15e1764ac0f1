package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.proof.Exposure.Exposed;
import io.github.kubeproof.core.proof.Exposure.Extent;
import io.github.kubeproof.core.proof.Exposure.Group;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Flow;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes what could reach workloads, or be reached by them, without being in the input. */
final class ExposureReport {

  /** How many names of a group a person is shown; programs are shown all. */
  private static final int SHOWN = 6;

  private final List<Group> groups;
  private final Gaps gaps;

  ExposureReport(List<Group> groups, Gaps gaps) {
    this.groups = List.copyOf(groups);
    this.gaps = gaps;
  }

  void text(Writer out) throws IOException {
    for (Group group : groups) {
      out.write(members(group) + "\n");
      for (Direction direction : Direction.values()) {
        out.write(direction == Direction.INGRESS ? "  can be reached by\n" : "  can reach\n");
        for (Exposed exposed : group.exposed()) {
          if (exposed.direction() == direction) {
            out.write("    " + exposed.who() + ": " + Text.visible(inWords(exposed)) + "\n");
          }
        }
      }
    }
    gaps.legend("\n* incomplete: ", out);
  }

  private String members(Group group) {
    List<String> names = new ArrayList<>();
    for (Endpoint member : group.members().subList(0, Math.min(SHOWN, group.members().size()))) {
      names.add(gaps.marked(member));
    }
    int more = group.members().size() - names.size();
    return String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
  }

  private static String inWords(Exposed exposed) {
    return switch (exposed.extent()) {
      case NONE -> "none";
      case ALL -> "all, on every port";
      case UNDECIDED -> "undecided: the solver gave up";
      case SOME -> some(exposed);
    };
  }

  private static String some(Exposed exposed) {
    List<String> words = new ArrayList<>(exposed.conditions());
    if (!exposed.isComplete()) {
      words.add(words.isEmpty() ? "some" : "others");
    }
    return String.join("; ", words) + witness(exposed, "; such as ");
  }

  private static String witness(Exposed exposed, String before) {
    return exposed
        .witness()
        .map(flow -> before + Witnesses.phrase(stranger(exposed, flow)) + port(flow))
        .orElse("");
  }

  private static Endpoint stranger(Exposed exposed, Flow flow) {
    return flow.end(End.guarded(exposed.direction()).other());
  }

  private static String port(Flow flow) {
    return " on " + flow.port() + "/" + flow.protocol();
  }

  void json(Writer out) throws IOException {
    out.write("{\n \"groups\": [");
    String between = "\n";
    for (Group group : groups) {
      out.write(between + "  {\"members\": ");
      Text.json(group.members().stream().map(Endpoint::toString).toList(), out);
      out.write(", \"exposed\": [");
      String next = "\n";
      for (Exposed exposed : group.exposed()) {
        out.write(next + "   {\"direction\": " + Text.json(exposed.direction().key()));
        out.write(", \"who\": " + Text.json(key(exposed)));
        out.write(", \"extent\": " + Text.json(extent(exposed)));
        out.write(", \"conditions\": ");
        Text.json(exposed.conditions(), out);
        out.write(", \"complete\": " + exposed.isComplete());
        out.write(", \"witness\": " + Text.json(witness(exposed, "")) + "}");
        next = ",\n";
      }
      out.write("\n  ]}");
      between = ",\n";
    }
    out.write("\n ],\n \"incomplete\": ");
    gaps.json(out);
    out.write("\n}\n");
  }

  private static String key(Exposed exposed) {
    return exposed.who().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String extent(Exposed exposed) {
    return exposed.extent().name().toLowerCase(Locale.ROOT);
  }

  /** A line for each workload and question. */
  void csv(Writer out) throws IOException {
    out.write("workload,direction,who,extent,conditions,witness,incomplete\r\n");
    for (Group group : groups) {
      for (Endpoint member : group.members()) {
        for (Exposed exposed : group.exposed()) {
          List<String> words = new ArrayList<>(exposed.conditions());
          if (!exposed.isComplete()) {
            words.add("others");
          }
          List<String> cells =
              List.of(
                  member.toString(),
                  exposed.direction().key(),
                  key(exposed),
                  extent(exposed),
                  String.join("; ", words),
                  witness(exposed, ""),
                  gaps.touch(member) ? "incomplete" : "");
          out.write(String.join(",", cells.stream().map(Text::csv).toList()) + "\r\n");
        }
      }
    }
  }

  void markdown(Writer out) throws IOException {
    out.write("| workloads | direction | who | which |\n|---|---|---|---|\n");
    for (Group group : groups) {
      for (Exposed exposed : group.exposed()) {
        if (exposed.extent() != Extent.NONE) {
          out.write("| " + Text.markdown(members(group)) + " | " + exposed.direction().key());
          out.write(" | " + exposed.who() + " | " + Text.markdown(inWords(exposed)) + " |\n");
        }
      }
    }
    gaps.legend("\n\\* incomplete: ", out);
  }
}
