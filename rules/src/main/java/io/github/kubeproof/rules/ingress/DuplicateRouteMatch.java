package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** KP519: two rules of routes match the same requests. */
public final class DuplicateRouteMatch implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP519",
          "duplicate-route-match",
          Severity.WARNING,
          Confidence.PROVED,
          "a match of a route is the same as an earlier one, and never gets a request");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /**
   * What a request is looked up by. Of two matches that are not the same, one wins only what is
   * more special (HTTPRouteRule.matches), and so never all that the other asks for.
   *
   * @param parent one that the route is attached to
   * @param host one of the route's; empty for all
   */
  private record Match(String parent, String host, String conditions) {}

  private record Claim(Route route, int rule, Place place, String backends) {

    /** Of one that is written twice speaks KP011. */
    boolean isTheSameAs(Claim first) {
      boolean same = first.route.equals(route);
      return (same && first.rule == rule)
          || (!same && first.route.qualifiedName().equals(route.qualifiedName()));
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<Match, Claim> claims = new HashMap<>();
    for (Route route : cluster.routes()) {
      if (route.resource().kind().equals("HTTPRoute") && route.resource().isUnderstood()) {
        check(route, claims, findings);
      }
    }
  }

  private static void check(Route route, Map<Match, Claim> claims, Findings findings) {
    List<String> hosts =
        route.resource().tree().items("spec", "hostnames").stream()
            .flatMap(host -> host.asString().stream())
            .map(host -> host.toLowerCase(Locale.ROOT))
            .distinct()
            .toList();
    List<String> parents =
        route.resource().tree().items("spec", "parentRefs").stream()
            .map(parent -> route.namespace() + text(parent)) // others a Gateway may refuse
            .distinct()
            .toList();
    List<Node> rules = route.resource().tree().items("spec", "rules");
    for (int r = 0; r < rules.size(); r++) {
      Node.Mapping rule = rules.get(r).asMapping().orElseThrow();
      Place place = route.resource().at("spec", "rules", r);
      List<Node> matches = rule.items("matches");
      String backends =
          rule.get("backendRefs").map(DuplicateRouteMatch::text).orElse("")
              + rule.get("filters").map(DuplicateRouteMatch::text).orElse("");
      for (int m = 0; m < Math.max(1, matches.size()); m++) {
        boolean all = matches.isEmpty();
        String conditions = all ? ALL : conditions(matches.get(m));
        Claim claim = new Claim(route, r, all ? place : place.then("matches", m), backends);
        Map<String, Claim> taken = new LinkedHashMap<>();
        for (String parent : parents.isEmpty() ? List.of("") : parents) {
          for (String host : hosts.isEmpty() ? List.of("") : hosts) {
            Match match = new Match(parent, host, conditions);
            Claim first = claims.putIfAbsent(match, claim);
            if (first != null && !claim.isTheSameAs(first)) {
              taken.putIfAbsent(host, first);
            }
          }
        }
        if (!taken.isEmpty()) {
          report(claim, taken, Math.max(1, hosts.size()), findings);
        }
      }
    }
  }

  /**
   * @param taken by host, who claims the same requests
   * @param hosts how many there are
   */
  private static void report(Claim claim, Map<String, Claim> taken, int hosts, Findings findings) {
    Claim first = taken.values().iterator().next();
    boolean same = first.route.equals(claim.route);
    String where = taken.size() == hosts ? "" : " for host " + String.join(", ", taken.keySet());
    findings
        .report(
            claim.route,
            claim.place,
            "this match is the same as %s%s"
                .formatted(
                    same ? "that of rule " + (first.rule + 1) : "one of " + first.route, where))
        .severity(claim.backends.equals(first.backends) ? Severity.INFO : Severity.WARNING)
        .note(first.place, "the same match")
        .help("only one of the two gets the requests: make one of them more specific");
  }

  /** What a match without conditions stands for (HTTPRouteMatch). */
  private static final String ALL = conditions("PathPrefix", "/", List.of());

  private static String conditions(Node match) {
    Optional<Node.Mapping> tree = match.asMapping();
    Optional<Node.Mapping> path = tree.flatMap(m -> m.mapping("path"));
    List<String> others = new ArrayList<>();
    for (String key : List.of("method", "headers", "queryParams")) {
      Optional<Node> value = tree.flatMap(m -> m.get(key));
      if (value.isPresent()) {
        List<Node> items = value.get().asItems();
        others.add(
            key
                + (items.isEmpty()
                    ? text(value.get())
                    : items.stream().map(item -> condition(key, item)).sorted().toList()));
      }
    }
    return conditions(
        path.flatMap(p -> p.string("type")).orElse("PathPrefix"),
        path.flatMap(p -> p.string("value")).orElse("/"),
        others);
  }

  /** Names of headers are the same in any case, and Exact is the default. */
  private static String condition(String of, Node item) {
    Optional<Node.Mapping> tree = item.asMapping();
    String name = tree.flatMap(t -> t.string("name")).orElse("");
    return List.of(
            tree.flatMap(t -> t.string("type")).orElse("Exact"),
            of.equals("headers") ? name.toLowerCase(Locale.ROOT) : name,
            tree.flatMap(t -> t.string("value")).orElse(""))
        .toString();
  }

  // a slash at the end of a prefix does not count
  private static String conditions(String type, String value, List<String> others) {
    boolean trimmed = type.equals("PathPrefix") && value.endsWith("/");
    return type + " " + (trimmed ? value.substring(0, value.length() - 1) : value) + " " + others;
  }

  /** A node with its keys in order, whatever its place. */
  private static String text(Node node) {
    if (node instanceof Node.Mapping mapping) {
      return mapping.entries().stream()
          .map(entry -> entry.key() + "=" + text(entry.value()))
          .sorted()
          .toList()
          .toString();
    }
    return node instanceof Node.Scalar scalar
        ? scalar.text()
        : node.asItems().stream().map(DuplicateRouteMatch::text).toList().toString();
  }
}
