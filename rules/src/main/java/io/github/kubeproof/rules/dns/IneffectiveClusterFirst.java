package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import java.util.Optional;

/** KP608: pods on the network of their node that believe to ask the cluster's DNS. */
public final class IneffectiveClusterFirst implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP608",
              "ineffective-cluster-first",
              Severity.INFO,
              Confidence.PROVED,
              "a pod on the network of its node asks the node's DNS, not the cluster's")
          .fixable(Fixability.UNSAFE);

  private static final String HOST_NET = "ClusterFirstWithHostNet";

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      String policy = workload.podSpec().getDnsPolicy();
      boolean isWritten = "ClusterFirst".equals(policy);
      if (!workload.onHostNetwork()
          || !(isWritten || policy == null || policy.isEmpty())
          || PrivateServers.in(workload)) {
        continue;
      }
      Optional<Mention> mention = Mention.firstService(workload);
      if (isWritten || mention.isPresent()) {
        Findings.Draft draft =
            findings
                .report(
                    workload,
                    cluster.at(workload.podSpec(), isWritten ? "dnsPolicy" : "hostNetwork"),
                    "with hostNetwork, dnsPolicy ClusterFirst means the DNS of the node, which knows"
                        + " no Services")
                .severity(mention.isPresent() ? Severity.WARNING : Severity.INFO)
                .help("set dnsPolicy: ClusterFirstWithHostNet")
                .unsafeFix(
                    "set dnsPolicy: ClusterFirstWithHostNet",
                    "the pod asks the DNS of the cluster instead of the node's",
                    isWritten
                        ? Edits.value(cluster.at(workload.podSpec(), "dnsPolicy"), HOST_NET)
                        : Edits.addAfter(
                            cluster.at(workload.podSpec(), "hostNetwork"), "dnsPolicy", HOST_NET));
        mention.ifPresent(
            name -> draft.note(name.place(), "names Service " + name.reference().host()));
      }
    }
  }
}
