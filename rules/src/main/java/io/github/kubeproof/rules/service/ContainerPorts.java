package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.source.Node;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the containers of workloads declare, as far as the input can know it. */
final class ContainerPorts {

  private static final int NOTES = 3;

  private ContainerPorts() {}

  /**
   * The workloads that a Service selects, in any unit; none where some port of theirs may be hidden
   * from the input, or none of them is surely deployed together with the Service.
   */
  static List<Workload> behind(Service service) {
    List<Workload> backends = service.backends();
    boolean known =
        !nearest(service, backends).isEmpty()
            && backends.stream().allMatch(ContainerPorts::areComplete);
    return known ? backends : List.of();
  }

  // read without a fault, and nobody puts another container into the pods when they are made
  private static boolean areComplete(Workload workload) {
    return workload.resource().isUnderstood() && !isInjected(workload);
  }

  // sidecar.istio.io/inject: "true", linkerd.io/inject: enabled, inject.istio.io/templates:
  // gateway,
  // vault.hashicorp.com/agent-inject
  private static boolean isInjected(Workload workload) {
    Map<String, String> marks = new HashMap<>(workload.labels());
    V1ObjectMeta meta = workload.podMeta();
    if (meta != null) {
      marks.putAll(Lists.orEmpty(meta.getAnnotations()));
    }
    return marks.entrySet().stream()
        .filter(mark -> mark.getKey().contains("inject"))
        .anyMatch(mark -> !List.of("false", "disabled").contains(mark.getValue()));
  }

  /** Whether a patch of a workload adds a container port of which something holds. */
  static boolean isPatchedIn(Workload workload, Predicate<Node.Mapping> wanted) {
    return workload.cluster().world().patchesOf(workload).stream()
        .anyMatch(patch -> holds(patch.tree(), wanted));
  }

  private static boolean holds(Node node, Predicate<Node.Mapping> wanted) {
    if (node instanceof Node.Mapping mapping) {
      boolean here = mapping.get("containerPort").isPresent() && wanted.test(mapping);
      return here || mapping.entries().stream().anyMatch(entry -> holds(entry.value(), wanted));
    }
    return node.asItems().stream().anyMatch(item -> holds(item, wanted));
  }

  /** Whether a number stands in the command or the arguments of a container. */
  static boolean isInArgs(Workload workload, int port) {
    Pattern number = Pattern.compile("(?<!\\d)" + port + "(?!\\d)");
    return Lists.orEmpty(workload.podSpec().getContainers()).stream()
        .flatMap(
            container ->
                Stream.concat(
                    Lists.orEmpty(container.getCommand()).stream(),
                    Lists.orEmpty(container.getArgs()).stream()))
        .anyMatch(argument -> argument != null && number.matcher(argument).find());
  }

  /** {@code http (8080/TCP), 9090/TCP}; {@code none} where there is none. */
  static String list(List<PodPort> ports) {
    return ports.isEmpty()
        ? "none"
        : ports.stream()
            .map(
                port ->
                    port.name().isEmpty() ? number(port) : port.name() + " (" + number(port) + ")")
            .distinct()
            .collect(Collectors.joining(", "));
  }

  private static String number(PodPort port) {
    return port.number() + "/" + port.protocol();
  }

  /** Of the workloads that a Service selects, those that stand nearest to it. */
  static List<Workload> nearest(Service service, List<Workload> backends) {
    List<Workload> inUnit =
        backends.stream().filter(pods -> pods.cluster() == service.cluster()).toList();
    return inUnit.isEmpty() ? backends.stream().filter(service::isDeployedWith).toList() : inUnit;
  }

  /**
   * The workloads of a unit that answer for a Service all the time, so no Jobs; none where some
   * port of theirs may be hidden.
   */
  static List<Workload> servingIn(Cluster unit, Service service) {
    List<Workload> serving =
        service.backends().stream()
            .filter(pods -> pods.cluster() == unit && pods.replicas() > 0)
            .filter(pods -> !pods.kind().equals("Job") && !pods.kind().equals("CronJob"))
            .toList();
    return serving.stream().allMatch(ContainerPorts::areComplete) ? serving : List.of();
  }

  /**
   * Whether containers declare a number, a patch adds it, or their command speaks of it; the guest
   * of a virtual machine may listen on any.
   */
  static boolean mentions(Workload pods, int number) {
    return pods.isVirtual()
        || pods.ports().stream().anyMatch(port -> port.number() == number)
        || isInArgs(pods, number)
        || isPatchedIn(
            pods,
            port ->
                port.get("containerPort").orElse(null) instanceof Node.Scalar scalar
                    && scalar.text().equals(String.valueOf(number)));
  }

  /** The only one of some workloads, or {@code the selected pods}. */
  static String name(List<Workload> workloads) {
    return workloads.size() == 1 ? workloads.get(0).toString() : "the selected pods";
  }

  /** Shows what each of some workloads declares, at the place where it is written. */
  static void note(Findings.Draft draft, List<Workload> workloads) {
    for (Workload workload : workloads.subList(0, Math.min(NOTES, workloads.size()))) {
      draft.note(
          workload.cluster().at(workload.podSpec(), "containers", 0, "ports"),
          "the container ports of " + workload + ": " + list(workload.ports()));
    }
    if (workloads.size() > NOTES) {
      draft.note(
          workloads.get(NOTES).resource().place(),
          "and those of " + (workloads.size() - NOTES) + " more workloads");
    }
  }
}
