package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
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

/** KP402: a named targetPort that only some of the selected workloads have. */
public final class PartlyResolvedTargetPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP402",
          "partly-resolved-target-port",
          Severity.WARNING,
          Confidence.PROVED,
          "a targetPort is a name that only some of the selected workloads have");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      List<Workload> backends = ContainerPorts.servingIn(cluster, service);
      for (V1ServicePort port : service.ports()) {
        IntOrString target = Service.target(port);
        if (backends.size() > 1 && target != null && !target.isInteger()) {
          check(service, port, target.getStrValue(), backends, findings);
        }
      }
    }
  }

  private static void check(
      Service service,
      V1ServicePort port,
      String name,
      List<Workload> backends,
      Findings findings) {
    List<Workload> without =
        backends.stream()
            .filter(pods -> Service.targetOn(pods, port).isEmpty() && !pods.ports().isEmpty())
            .toList();
    boolean some = backends.stream().anyMatch(pods -> Service.targetOn(pods, port).isPresent());
    if (some && !without.isEmpty()) {
      Findings.Draft draft =
          findings
              .report(
                  service,
                  service.cluster().at(port, "targetPort"),
                  "port %s exists in some of the selected pods only: %s has none of that name"
                      .formatted(name, without.get(0)))
              .help("narrow the selector to the pods that serve the port, or name it in all");
      ContainerPorts.note(draft, without);
    }
  }
}
