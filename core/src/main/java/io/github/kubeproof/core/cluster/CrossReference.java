package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import java.util.Collection;

/**
 * A reference from an object of the Gateway API to one of another namespace, which counts only
 * where a ReferenceGrant of that namespace allows it.
 */
public record CrossReference(
    String fromKind, String fromNamespace, String kind, String namespace, String name) {

  public static CrossReference of(Route route, Route.Backend backend) {
    return new CrossReference(
        route.resource().kind(),
        route.namespace(),
        "Service",
        backend.namespace(),
        backend.service());
  }

  /** Whether one of some grants allows it; one without a namespace may be put into any. */
  public boolean isGranted(Collection<Resource> grants) {
    return grants.stream().anyMatch(this::isGrantedBy);
  }

  private boolean isGrantedBy(Resource grant) {
    boolean there =
        grant.writtenNamespace().isEmpty() || grant.writtenNamespace().equals(namespace);
    return there
        && grant.tree().items("spec", "from").stream()
            .anyMatch(from -> has(from, "namespace", fromNamespace) && has(from, "kind", fromKind))
        && grant.tree().items("spec", "to").stream()
            .anyMatch(
                to ->
                    has(to, "kind", kind)
                        && to.asMapping()
                            .flatMap(m -> m.string("name"))
                            .filter(granted -> !granted.equals(name))
                            .isEmpty());
  }

  private static boolean has(Node node, String key, String value) {
    return node.asMapping().flatMap(map -> map.string(key)).filter(value::equals).isPresent();
  }

  /** That nothing allows it, as a sentence. */
  public String complaint() {
    return "no ReferenceGrant in namespace %s lets a %s of namespace %s use %s %s"
        .formatted(namespace, fromKind, fromNamespace, kind, name);
  }
}
