package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** KP411: two DaemonSets want the same port of the same nodes. */
public final class HostPortCollision implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP411",
          "host-port-collision",
          Severity.WARNING,
          Confidence.PROVED,
          "two DaemonSets for the same nodes want the same port of the node");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  private record Claim(Workload workload, HostPort port) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<HostPort.Key, List<Claim>> claims = new HashMap<>();
    for (Workload workload : cluster.workloads()) {
      if (!workload.kind().equals("DaemonSet")) {
        continue; // other pods are put on nodes where the port is free
      }
      for (HostPort port : HostPort.of(workload)) {
        List<Claim> others = claims.computeIfAbsent(port.key(), key -> new ArrayList<>());
        for (Claim first : others) {
          if (port.overlaps(first.port) && areOnSameNodes(workload, first.workload)) {
            findings
                .report(
                    workload,
                    port.place(),
                    "port %s of the node is taken by %s".formatted(port.key(), first.workload))
                .note(first.port.place(), first.workload + " takes it")
                .help("choose another port, or other nodes: the later pods stay pending");
          }
        }
        others.add(new Claim(workload, port));
      }
    }
  }

  // of one written twice speaks KP011
  private static boolean areOnSameNodes(Workload one, Workload other) {
    boolean anywhere = one.podSpec().getAffinity() == null && other.podSpec().getAffinity() == null;
    return anywhere
        && !one.qualifiedName().equals(other.qualifiedName())
        && Lists.orEmpty(one.podSpec().getNodeSelector())
            .equals(Lists.orEmpty(other.podSpec().getNodeSelector()));
  }
}
