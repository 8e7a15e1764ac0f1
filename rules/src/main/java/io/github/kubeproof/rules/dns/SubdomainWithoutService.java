package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.Optional;

/** KP616: a pod with a subdomain that no headless Service stands for. */
public final class SubdomainWithoutService implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP616",
          "subdomain-without-service",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "the subdomain of a pod is not the name of a headless Service that selects it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      String subdomain = workload.podSpec().getSubdomain();
      boolean isReady =
          subdomain != null
              && !subdomain.isEmpty()
              && cluster.world().patchesOf(workload).isEmpty();
      if (isReady) {
        check(workload, subdomain, findings);
      }
    }
  }

  private static void check(Workload workload, String subdomain, Findings findings) {
    Optional<String> fault = HeadlessService.flaw(subdomain, workload);
    if (fault.isEmpty()) {
      return;
    }
    // where no Service is shown at all, the input is not the place to look for one
    boolean isShown =
        workload.cluster().services().stream().anyMatch(s -> s.mayShareNamespace(workload));
    findings
        .report(
            workload,
            workload.cluster().at(workload.podSpec(), "subdomain"),
            "subdomain "
                + subdomain
                + " gives the pods of "
                + workload
                + " no name: "
                + fault.get())
        .severity(isShown ? Severity.WARNING : Severity.INFO)
        .help("add a headless Service " + subdomain + " that selects the pods");
  }
}
