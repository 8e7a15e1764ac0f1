package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.traffic.Front;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Says in words what is not the same about a front. */
final class FrontWords {

  /** How many names somebody is told. */
  private static final int SHOWN = 6;

  private FrontWords() {}

  /** A pod or an address, by the name that it has after, and the port where traffic arrives. */
  record Lead(String name, int port) {}

  /** {@code port 8080 of Pod shop/a, Pod shop/b; port 9090 of Pod shop/c}. */
  static String list(Collection<Lead> leads) {
    Map<Integer, List<String>> byPort = new TreeMap<>();
    leads.forEach(
        lead -> byPort.computeIfAbsent(lead.port(), p -> new ArrayList<>()).add(lead.name()));
    List<String> words = new ArrayList<>();
    byPort.forEach((port, names) -> words.add("port " + port + " of " + some(names)));
    return String.join(" and ", words);
  }

  private static String some(Collection<?> things) {
    List<String> names = things.stream().map(Object::toString).toList();
    return names.size() <= SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN - 1))
            + " and "
            + (names.size() - SHOWN + 1)
            + " more";
  }

  static String elsewhere(Set<Lead> before, Set<Lead> after) {
    List<Lead> more = after.stream().filter(lead -> !before.contains(lead)).toList();
    List<Lead> less = before.stream().filter(lead -> !after.contains(lead)).toList();
    if (less.isEmpty()) {
      return "leads to " + list(more) + ", too";
    }
    return more.isEmpty()
        ? "leads no longer to " + list(less)
        : "leads to " + list(more) + " instead of " + list(less);
  }

  static String otherAddresses(Set<String> before, Set<String> after) {
    return "its addresses are " + some(after) + " instead of " + some(before);
  }

  /** Zero where the API server chooses. */
  static String otherPort(int before, int after) {
    return after == 0
        ? "its port is one that the API server chooses instead of " + before
        : "its port is " + after + " instead of one that the API server chooses";
  }

  static String otherRanges(List<AddressRange> before, List<AddressRange> after) {
    return "lets in " + ranges(after) + " instead of " + ranges(before);
  }

  private static String ranges(List<AddressRange> ranges) {
    return ranges.equals(AddressRange.ALL) ? "every address" : some(ranges);
  }

  static String seen(boolean asNode) {
    return asNode
        ? "policies see a node instead of its clients"
        : "policies see its clients instead of a node";
  }

  static String otherControllers(Set<String> before, Set<String> after) {
    return "is forwarded by " + controllers(after) + " instead of " + controllers(before);
  }

  private static String controllers(Set<String> pods) {
    return pods.isEmpty() ? "a controller that the input does not show" : some(pods);
  }

  static String certainty(Front then, Front now) {
    return now.gaps().isEmpty()
        ? "leads there for sure (before: " + then.gaps().get(0).why() + ")"
        : now.gaps().get(0).why() + " (before it led there for sure)";
  }

  /**
   * @param then the namespace of its clients; empty for every one
   */
  static String otherClients(String then, String now) {
    return "is for clients of " + clients(now) + " instead of " + clients(then);
  }

  private static String clients(String namespace) {
    return namespace.isEmpty() ? "every namespace" : "namespace " + namespace;
  }
}
