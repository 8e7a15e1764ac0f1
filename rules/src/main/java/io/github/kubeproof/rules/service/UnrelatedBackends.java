package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Optional;

/** KP405: a Service selects several workloads, and some of them do not serve its port. */
public final class UnrelatedBackends implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP405",
          "unrelated-backends",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "a Service selects workloads that serve its port and others that declare other ports only");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      List<Workload> backends = ContainerPorts.servingIn(cluster, service);
      if (backends.size() < 2 || service.isHeadless()) {
        continue; // a headless Service names pods, whatever they serve
      }
      for (V1ServicePort port : service.ports()) {
        IntOrString target = Service.target(port);
        Optional<Protocol> protocol = Protocol.of(port.getProtocol());
        if (target != null && target.isInteger() && protocol.isPresent()) {
          check(service, port, target.getIntValue(), backends, findings);
        }
      }
    }
  }

  private static void check(
      Service service, V1ServicePort port, int number, List<Workload> backends, Findings findings) {
    List<Workload> without =
        backends.stream()
            .filter(pods -> !pods.ports().isEmpty() && !ContainerPorts.mentions(pods, number))
            .toList();
    boolean some =
        backends.stream()
            .anyMatch(pods -> pods.ports().stream().anyMatch(p -> p.number() == number));
    if (some && !without.isEmpty()) {
      Findings.Draft draft =
          findings
              .report(
                  service,
                  service.cluster().at(service.spec(), "selector"),
                  "the selector also picks %s, which does not declare port %d"
                      .formatted(without.get(0), number))
              .note(service.cluster().at(port), "the port of the Service")
              .help("add a label to the selector that only the pods meant have");
      ContainerPorts.note(draft, without);
    }
  }
}
