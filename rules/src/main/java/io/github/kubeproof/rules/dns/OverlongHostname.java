package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1StatefulSetSpec;

/** KP617: pods that cannot be made because their name is too long. */
public final class OverlongHostname implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP617",
          "overlong-hostname",
          Severity.ERROR,
          Confidence.PROVED,
          "a name that a pod gets is longer than the system allows");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Linux, HOST_NAME_MAX. */
  private static final int MAX_HOSTNAME = 64;

  /** 63 characters of a label, without the hyphen and the ten of a revision's hash. */
  private static final int MAX_STATEFUL_SET = 52;

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      if (Boolean.TRUE.equals(workload.podSpec().getSetHostnameAsFQDN())) {
        checkFullName(workload, findings);
      }
      if (workload.kind().equals("StatefulSet") && workload.name().length() > MAX_STATEFUL_SET) {
        findings
            .report(
                workload,
                workload.resource().at("metadata", "name"),
                "the name has "
                    + workload.name().length()
                    + " characters, and pods get it with a hash of up to ten behind it as the label"
                    + " controller-revision-hash, where 63 are the most")
            .severity(Severity.WARNING)
            .help("shorten the name to " + MAX_STATEFUL_SET + " characters");
      }
    }
  }

  private static void checkFullName(Workload workload, Findings findings) {
    String hostname = hostname(workload);
    String subdomain = subdomain(workload);
    if (hostname.isEmpty() || subdomain.isEmpty() || !workload.namespaceIsWritten()) {
      return;
    }
    String full =
        String.join(
            ".",
            hostname,
            subdomain,
            workload.namespace(),
            "svc",
            workload.cluster().settings().domain());
    if (full.length() > MAX_HOSTNAME) {
      findings
          .report(
              workload,
              workload.cluster().at(workload.podSpec(), "setHostnameAsFQDN"),
              "the hostname "
                  + full
                  + " has "
                  + full.length()
                  + " characters, and "
                  + MAX_HOSTNAME
                  + " are the most: the pod does not start")
          .help("shorten hostname or subdomain, or leave setHostnameAsFQDN out");
    }
  }

  /** The shortest hostname that the pods get; empty where a controller makes it up. */
  private static String hostname(Workload workload) {
    String written = workload.podSpec().getHostname();
    if (written != null && !written.isEmpty()) {
      return written;
    }
    return switch (workload.kind()) {
      case "Pod" -> workload.name();
      case "StatefulSet" -> workload.name() + "-0";
      default -> "";
    };
  }

  private static String subdomain(Workload workload) {
    String written = workload.podSpec().getSubdomain();
    if (written != null && !written.isEmpty()) {
      return written;
    }
    return workload
        .resource()
        .as(V1StatefulSet.class)
        .map(V1StatefulSet::getSpec)
        .map(V1StatefulSetSpec::getServiceName)
        .orElse("");
  }
}
