package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1StatefulSetSpec;
import java.util.List;
import java.util.Optional;

/** KP619: pods that must find each other before they are ready, and cannot. */
public final class HiddenUnreadyPeers implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP619",
          "hidden-unready-peers",
          Severity.INFO,
          Confidence.HEURISTIC,
          "the pods of a StatefulSet call each other by name, but their names are known only once they are ready");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      String governing =
          workload
              .resource()
              .as(V1StatefulSet.class)
              .map(V1StatefulSet::getSpec)
              .map(V1StatefulSetSpec::getServiceName)
              .orElse("");
      if (governing.isEmpty() || workload.replicas() < 2 || !hasReadiness(workload)) {
        continue;
      }
      List<Service> services = cluster.world().services(workload.namespace(), governing);
      boolean areHidden =
          !services.isEmpty()
              && services.stream()
                  .allMatch(
                      service ->
                          service.isHeadless()
                              && !Boolean.TRUE.equals(service.spec().getPublishNotReadyAddresses())
                              && cluster.world().patchesOf(service).isEmpty());
      Optional<Mention> peer =
          Mention.of(workload).stream().filter(m -> m.isPodOf(workload, governing)).findFirst();
      if (areHidden && peer.isPresent()) {
        Mentions.report(
                peer.get(),
                "the name of a pod that is not ready is unknown: "
                    + services.get(0)
                    + " does not set publishNotReadyAddresses",
                findings)
            .note(services.get(0).resource().at("metadata", "name"), services.get(0) + " is here")
            .help(
                "set publishNotReadyAddresses: true where the pods must meet before they are ready");
      }
    }
  }

  private static boolean hasReadiness(Workload workload) {
    return Lists.orEmpty(workload.podSpec().getContainers()).stream()
        .anyMatch(container -> container.getReadinessProbe() != null);
  }
}
