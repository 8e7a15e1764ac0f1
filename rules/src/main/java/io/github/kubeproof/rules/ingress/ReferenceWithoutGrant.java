package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.CrossReference;
import io.github.kubeproof.core.cluster.Gateway;
import io.github.kubeproof.core.cluster.ParentRef;
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
import io.github.kubeproof.core.source.Place;
import java.util.List;
import java.util.Optional;

/** KP516: a reference into another namespace that no ReferenceGrant there allows. */
public final class ReferenceWithoutGrant implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP516",
          "reference-without-grant",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a route or Gateway refers into another namespace, where no ReferenceGrant allows it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Route route : cluster.routes()) {
      // a mesh, whose routes name a Service as their parent, has rules of its own
      if (ParentRef.gateways(route).isEmpty() || !route.namespaceIsWritten()) {
        continue;
      }
      for (Backend backend : route.backends()) {
        if (!backend.namespace().equals(route.namespace())) {
          check(route, backend, findings);
        }
      }
    }
    Gateway.of(cluster).forEach(gateway -> check(gateway, findings));
  }

  private static void check(Route route, Backend backend, Findings findings) {
    CrossReference to = CrossReference.of(route, backend);
    if (!isGranted(to, route.cluster())) {
      boolean known =
          route.cluster().world().services(backend.namespace(), backend.service()).stream()
              .anyMatch(Service::namespaceIsWritten);
      tell(to, findings.report(route, backend.place(), to.complaint()), known);
    }
  }

  /** The certificates of listeners. */
  private static void check(Gateway gateway, Findings findings) {
    if (gateway.resource().writtenNamespace().isEmpty()) {
      return;
    }
    for (Gateway.Listener listener : gateway.listeners()) {
      Optional<Node.Mapping> tls = listener.tree().mapping("tls");
      List<Node> refs = tls.map(t -> t.items("certificateRefs")).orElse(List.of());
      for (int i = 0; i < refs.size(); i++) {
        Optional<Node.Mapping> ref = refs.get(i).asMapping();
        String namespace = ref.flatMap(r -> r.string("namespace")).orElse(gateway.namespace());
        String kind = ref.flatMap(r -> r.string("kind")).orElse("Secret");
        String name = ref.flatMap(r -> r.string("name")).orElse("");
        CrossReference to =
            new CrossReference("Gateway", gateway.namespace(), kind, namespace, name);
        if (!namespace.equals(gateway.namespace())
            && !name.isEmpty()
            && !isGranted(to, gateway.cluster())) {
          Place place = listener.place().then("tls", "certificateRefs", i, "name");
          boolean known =
              gateway.cluster().world().resourcesOfKind(kind).stream()
                  .anyMatch(r -> r.name().equals(name) && r.writtenNamespace().equals(namespace));
          tell(to, findings.report(gateway.resource(), place, to.complaint()), known);
        }
      }
    }
  }

  /**
   * @param known whether the input has what is referred to: grants are kept beside it, so they
   *     should be there, too
   */
  private static void tell(CrossReference to, Findings.Draft draft, boolean known) {
    draft
        .severity(known ? Severity.WARNING : Severity.INFO)
        .help("add a ReferenceGrant to namespace " + to.namespace());
  }

  private static boolean isGranted(CrossReference to, Cluster cluster) {
    return to.isGranted(cluster.world().resourcesOfKind("ReferenceGrant"));
  }
}
