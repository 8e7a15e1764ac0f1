package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** KP433: two ports of one pod that take the same port of the node, or the same name. */
public final class DuplicateContainerPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP433",
          "duplicate-container-port",
          "two ports of a pod have the same hostPort, or two of a container the same name");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  // core validation.go, validateContainerPorts and checkHostPortConflicts
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      List<V1Container> containers = Lists.orEmpty(workload.podSpec().getContainers());
      List<V1Container> all = new ArrayList<>(containers);
      all.addAll(Lists.orEmpty(workload.podSpec().getInitContainers()));
      all.forEach(container -> checkNames(workload, container, findings));
      checkHostPorts(workload, containers, findings);
    }
  }

  private static void checkNames(Workload workload, V1Container container, Findings findings) {
    Map<String, V1ContainerPort> seen = new HashMap<>();
    for (V1ContainerPort port : Lists.orEmpty(container.getPorts())) {
      String name = port.getName();
      if (name == null || name.isEmpty()) {
        continue;
      }
      V1ContainerPort before = seen.putIfAbsent(name, port);
      if (before != null) {
        findings
            .report(
                workload,
                workload.cluster().at(port, "name"),
                "port name \"" + name + "\" stands twice in container " + container.getName())
            .help("give it another name, also if the protocols differ")
            .note(workload.cluster().at(before, "name"), "the first port of this name");
      }
    }
  }

  private static void checkHostPorts(
      Workload workload, List<V1Container> containers, Findings findings) {
    record Key(int port, String protocol, String address) {}
    Map<Key, V1ContainerPort> seen = new HashMap<>();
    for (V1Container container : containers) {
      for (V1ContainerPort port : Lists.orEmpty(container.getPorts())) {
        Integer number = hostPort(workload, port);
        if (number == null || number == 0) {
          continue;
        }
        String protocol =
            Optional.ofNullable(port.getProtocol()).filter(p -> !p.isEmpty()).orElse("TCP");
        String address = Optional.ofNullable(port.getHostIP()).orElse("");
        V1ContainerPort before = seen.putIfAbsent(new Key(number, protocol, address), port);
        if (before != null) {
          findings
              .report(
                  workload,
                  workload.cluster().at(port, "hostPort"),
                  "port " + number + "/" + protocol + " of the node is taken by this pod already")
              .help("choose another port, or leave hostPort out")
              .note(workload.cluster().at(before, "hostPort"), "the first port that takes it");
        }
      }
    }
  }

  /** The server sets it to the containerPort in Pods, not in templates of them. */
  private static @Nullable Integer hostPort(Workload workload, V1ContainerPort port) {
    boolean filledIn =
        workload.kind().equals("Pod")
            && Boolean.TRUE.equals(workload.podSpec().getHostNetwork())
            && (port.getHostPort() == null || port.getHostPort() == 0);
    return filledIn ? port.getContainerPort() : port.getHostPort();
  }
}
