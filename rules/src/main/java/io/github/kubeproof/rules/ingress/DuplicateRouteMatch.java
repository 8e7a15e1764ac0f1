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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

  /** What a request is looked up by; the order of headers does not count. */
  private record Match(String parents, Set<String> hosts, String conditions) {}

  private record Claim(Route route, int rule, Place place, String backends) {}

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
    Set<String> hosts = new TreeSet<>();
    Gateway.items(route.resource().tree(), "spec", "hostnames")
        .forEach(host -> host.asString().ifPresent(hosts::add));
    String parents =
        route.namespace()
            + Gateway.items(route.resource().tree(), "spec", "parentRefs").stream()
                .map(DuplicateRouteMatch::text)
                .sorted()
                .toList();
    List<Node> rules = Gateway.items(route.resource().tree(), "spec", "rules");
    for (int r = 0; r < rules.size(); r++) {
      Node.Mapping rule = rules.get(r).asMapping().orElseThrow();
      Place place = route.resource().at("spec", "rules", r);
      List<Node> matches = Gateway.items(rule, "matches");
      String backends =
          rule.get("backendRefs").map(DuplicateRouteMatch::text).orElse("")
              + rule.get("filters").map(DuplicateRouteMatch::text).orElse("");
      for (int m = 0; m < Math.max(1, matches.size()); m++) {
        boolean all = matches.isEmpty();
        Match match = new Match(parents, hosts, all ? ALL : conditions(matches.get(m)));
        Claim claim = new Claim(route, r, all ? place : place.then("matches", m), backends);
        Claim first = claims.putIfAbsent(match, claim);
        if (first != null) {
          report(claim, first, findings);
        }
      }
    }
  }

  private static void report(Claim claim, Claim first, Findings findings) {
    boolean same = first.route.equals(claim.route);
    // of one written twice speaks KP011
    if ((same && first.rule == claim.rule)
        || (!same && first.route.qualifiedName().equals(claim.route.qualifiedName()))) {
      return;
    }
    findings
        .report(
            claim.route,
            claim.place,
            "this match is the same as %s"
                .formatted(same ? "that of rule " + (first.rule + 1) : "one of " + first.route))
        .severity(claim.backends.equals(first.backends) ? Severity.INFO : Severity.WARNING)
        .note(first.place, "the same match")
        .help("only one of the two gets the requests: make one of them more specific");
  }

  /** What a match without conditions stands for (HTTPRouteMatch). */
  private static final String ALL = conditions("PathPrefix", "/", List.of());

  private static String conditions(Node match) {
    Optional<Node.Mapping> tree = match.asMapping();
    Optional<Node.Mapping> path = tree.flatMap(m -> Gateway.below(m, "path"));
    List<String> others = new ArrayList<>();
    for (String key : List.of("method", "headers", "queryParams")) {
      Optional<Node> value = tree.flatMap(m -> m.get(key));
      if (value.isPresent()) {
        List<Node> items = value.get().asItems();
        others.add(
            key
                + (items.isEmpty()
                    ? text(value.get())
                    : items.stream().map(DuplicateRouteMatch::text).sorted().toList().toString()));
      }
    }
    return conditions(
        path.flatMap(p -> p.string("type")).orElse("PathPrefix"),
        path.flatMap(p -> p.string("value")).orElse("/"),
        others);
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
