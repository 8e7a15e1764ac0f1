package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP629: the name of a pod, or of what makes pods, that is no good hostname. */
public final class UnsuitablePodName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP629",
          "unsuitable-pod-name",
          Severity.WARNING,
          Confidence.PROVED,
          "a name that becomes the hostname of pods has dots, or more than 63 characters");

  /** A label of a DNS name (RFC 1035). */
  private static final int LONGEST = 63;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  // WarningsOnCreate of the strategies of pods and of what makes them
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      String name = workload.name();
      // KP004 speaks of StatefulSets, which are refused; the pods of a virtual machine have other
      // names
      if (workload.kind().equals("StatefulSet") || workload.isVirtual()) {
        continue;
      }
      if (name.contains(".")) {
        report(workload, "the name \"" + name + "\" has a dot", "write a hyphen", findings);
      } else if (name.length() > LONGEST && !workload.kind().equals("CronJob")) {
        String flaw = "the name has " + name.length() + " characters, more than " + LONGEST;
        report(workload, flaw, "shorten it", findings);
      }
    }
  }

  private static void report(Workload workload, String flaw, String help, Findings findings) {
    findings
        .report(
            workload,
            workload.resource().at("metadata", "name"),
            flaw + ": as the hostname of pods it is cut off there")
        // of those the server does not warn
        .severity(workload.kind().equals("DaemonSet") ? Severity.INFO : Severity.WARNING)
        .help(help + ", unless nothing in the pods asks for the hostname");
  }
}
