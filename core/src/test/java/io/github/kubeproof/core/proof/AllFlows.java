package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A flow of every sort that {@link RandomPolicies} can tell apart: every label absent, mentioned or
 * something else; each side of every border of a block or range.
 */
final class AllFlows {

  private static final List<String> ADDRESSES =
      List.of(
          "10.0.0.1",
          "10.1.0.1",
          "10.1.1.1",
          "9.255.255.255",
          "203.0.113.1",
          "fd00::1",
          "fd01::1",
          "2001:db8::1");
  private static final List<Map<String, String>> NAMESPACES =
      List.of(
          Map.of(),
          Map.of("env", "a"),
          Map.of("env", "other"),
          Map.of(Network.NAMESPACE_LABEL, ""),
          Map.of("env", "other", Network.NAMESPACE_LABEL, ""),
          Map.of("env", "a", Network.NAMESPACE_LABEL, ""));
  private static final List<Optional<String>> ENVS =
      List.of(Optional.empty(), Optional.of("a"), Optional.of("other"));
  private static final List<Optional<String>> APPS =
      List.of(Optional.empty(), Optional.of("a"), Optional.of(""), Optional.of("other"));
  private static final List<Integer> PORTS = List.of(78, 79, 80, 81, 82);

  private final List<Endpoint> sources = new ArrayList<>();
  private final List<Endpoint> destinations = new ArrayList<>();

  AllFlows() {
    for (String address : ADDRESSES) {
      both(new Outside(Address.of(address)));
    }
    both(new Host("a node", List.of(Address.of("10.0.0.1"))));
    for (String namespace : List.of("one", "two", "three")) {
      // namespace one is known in full; the labels of the others may be anything
      for (Map<String, String> namespaceLabels :
          namespace.equals("one") ? NAMESPACES.subList(5, 6) : NAMESPACES) {
        for (Optional<String> app : APPS) {
          for (Optional<String> env : ENVS) {
            pods(namespace, namespaceLabels, app, env);
          }
        }
      }
    }
  }

  private void both(Endpoint endpoint) {
    sources.add(endpoint);
    destinations.add(endpoint);
  }

  private void pods(
      String namespace,
      Map<String, String> ofNamespace,
      Optional<String> app,
      Optional<String> env) {
    Map<String, String> namespaceLabels = new TreeMap<>(ofNamespace);
    namespaceLabels.put("kubernetes.io/metadata.name", namespace);
    Map<String, String> labels = new TreeMap<>();
    app.ifPresent(value -> labels.put("app", value));
    env.ifPresent(value -> labels.put("env", value));
    sources.add(new Pod("a pod", 0, namespace, namespaceLabels, labels, Map.of(), List.of()));
    for (Map<PortName, Integer> ports :
        List.of(
            Map.<PortName, Integer>of(),
            Map.of(new PortName("web", Protocol.TCP), 80),
            Map.of(new PortName("web", Protocol.TCP), 82, new PortName("web", Protocol.UDP), 80))) {
      destinations.add(new Pod("a pod", 1, namespace, namespaceLabels, labels, ports, List.of()));
    }
  }

  /** A flow of the set; empty when there is none of any sort. */
  Optional<Flow> find(Traffic traffic) {
    return any(flow -> FlowEvaluator.contains(traffic, flow));
  }

  void forEach(Consumer<Flow> reader) {
    any(
        flow -> {
          reader.accept(flow);
          return false;
        });
  }

  private Optional<Flow> any(Predicate<Flow> wanted) {
    for (Endpoint from : sources) {
      for (Endpoint to : destinations) {
        if (contradict(from, to)) {
          continue;
        }
        for (Protocol protocol : Protocol.values()) {
          for (int port : PORTS) {
            Flow flow = new Flow(from, to, protocol, port);
            if (wanted.test(flow)) {
              return Optional.of(flow);
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /** One namespace has one set of labels; only namespaces that no policy names may be two. */
  private static boolean contradict(Endpoint from, Endpoint to) {
    return from instanceof Pod one
        && to instanceof Pod other
        && one.namespace().equals(other.namespace())
        && !one.namespace().equals("three")
        && !one.namespaceLabels().equals(other.namespaceLabels());
  }

  long count() {
    return (long) sources.size() * destinations.size() * Protocol.values().length * PORTS.size();
  }
}
