package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What ServiceMonitors and PodMonitors of the input let a Prometheus of the Prometheus operator
 * read.
 *
 * @see "prometheus-operator API reference, monitoring.coreos.com/v1: ServiceMonitorSpec,
 *     PodMonitorSpec, PrometheusSpec.serviceMonitorSelector; pkg/prometheus/server/statefulset.go,
 *     the labels of the pods"
 */
record Monitors(World world, List<Monitor> monitors) {

  private static final String GROUP_VERSION = "monitoring.coreos.com/v1";

  /**
   * A port of a workload that is read.
   *
   * @param monitor by which it is
   * @param asked where the port is named
   * @param by the Prometheus that reads it, of several the first
   * @param from all flows of those that read it
   */
  record Target(int port, Resource monitor, Place asked, Resource by, Traffic from) {}

  /**
   * A monitor that is read.
   *
   * @param namespaces where it looks for its targets; empty for everywhere
   * @param readers each Prometheus that reads it
   */
  record Monitor(Resource resource, List<String> namespaces, List<Resource> readers) {

    boolean speaksOf(String namespace) {
      return namespaces.isEmpty() || namespaces.contains(namespace);
    }
  }

  static Monitors of(World world) {
    return world.once(Monitors.class, () -> read(world));
  }

  private static Monitors read(World world) {
    List<Resource> prometheuses = named(world, "Prometheus");
    List<Resource> resources = new ArrayList<>(named(world, "ServiceMonitor"));
    resources.addAll(named(world, "PodMonitor"));
    List<Monitor> monitors = new ArrayList<>();
    for (Resource monitor : prometheuses.isEmpty() ? List.<Resource>of() : resources) {
      List<Resource> readers =
          prometheuses.stream().filter(one -> reads(one, monitor, world)).toList();
      // what comes from the network of a node is always let in
      if (!readers.isEmpty() && readers.stream().noneMatch(Monitors::isOnHostNetwork)) {
        monitors.add(new Monitor(monitor, namespaces(monitor), readers));
      }
    }
    return new Monitors(world, monitors);
  }

  /** Those that say where they are. */
  private static List<Resource> named(World world, String kind) {
    return world.resourcesOfKind(kind).stream()
        .filter(resource -> resource.apiVersion().equals(GROUP_VERSION))
        .filter(resource -> !resource.writtenNamespace().isEmpty())
        .toList();
  }

  /** The ports of a workload that are read, each once. */
  List<Target> targets(Workload workload) {
    List<Target> targets = new ArrayList<>();
    List<Monitor> speaking =
        monitors.stream().filter(monitor -> monitor.speaksOf(workload.namespace())).toList();
    List<Service> services = speaking.isEmpty() ? List.of() : services(workload);
    for (Monitor monitor : speaking) {
      Resource resource = monitor.resource();
      List<Node> endpoints =
          at(resource, "spec", endpoints(resource)).map(Node::asItems).orElse(List.of());
      for (int i = 0; i < endpoints.size(); i++) {
        Place asked = resource.at("spec", endpoints(resource), i);
        for (int port : ports(resource, endpoints.get(i), workload, services)) {
          if (targets.stream().noneMatch(target -> target.port() == port)) {
            targets.add(
                new Target(
                    port, resource, asked, monitor.readers().get(0), pods(monitor.readers())));
          }
        }
      }
    }
    return targets;
  }

  private static String endpoints(Resource monitor) {
    return monitor.kind().equals("ServiceMonitor") ? "endpoints" : "podMetricsEndpoints";
  }

  /** Whether a Prometheus picks a monitor: without a selector it picks none. */
  private static boolean reads(Resource prometheus, Resource monitor, World world) {
    String kind = monitor.kind().equals("ServiceMonitor") ? "serviceMonitor" : "podMonitor";
    boolean isPicked =
        selector(prometheus, "spec", kind + "Selector")
            .filter(selector -> selector.matches(labels(monitor)))
            .isPresent();
    String namespace = monitor.writtenNamespace();
    return isPicked
        && (at(prometheus, "spec", kind + "NamespaceSelector").isEmpty()
            ? prometheus.writtenNamespace().equals(namespace)
            : selector(prometheus, "spec", kind + "NamespaceSelector")
                .filter(selector -> selector.matches(world.knownNamespaceLabels(namespace)))
                .isPresent());
  }

