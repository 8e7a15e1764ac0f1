package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.rules.ingress.Ingress.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** KP504: two paths of one deployment claim the same requests. */
public final class DuplicateIngressPath implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP504",
          "duplicate-ingress-path",
          Severity.WARNING,
          Confidence.PROVED,
          "two paths of Ingresses claim the same requests, and only one of them gets them");

  /** What tells Ingresses of one class and one host apart for good. */
  private static final Set<String> SEPARATING =
      Set.of(
          "nginx.ingress.kubernetes.io/canary",
          "traefik.ingress.kubernetes.io/router.entrypoints",
          "traefik.ingress.kubernetes.io/router.priority",
          "konghq.com/protocols",
          "konghq.com/methods",
          "konghq.com/headers");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** What a controller looks a request up by. */
  private record Claim(String ingressClass, String host, String path, boolean exact) {

    // a trailing slash is no element of a prefix (networking/v1, PathTypePrefix)
    static Claim of(Path path) {
      boolean prefix = path.type().equals("Prefix");
      String written = path.path();
      return new Claim(
          path.ingress().className(),
          path.host(),
          prefix && written.endsWith("/") ? written.substring(0, written.length() - 1) : written,
          path.type().equals("Exact"));
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<Claim, Path> claims = new HashMap<>();
    for (Ingress ingress : Ingress.of(cluster)) {
      boolean separate = ingress.annotations().keySet().stream().anyMatch(SEPARATING::contains);
      for (Path path : ingress.paths()) {
        if (separate || path.model().getBackend() == null) {
          continue;
        }
        Path first = claims.putIfAbsent(Claim.of(path), path);
        boolean served =
            first != null
                && (first.ingress().equals(ingress)
                    || (!path.host().isEmpty() && first.ingress().isServedWith(ingress)));
        if (served) {
          report(path, first, findings);
        }
      }
    }
  }

  private static void report(Path path, Path first, Findings findings) {
    boolean harmless = path.leadsWhere(first);
    String claim = path.host() + path.path();
    findings
        .report(
            path.ingress().route(),
            path.place(),
            first.ingress().equals(path.ingress())
                ? claim + " is in this Ingress twice"
                : claim + " is claimed by " + first.ingress().route() + ", too")
        .severity(harmless ? Severity.INFO : Severity.WARNING)
        .note(first.place(), "it is claimed here first")
        .help(
            harmless
                ? "remove one of the two"
                : "only one of the two gets the requests: give each a path or a host of its own");
  }
}
