package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.dns.HostReference.ServiceName;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** KP613: a program calls a Service on a port that the Service does not have. */
public final class UnexposedServicePort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP613",
          "unexposed-service-port",
          Severity.WARNING,
          Confidence.PROVED,
          "a program calls a Service on a port that the Service does not have");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Mention mention : Mention.of(cluster)) {
      int port = mention.reference().port();
      List<Service> services = mention.services();
      if (port == 0 || !mention.isCalled() || services.isEmpty() || isPod(mention)) {
        continue;
      }
      if (services.stream().allMatch(service -> lacks(service, port))) {
        report(mention, port, services.get(0), findings);
      }
    }
  }

  private static boolean isPod(Mention mention) {
    return mention
        .reference()
        .service(mention.namespace(), mention.cluster().settings().domain())
        .map(ServiceName::pod)
        .filter(pod -> !pod.isEmpty())
        .isPresent();
  }

  /**
   * Whether a connection to a Service on a port surely fails. The name of a headless Service leads
   * to the pods themselves, that of an ExternalName elsewhere.
   */
  private static boolean lacks(Service service, int port) {
    return !service.isHeadless()
        && !service.isExternalName()
        && service.resource().isUnderstood()
        && !service.ports().isEmpty()
        && service.cluster().world().patchesOf(service).isEmpty()
        && service.ports().stream().noneMatch(p -> Integer.valueOf(port).equals(p.getPort()));
  }

  private static void report(Mention mention, int port, Service service, Findings findings) {
    String ports =
        new TreeSet<>(
                service.ports().stream()
                    .map(V1ServicePort::getPort)
                    .filter(number -> number != null)
                    .toList())
            .stream().map(String::valueOf).collect(Collectors.joining(", "));
    Optional<V1ServicePort> target =
        service.ports().stream()
            .filter(
                candidate ->
                    Optional.ofNullable(Service.target(candidate))
                        .filter(t -> t.isInteger() && t.getIntValue() == port)
                        .isPresent())
            .findFirst();
    Findings.Draft draft =
        Mentions.report(
                mention,
                service
                    + " has no port "
                    + port
                    + (service.ports().size() == 1 ? ", only " : ", only the ports ")
                    + ports
                    + (target.isPresent() ? ": " + port + " is the port of its pods" : ""),
                findings)
            .note(service.cluster().at(service.spec(), "ports"), "the ports of " + service);
    target.ifPresent(t -> draft.help("call port " + t.getPort() + " of the Service"));
  }
}
