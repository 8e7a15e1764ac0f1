package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.dns.HostReference;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Findings;
import java.util.Optional;

/** What rules about names of hosts share. */
final class Mentions {

  private Mentions() {}

  /**
   * The Service whose name and namespace are turned around in a full name; empty where the input
   * has the Service that is named.
   */
  static Optional<Service> turned(Mention mention) {
    HostReference reference = mention.reference();
    World world = mention.cluster().world();
    if (reference.labels().indexOf("svc") != 2) {
      return Optional.empty();
    }
    return reference
        .service(mention.namespace(), mention.cluster().settings().domain())
        .filter(name -> world.services(name.namespace(), name.name()).isEmpty())
        .flatMap(name -> written(name.namespace(), name.name(), world));
  }

  private static Optional<Service> written(String name, String namespace, World world) {
    return world.services(namespace, name).stream()
        .filter(Service::namespaceIsWritten)
        .filter(service -> !world.isAssumed(service))
        .findFirst();
  }

  /** Says something about a host at the word that names it. */
  static Findings.Draft report(Mention mention, String message, Findings findings) {
    return findings.report(mention.resource(), mention.place(), mention.span(), message);
  }

  /** Whether the pods know the host from a list of their own. */
  static boolean isAlias(Mention mention) {
    String host = mention.reference().host();
    Optional<Workload> workload =
        mention.cluster().world().workloads().stream()
            .filter(candidate -> candidate.resource().equals(mention.resource()))
            .findFirst();
    return workload.stream()
        .flatMap(w -> Lists.orEmpty(w.podSpec().getHostAliases()).stream())
        .anyMatch(alias -> Lists.orEmpty(alias.getHostnames()).contains(host));
  }
}
