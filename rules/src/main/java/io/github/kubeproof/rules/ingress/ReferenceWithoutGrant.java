package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.rules.ingress.Gateway.Parent;

/** KP516: a reference into another namespace that no ReferenceGrant there allows. */
public final class ReferenceWithoutGrant implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP516",
          "reference-without-grant",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a route sends traffic into another namespace, where no ReferenceGrant allows it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Route route : cluster.routes()) {
      // a mesh, whose routes name a Service as their parent, has rules of its own
      if (Parent.of(route).isEmpty() || !route.namespaceIsWritten()) {
        continue;
      }
      for (Backend backend : route.backends()) {
        if (!backend.namespace().equals(route.namespace()) && !isGranted(route, backend)) {
          report(route, backend, findings);
        }
      }
    }
  }

  private static boolean isGranted(Route route, Backend backend) {
    return route.cluster().world().clusters().stream()
        .flatMap(unit -> unit.resources().stream())
        .filter(resource -> resource.kind().equals("ReferenceGrant"))
        .anyMatch(
            grant ->
                (grant.writtenNamespace().isEmpty()
                        || grant.writtenNamespace().equals(backend.namespace()))
                    && Gateway.items(grant.tree(), "spec", "from").stream()
                        .anyMatch(
                            from ->
                                has(from, "namespace", route.namespace())
                                    && has(from, "kind", route.resource().kind()))
                    && Gateway.items(grant.tree(), "spec", "to").stream()
                        .anyMatch(
                            to ->
                                has(to, "kind", "Service")
                                    && to.asMapping()
                                        .flatMap(m -> m.string("name"))
                                        .filter(name -> !name.equals(backend.service()))
                                        .isEmpty()));
  }

  private static boolean has(Node node, String key, String value) {
    return node.asMapping().flatMap(map -> map.string(key)).filter(value::equals).isPresent();
  }

  private static void report(Route route, Backend backend, Findings findings) {
    // grants are kept beside the Service, so an input that has the one should have the other
    boolean known =
        route.cluster().world().services(backend.namespace(), backend.service()).stream()
            .anyMatch(Service::namespaceIsWritten);
    findings
        .report(
            route,
            backend.place(),
            "no ReferenceGrant in namespace %s lets a %s of namespace %s use Service %s"
                .formatted(
                    backend.namespace(),
                    route.resource().kind(),
                    route.namespace(),
                    backend.service()))
        .severity(known ? Severity.WARNING : Severity.INFO)
        .help("add a ReferenceGrant to namespace " + backend.namespace());
  }
}
