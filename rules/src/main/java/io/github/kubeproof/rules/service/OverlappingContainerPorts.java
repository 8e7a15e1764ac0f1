package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * KP428: two entries for one port of a pod, or two ports of one name.
 *
 * <p>Containers of a pod share one network: only one of them can listen on a port. What is refused
 * is left to KP433.
 *
 * @see "pkg/api/pod/warnings.go, warningsForPodSpecAndMeta"
 */
public final class OverlappingContainerPorts implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP428",
              "overlapping-container-ports",
              Severity.WARNING,
              Confidence.PROVED,
              "a pod declares one port twice, or two ports of the same name")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /**
   * A port of a container.
   *
   * @param container its place among those that run side by side
   */
  private record Declared(int container, String containerName, V1ContainerPort port) {

    int hostPort() {
      return Optional.ofNullable(port.getHostPort()).orElse(0);
    }

    String hostIp() {
      return Optional.ofNullable(port.getHostIP()).orElse("");
    }

    String protocol() {
      return Optional.ofNullable(port.getProtocol()).filter(p -> !p.isEmpty()).orElse("TCP");
    }

    String number() {
      return port.getContainerPort() + "/" + protocol();
    }

    /** Whether both stand for one port; two ports of the node may lead to the same one. */
    boolean overlaps(Declared other) {
      boolean sameNodePort =
          hostPort() == 0
              || other.hostPort() == 0
              || (hostPort() == other.hostPort() && hostIp().isEmpty() != other.hostIp().isEmpty());
      return protocol().equals(other.protocol()) && sameNodePort;
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      Map<Integer, List<Declared>> byNumber = new HashMap<>();
      Map<String, Declared> byName = new HashMap<>();
      List<V1Container> running = running(workload);
      for (int i = 0; i < running.size(); i++) {
        String containerName = String.valueOf(running.get(i).getName());
        for (V1ContainerPort port : Lists.orEmpty(running.get(i).getPorts())) {
          Declared declared = new Declared(i, containerName, port);
          // of a port that stands there twice, the name is no news
          if (!isRepeated(workload, declared, byNumber, findings)) {
            checkName(workload, declared, byName, findings);
          }
        }
      }
    }
  }

  /** The containers that run side by side: sidecars first. */
  private static List<V1Container> running(Workload workload) {
    List<V1Container> running = new ArrayList<>();
    for (V1Container container : Lists.orEmpty(workload.podSpec().getInitContainers())) {
      if ("Always".equals(container.getRestartPolicy())) {
        running.add(container);
      }
    }
    running.addAll(Lists.orEmpty(workload.podSpec().getContainers()));
    return running;
  }

  /** Reports a port that stands there before already. */
  private static boolean isRepeated(
      Workload workload,
      Declared declared,
      Map<Integer, List<Declared>> byNumber,
      Findings findings) {
    Integer number = declared.port.getContainerPort();
    if (number == null) {
      return false;
    }
    List<Declared> others = byNumber.computeIfAbsent(number, port -> new ArrayList<>());
    Optional<Declared> before = others.stream().filter(declared::overlaps).findFirst();
    others.add(declared);
    if (before.isEmpty()) {
      return false;
    }
    findings
        .report(
            workload,
            workload.cluster().at(declared.port, "containerPort"),
            "port "
                + declared.number()
                + " is declared twice in the pod"
                + (before.get().container == declared.container
                    ? ""
                    : ", and only one of its containers can listen on it"))
        .fix(
            "remove the second one",
            before.get().container == declared.container && before.get().port.equals(declared.port)
                ? Edits.remove(workload.cluster().at(declared.port))
                : List.of())
        .note(
            workload.cluster().at(before.get().port, "containerPort"),
            "declared by container " + before.get().containerName);
    return true;
  }

  private static void checkName(
      Workload workload, Declared declared, Map<String, Declared> byName, Findings findings) {
    String name = declared.port.getName();
    if (name == null || name.isEmpty()) {
      return;
    }
    Declared before = byName.putIfAbsent(name, declared);
    if (before != null && before.container != declared.container) {
      findings
          .report(
              workload,
              workload.cluster().at(declared.port, "name"),
              "port name \""
                  + name
                  + "\" stands for another port already: Services that target it by name get port "
                  + before.number())
          .help("give each port of the pod a name of its own")
          .note(
              workload.cluster().at(before.port, "name"),
              "the port of container " + before.containerName + ", which comes first");
    }
  }
}
