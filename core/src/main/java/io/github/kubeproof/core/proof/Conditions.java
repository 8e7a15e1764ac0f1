package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what rules of policies say of the other end as conditions in plain words: one for each peer
 * of a rule, with the rule's ports.
 */
final class Conditions {

  private Conditions() {}

  /** Flows, and the words for them. */
  record Condition(Traffic traffic, String words) {}

  /** None for what has no plain words, as where tiers decide. */
  static List<Condition> of(Traffic traffic) {
    List<Condition> conditions = new ArrayList<>();
    for (Traffic rule : alternatives(traffic)) {
      List<Traffic> parts = new ArrayList<>();
      flatten(rule, parts);
      List<Traffic> ports = parts.stream().filter(Conditions::isPorts).toList();
      List<Traffic> peers = parts.stream().filter(part -> !isPorts(part)).toList();
      // either one peer, or several to choose from
      List<Traffic> choice = peers.size() == 1 ? alternatives(peers.get(0)) : List.of();
      for (Traffic peer : choice.isEmpty() ? List.of(Traffic.allOf(peers)) : choice) {
        List<Traffic> atoms = new ArrayList<>();
        flatten(peer, atoms);
        Optional<String> who = who(atoms);
        Optional<String> where = portsInWords(ports);
        if (who.isPresent() && where.isPresent()) {
          List<Traffic> all = new ArrayList<>(ports);
          all.add(peer);
          conditions.add(new Condition(Traffic.allOf(all), who.get() + " on " + where.get()));
        }
      }
    }
    return conditions;
  }

  private static List<Traffic> alternatives(Traffic traffic) {
    return traffic instanceof Traffic.AnyOf any ? any.parts() : List.of(traffic);
  }

  private static void flatten(Traffic traffic, List<Traffic> parts) {
    if (traffic instanceof Traffic.AllOf all) {
      all.parts().forEach(part -> flatten(part, parts));
    } else {
      parts.add(traffic);
    }
  }

  private static boolean isPorts(Traffic traffic) {
    return traffic instanceof Traffic.Ports
        || traffic instanceof Traffic.NamedPort
        || (traffic instanceof Traffic.AnyOf any
            && !any.parts().isEmpty()
            && any.parts().stream().allMatch(Conditions::isPorts));
  }

  private static Optional<String> portsInWords(List<Traffic> parts) {
    if (parts.size() > 1) {
      return Optional.empty();
    }
    return Optional.of(
        parts.isEmpty()
            ? "every port"
            : String.join(
                ", ", alternatives(parts.get(0)).stream().map(Conditions::port).toList()));
  }

  private static String port(Traffic traffic) {
    if (traffic instanceof Traffic.NamedPort named) {
      return "the port named " + named.name().name() + "/" + named.name().protocol();
    }
    Traffic.Ports ports = (Traffic.Ports) traffic;
    if (ports.first() == 1 && ports.last() == 65535) {
      return "every port of " + ports.protocol();
    }
    String last = ports.first() == ports.last() ? "" : "-" + ports.last();
    return ports.first() + last + "/" + ports.protocol();
  }

  private static Optional<String> who(List<Traffic> atoms) {
    String pods = "every pod";
    String where = "";
    List<String> blocks = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (Traffic atom : atoms) {
      if (atom instanceof Traffic.PodLabels labels) {
        pods = labels.selector().isEverything() ? pods : "pods with " + labels.selector();
      } else if (atom instanceof Traffic.InNamespace namespace) {
        where = " in namespace " + namespace.namespace();
      } else if (atom instanceof Traffic.NamespaceLabels labels) {
        where =
            labels.selector().isEverything()
                ? " in every namespace"
                : " in namespaces with " + labels.selector();
      } else if (atom instanceof Traffic.InBlock block) {
        blocks.add(block.block().toString());
      } else if (atom instanceof Traffic.Not not
          && not.traffic() instanceof Traffic.InBlock block) {
        without.add(block.block().toString());
      } else if (!(atom instanceof Traffic.Not not && not.traffic() instanceof Traffic.IsPod)) {
        return Optional.empty();
      }
    }
    if (blocks.isEmpty() && without.isEmpty()) {
      return Optional.of(atoms.isEmpty() ? "everything" : pods + where);
    }
    return Optional.of(
        "addresses of "
            + String.join(" and ", blocks)
            + (without.isEmpty() ? "" : " but not of " + String.join(", ", without)));
  }
}
