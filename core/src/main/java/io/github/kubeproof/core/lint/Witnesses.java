package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says flows and their ends in words, everywhere the same ones.
 *
 * <p>A pod of the input has an id with a slash ({@code shop/web}, {@code Deployment shop/web}). Any
 * other pod is one that the solver thought of: it is described by its labels, and its namespace by
 * name, or by labels where the name is empty.
 */
public final class Witnesses {

  private Witnesses() {}

  /** {@code 203.0.113.1 (outside the cluster) -> Deployment shop/web on port 8080/TCP}. */
  public static String sentence(Flow flow) {
    return phrase(flow.from())
        + " -> "
        + (areTwins(flow) ? "another pod of " : "")
        + phrase(flow.to())
        + " on port "
        + flow.port()
        + "/"
        + flow.protocol();
  }

  private static boolean areTwins(Flow flow) {
    if (flow.from() instanceof Host host) {
      return isOfTheInput(host.id()) && host.equals(flow.to());
    }
    return flow.from() instanceof Pod from
        && flow.to() instanceof Pod to
        && isOfTheInput(from.id())
        && from.id().equals(to.id())
        && from.replica() != to.replica();
  }

  /** One end: {@code Deployment shop/web}, {@code a pod labelled app=x in namespace dev}. */
  public static String phrase(Endpoint end) {
    if (end instanceof Outside outside) {
      return outside.address() + " (outside the cluster)";
    }
    if (end instanceof Host host) {
      return isOfTheInput(host.id()) ? host.id() + " (on its node's network)" : "a node";
    }
    Pod pod = (Pod) end;
    return isOfTheInput(pod.id()) ? pod.id() : describe(pod);
  }

  /** Whether an end stands in the input, so that its id names it. */
  public static boolean isOfTheInput(String id) {
    return id.indexOf('/') >= 0;
  }

  private static String describe(Pod pod) {
    String who = "a pod " + labelled(pod.labels());
    if (!pod.namespace().isEmpty()) {
      return who + " in namespace " + pod.namespace();
    }
    Map<String, String> labels = new TreeMap<>(pod.namespaceLabels());
    labels.remove(World.NAMESPACE_NAME);
    return who + " in a namespace " + labelled(labels);
  }

  private static String labelled(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return "without labels";
    }
    return "labelled "
        + new TreeMap<>(labels)
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(", "));
  }
}
