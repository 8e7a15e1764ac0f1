package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which parts of a neighbourhood are not deployed together.
 *
 * <p>Where two units define the same object, the neighbourhood splits at the folder in which the
 * ways to them part: nothing below the one way goes together with anything below the other. So two
 * projects that both bring a shop are two shops, with all their policies, while what lies beside
 * two variants of one project may go with either.
 */
final class Parts {

  /**
   * The way to a unit.
   *
   * @param steps the names of its folders; an empty one at the end stands for what lies directly in
   *     the last
   * @param folders where each step is taken
   */
  private record Way(List<String> steps, List<String> folders) {

    static Way to(Cluster cluster) {
      List<String> steps = List.of((cluster.unit() + "/").split("/", -1));
      List<String> folders = new ArrayList<>();
      String folder = "";
      for (String step : steps) {
        folders.add(folder);
        folder += "/" + step;
      }
      return new Way(steps, folders);
    }
  }

  private final Map<Cluster, Way> ways = new HashMap<>();

  /**
   * For each folder the parts in it, and for each of them the objects that another one has, too.
   */
  private final Map<String, Map<String, Set<Identity>>> shared = new HashMap<>();

  Parts(List<Cluster> clusters) {
    Map<Identity, List<Cluster>> owners = new HashMap<>();
    for (Cluster cluster : clusters) {
      ways.put(cluster, Way.to(cluster));
      for (Resource resource : cluster.resources()) {
        if (isCertain(resource)) {
          Identity identity = cluster.identityOf(resource);
          owners.computeIfAbsent(identity, i -> new ArrayList<>()).add(cluster);
        }
      }
    }
    owners.forEach(
        (identity, units) -> {
          if (units.size() > 1) {
            units.forEach(unit -> add(identity, unit));
          }
        });
  }

  /** Who deploys an object without a namespace chooses one, so two of a name may be two objects. */
  private static boolean isCertain(Resource resource) {
    return !resource.name().isEmpty()
        && !resource.kind().equals("Namespace")
        && (Identity.isClusterScoped(resource) || !resource.writtenNamespace().isEmpty());
  }

  private void add(Identity identity, Cluster cluster) {
    Way way = way(cluster);
    for (int i = 0; i < way.steps().size(); i++) {
      shared
          .computeIfAbsent(way.folders().get(i), f -> new HashMap<>())
          .computeIfAbsent(way.steps().get(i), p -> new HashSet<>())
          .add(identity);
    }
  }

  private Way way(Cluster cluster) {
    Way way = ways.get(cluster);
    if (way == null) {
      throw new IllegalStateException("not a unit of this neighbourhood: " + cluster);
    }
    return way;
  }

  boolean areApart(Cluster one, Cluster other) {
    Way left = way(one);
    Way right = way(other);
    for (int i = 0; i < Math.min(left.steps().size(), right.steps().size()); i++) {
      String from = left.steps().get(i);
      String to = right.steps().get(i);
      if (!from.equals(to)) {
        Map<String, Set<Identity>> parts = shared.getOrDefault(left.folders().get(i), Map.of());
        return intersect(parts.getOrDefault(from, Set.of()), parts.getOrDefault(to, Set.of()));
      }
    }
    return false;
  }

  private static boolean intersect(Set<Identity> one, Set<Identity> other) {
    Set<Identity> few = one.size() < other.size() ? one : other;
    Set<Identity> many = few == one ? other : one;
    return few.stream().anyMatch(many::contains);
  }
}
