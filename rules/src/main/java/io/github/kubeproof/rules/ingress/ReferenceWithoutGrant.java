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
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.rules.ingress.Gateway.Parent;
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
      if (Parent.of(route).isEmpty() || !route.namespaceIsWritten()) {
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
    Reference to =
        new Reference(
            route.resource().kind(),
            route.namespace(),
            "Service",
            backend.namespace(),
            backend.service());
    if (!to.isGranted(route.cluster())) {
      boolean known =
          route.cluster().world().services(backend.namespace(), backend.service()).stream()
              .anyMatch(Service::namespaceIsWritten);
      to.report(findings.report(route, backend.place(), to.complaint()), known);
    }
  }

  /** The certificates of listeners. */
  private static void check(Gateway gateway, Findings findings) {
    if (gateway.resource().writtenNamespace().isEmpty()) {
      return;
    }
    for (Gateway.Listener listener : gateway.listeners()) {
      Optional<Node.Mapping> tls = Gateway.below(listener.tree(), "tls");
      List<Node> refs = tls.map(t -> Gateway.items(t, "certificateRefs")).orElse(List.of());
      for (int i = 0; i < refs.size(); i++) {
        Optional<Node.Mapping> ref = refs.get(i).asMapping();
        String namespace = ref.flatMap(r -> r.string("namespace")).orElse(gateway.namespace());
        String kind = ref.flatMap(r -> r.string("kind")).orElse("Secret");
        String name = ref.flatMap(r -> r.string("name")).orElse("");
        Reference to = new Reference("Gateway", gateway.namespace(), kind, namespace, name);
        if (!namespace.equals(gateway.namespace())
            && !name.isEmpty()
            && !to.isGranted(gateway.cluster())) {
          Place place = listener.place().then("tls", "certificateRefs", i, "name");
          boolean known =
              gateway.cluster().world().resourcesOfKind(kind).stream()
                  .anyMatch(r -> r.name().equals(name) && r.writtenNamespace().equals(namespace));
          to.report(findings.report(gateway.resource(), place, to.complaint()), known);
        }
      }
    }
  }

  /** From an object of one namespace to one of another. */
  private record Reference(
      String fromKind, String fromNamespace, String kind, String namespace, String name) {

    boolean isGranted(Cluster cluster) {
      return cluster.world().resourcesOfKind("ReferenceGrant").stream().anyMatch(this::isGrantedBy);
    }

    private boolean isGrantedBy(Resource grant) {
      boolean there =
          grant.writtenNamespace().isEmpty() || grant.writtenNamespace().equals(namespace);
      return there
          && Gateway.items(grant.tree(), "spec", "from").stream()
              .anyMatch(
                  from -> has(from, "namespace", fromNamespace) && has(from, "kind", fromKind))
          && Gateway.items(grant.tree(), "spec", "to").stream()
              .anyMatch(
                  to ->
                      has(to, "kind", kind)
                          && to.asMapping()
                              .flatMap(m -> m.string("name"))
                              .filter(granted -> !granted.equals(name))
                              .isEmpty());
    }

    String complaint() {
      return "no ReferenceGrant in namespace %s lets a %s of namespace %s use %s %s"
          .formatted(namespace, fromKind, fromNamespace, kind, name);
    }

    /**
     * @param known whether the input has what is referred to: grants are kept beside it, so they
     *     should be there, too
     */
    void report(Findings.Draft draft, boolean known) {
      draft
          .severity(known ? Severity.WARNING : Severity.INFO)
          .help("add a ReferenceGrant to namespace " + namespace);
    }
  }

  private static boolean has(Node node, String key, String value) {
    return node.asMapping().flatMap(map -> map.string(key)).filter(value::equals).isPresent();
  }
}
