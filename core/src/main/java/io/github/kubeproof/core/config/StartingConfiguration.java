package io.github.kubeproof.core.config;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.Environments;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.cluster.World;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A configuration to begin with. What the input shows for certain is written; what only whoever
 * knows the cluster can say stands in comments, with what the input tells about it.
 */
public final class StartingConfiguration {

  /** API groups, and names of what plugins run on nodes, each with the plugin it belongs to. */
  private static final Map<String, String> TRACES = traces();

  private StartingConfiguration() {}

  private static Map<String, String> traces() {
    Map<String, String> traces = new LinkedHashMap<>();
    traces.put("crd.antrea.io", "antrea");
    traces.put("antrea-agent", "antrea");
    traces.put("aws-node", "aws-vpc");
    traces.put("crd.projectcalico.org", "calico");
    traces.put("projectcalico.org", "calico");
    traces.put("calico-node", "calico");
    traces.put("cilium.io", "cilium");
    traces.put("cilium", "cilium");
    traces.put("kube-flannel-ds", "flannel");
    traces.put("kindnet", "kindnet");
    traces.put("kube-router", "kube-router");
    traces.put("k8s.ovn.org", "ovn-kubernetes");
    traces.put("ovnkube-node", "ovn-kubernetes");
    traces.put("weave-net", "weave");
    return traces;
  }

  /** The text of the file. */
  public static String text(Inventory input) {
    return """
        # Made by kubeproof init. All keys, for editors: kubeproof config schema > kubeproof.schema.json
        # yaml-language-server: $schema=kubeproof.schema.json
        version: %d

        cluster:
          # version: "1.34"
        %s%s
        %s%s
        # Findings that nobody wants to hear, each with the reason:
        # rules:
        #   KP404:
        #     ignore:
        #       - { resource: "Service/shop/*", reason: made by an operator, until: 2027-01-31 }
        """
        .formatted(
            Configuration.VERSION,
            plugin(input),
            nodePorts(input),
            namespaces(input),
            environments(input));
  }

  private static String plugin(Inventory input) {
    SortedSet<String> plugins =
        Stream.concat(
                input.unknown().stream().map(resource -> resource.group()),
                input.workloads().stream()
                    .filter(workload -> workload.kind().equals("DaemonSet"))
                    .map(Member::name))
            .map(TRACES::get)
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(TreeSet::new));
    return switch (plugins.size()) {
      case 0 -> "  # cni: calico\n";
      case 1 -> "  cni: " + plugins.first() + "\n";
      default -> "  # cni: one of these, of which the input has traces: " + list(plugins) + "\n";
    };
  }

  private static String nodePorts(Inventory input) {
    PortRange range = Settings.DEFAULT.nodePorts();
    SortedSet<Integer> outside =
        input.services().stream()
            .flatMap(service -> service.ports().stream())
            .map(V1ServicePort::getNodePort)
            .filter(Objects::nonNull)
            .filter(port -> port != 0 && !range.contains(port))
            .collect(Collectors.toCollection(TreeSet::new));
    String found = outside.isEmpty() ? "" : " # the input has " + list(outside) + " outside of it";
    return "  # nodePortRange: " + range + found + "\n";
  }

  /** The namespaces that the input puts objects into, and does not define. */
  private static String namespaces(Inventory input) {
    Set<String> missing = new TreeSet<>();
    Stream.of(input.workloads(), input.services(), input.policies())
        .flatMap(Collection::stream)
        .filter(Member::namespaceIsWritten)
        .map(Member::namespace)
        .forEach(missing::add);
    missing.removeAll(input.namespaces().keySet());
    if (missing.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("# Namespaces that the input does not define; tell ");
    text.append("their labels where policies select by them:\n# assume:\n#   namespaces:\n");
    missing.forEach(
        name -> text.append("#     - { name: ").append(name).append(", labels: {} }\n"));
    return text.append('\n').toString();
  }

  /** The label by which namespaces of the input seem to tell that they are production. */
  private static String environments(Inventory input) {
    SortedSet<String> keys = new TreeSet<>();
    for (Map<String, String> labels : input.namespaces().values()) {
      labels.forEach(
          (key, value) -> {
            if (Environments.PRODUCTION.contains(value) && !key.equals(World.NAMESPACE_NAME)) {
              keys.add(key);
            }
          });
    }
    return keys.isEmpty()
        ? ""
        : "# The label that tells the environment of namespaces, so that ways from others into\n"
            + "# production are found (KP210):\n# labels: { env: { key: "
            + keys.first()
            + " } }\n";
  }

  private static String list(Collection<?> items) {
    return List.copyOf(items).stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
