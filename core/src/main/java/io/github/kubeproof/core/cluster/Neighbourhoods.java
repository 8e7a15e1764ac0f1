package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.source.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which arguments of the command line are one neighbourhood: a folder is one by itself; the files
 * that are named, with the standard input, are one together, and so are arguments that a unit of
 * the user's reaches into. Mutable while it learns of sources.
 */
final class Neighbourhoods {

  private static final String FILES = "files";
  private static final String ALL = "all";

  private final Settings settings;
  private final Set<Source> seen = new HashSet<>();
  // what joins arguments, and the first that it was met at
  private final Map<String, String> joints = new HashMap<>();
  // towards the first argument of each neighbourhood
  private final Map<String, String> earlier = new HashMap<>();

  Neighbourhoods(Settings settings) {
    this.settings = settings;
  }

  /** Learns of a file that something was found in; the order decides which argument comes first. */
  void add(Source source) {
    if (!seen.add(source)) {
      return;
    }
    if (settings.units() == Settings.UnitMode.ALL) {
      join(ALL, source);
    }
    if (source.name().equals(source.root())) {
      join(FILES, source);
    }
    settings.unitOf(source).ifPresent(unit -> join(unit.toString(), source));
  }

  private void join(String joint, Source source) {
    String first = first(joints.computeIfAbsent(joint, j -> source.root()));
    String other = first(source.root());
    if (!first.equals(other)) {
      earlier.put(other, first);
    }
  }

  /** The first argument of the neighbourhood that a file belongs to. */
  String of(Source source) {
    return first(source.root());
  }

  private String first(String root) {
    String at = root;
    for (String next = earlier.get(at); next != null; next = earlier.get(at)) {
      at = next;
    }
    return at;
  }
}