  private static boolean isOnHostNetwork(Resource prometheus) {
    return at(prometheus, "spec", "hostNetwork")
        .filter(node -> node instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value()))
        .isPresent();
  }

  /** Where a monitor looks for its targets; empty for everywhere. */
  private static List<String> namespaces(Resource monitor) {
    boolean any =
        at(monitor, "spec", "namespaceSelector", "any")
            .filter(node -> node instanceof Scalar scalar && Boolean.TRUE.equals(scalar.value()))
            .isPresent();
    List<String> names =
        at(monitor, "spec", "namespaceSelector", "matchNames").map(Node::asItems).stream()
            .flatMap(List::stream)
            .flatMap(name -> name.asString().stream())
            .toList();
    return any ? List.of() : names.isEmpty() ? List.of(monitor.writtenNamespace()) : names;
  }

  /** The ports of a workload that an endpoint means. */
  private static List<Integer> ports(
      Resource monitor, Node endpoint, Workload workload, List<Service> services) {
    Optional<Selector> selector = selector(monitor, "spec", "selector");
    if (selector.isEmpty()) {
      return List.of();
    }
    if (monitor.kind().equals("PodMonitor")) {
      Optional<Integer> number = number(endpoint, "portNumber");
      boolean matches = workload.matches(selector.get());
      return matches
          ? (number.isPresent() ? number : portOfPod(endpoint, "port", workload)).stream().toList()
          : List.of();
    }
    List<Integer> ports = new ArrayList<>();
    for (Service service : services) {
      V1ObjectMeta meta = service.model().getMetadata();
      if (selector.get().matches(Lists.orEmpty(meta == null ? null : meta.getLabels()))) {
        Optional<String> name = string(endpoint, "port");
        if (name.isPresent()) {
          service.ports().stream()
              .filter(port -> name.get().equals(port.getName()))
              .flatMap(port -> Service.targetOn(workload, port).stream())
              .forEach(ports::add);
        } else {
          portOfPod(endpoint, "targetPort", workload).ifPresent(ports::add);
        }
      }
    }
    return ports;
  }

  /** The Services that surely lead to the pods of a workload. */
  private List<Service> services(Workload workload) {
    return world.servicesNear(workload).stream()
        .filter(service -> service.namespace().equals(workload.namespace()))
        .filter(service -> service.selector().filter(workload::matches).isPresent())
        .filter(workload::isDeployedWith)
        .toList();
  }

  /** A port of pods by its name or number. */
  private static Optional<Integer> portOfPod(Node endpoint, String key, Workload workload) {
    Optional<Integer> number = number(endpoint, key);
    return number.isPresent()
        ? number
        : string(endpoint, key).flatMap(name -> workload.portNamed(name, Protocol.TCP));
  }

  private static Optional<Integer> number(Node node, String key) {
    return node.asMapping()
        .flatMap(map -> map.get(key))
        .filter(value -> value instanceof Scalar scalar && scalar.value() instanceof Long)
        .map(value -> ((Long) Objects.requireNonNull(((Scalar) value).value())).intValue())
        .filter(number -> number >= 1 && number <= 65535);
  }

  private static Optional<String> string(Node node, String key) {
    return node.asMapping().flatMap(map -> map.get(key)).flatMap(Node::asString);
  }

  /** The pods that the operator makes; they have further labels, too. */
  private static Traffic pods(List<Resource> prometheuses) {
    List<Traffic> pods = new ArrayList<>();
    for (Resource prometheus : prometheuses) {
      Map<String, String> labels =
          Map.of(
              "app.kubernetes.io/name", "prometheus",
              "app.kubernetes.io/managed-by", "prometheus-operator",
              "app.kubernetes.io/instance", prometheus.name(),
              "prometheus", prometheus.name(),
              "operator.prometheus.io/name", prometheus.name());
      pods.add(
          Traffic.allOf(
              new Traffic.InNamespace(End.FROM, prometheus.writtenNamespace()),
              new Traffic.PodLabels(End.FROM, Selector.ofLabels(labels))));
    }
    return Traffic.anyOf(pods);
  }

  private static Map<String, String> labels(Resource resource) {
    Map<String, String> labels = new TreeMap<>();
    at(resource, "metadata", "labels")
        .flatMap(Node::asMapping)
        .ifPresent(
            map ->
                map.entries()
                    .forEach(
                        entry ->
                            entry
                                .value()
                                .asString()
                                .ifPresent(value -> labels.put(entry.key(), value))));
    return labels;
  }

  private static Optional<Selector> selector(Resource resource, Object... steps) {
    return at(resource, steps).flatMap(Node::asMapping).flatMap(Selector::of);
  }

  private static Optional<Node> at(Resource resource, Object... steps) {
    return resource.at(steps).node();
  }
}
