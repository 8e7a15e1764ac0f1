package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.rules.ingress.Ingress.Path;
import io.kubernetes.client.openapi.models.V1IngressBackend;
import java.util.List;

/** KP505: a default backend that no request is left for. */
public final class ShadowedDefaultBackend implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP505",
          "shadowed-default-backend",
          Severity.WARNING,
          Confidence.PROVED,
          "a path for every host takes all requests, so a default backend gets none");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Ingress> ingresses = Ingress.of(cluster);
    List<Path> all =
        ingresses.stream()
            .flatMap(ingress -> ingress.paths().stream())
            .filter(path -> path.host().isEmpty())
            .filter(path -> path.type().equals("Prefix") && path.path().equals("/"))
            .toList();
    for (Ingress ingress : ingresses) {
      V1IngressBackend backend = ingress.spec().getDefaultBackend();
      if (backend != null) {
        all.stream()
            .filter(path -> path.ingress().equals(ingress) || path.ingress().isServedWith(ingress))
            .findFirst()
            .ifPresent(path -> report(ingress, backend, path, findings));
      }
    }
  }

  private static void report(
      Ingress ingress, V1IngressBackend backend, Path path, Findings findings) {
    boolean harmless =
        path.ingress().route().namespace().equals(ingress.route().namespace())
            && backend.equals(path.model().getBackend());
    findings
        .report(
            ingress.route(),
            ingress.route().resource().at("spec", "defaultBackend"),
            "no request is left for the default backend: path / of %s takes those of every host"
                .formatted(
                    path.ingress().equals(ingress) ? "this Ingress" : path.ingress().route()))
        .severity(harmless ? Severity.INFO : Severity.WARNING)
        .note(path.place(), "it takes what no longer path takes")
        .help("remove the default backend, or give the path a host");
  }
}
