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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** KP421: traffic that stays on its node, for pods that are not on every node. */
public final class LocalTrafficWithoutLocalPods implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP421",
              "local-traffic-without-local-pods",
              Severity.INFO,
              Confidence.HEURISTIC,
              "a traffic policy keeps traffic on its node, but the pods are not on every node")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      check(service, "internalTrafficPolicy", service.spec().getInternalTrafficPolicy(), findings);
      check(service, "externalTrafficPolicy", service.spec().getExternalTrafficPolicy(), findings);
    }
  }

  private static void check(
      Service service, String field, @Nullable String policy, Findings findings) {
    List<Workload> backends = "Local".equals(policy) ? service.backends() : List.of();
    boolean everywhere = backends.stream().anyMatch(pods -> pods.kind().equals("DaemonSet"));
    boolean known = backends.stream().anyMatch(pods -> pods.cluster() == service.cluster());
    if (!known || everywhere) {
      return;
    }
    boolean inside = field.startsWith("internal");
    Workload pods = ContainerPorts.nearest(service, backends).get(0);
    findings
        .report(
            service,
            service.cluster().at(service.spec(), field),
            field
                + ": Local drops "
                + (inside ? "the traffic of pods on" : "what arrives at")
                + " every node without a pod of "
                + pods)
        .note(pods.resource().place().then("kind"), pods + " is not on every node")
        .help(
            inside
                ? "use a DaemonSet, or trafficDistribution: PreferClose, which falls back"
                : "use a DaemonSet, or a load balancer that asks the healthCheckNodePort");
  }
}
