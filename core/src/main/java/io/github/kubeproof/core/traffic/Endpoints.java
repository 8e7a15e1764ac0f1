package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Settings.Platform;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The workloads of the input as ends of flows. */
public final class Endpoints {

  private Endpoints() {}

  /** Any pod of a workload; a host when its pods are on the network of their nodes. */
  public static Endpoint of(Workload workload) {
    return workload.once(Endpoint.class, () -> read(workload));
  }

  private static Endpoint read(Workload workload) {
    Platform platform = workload.cluster().settings().platform();
    if (workload.onHostNetwork()) {
      return new Host(workload.toString(), List.of(), ranges(platform.nodeCidrs()));
    }
    // where the input does not define the namespace, its labels are unknown: the solver finds them,
    // an answer may depend on them
    Map<String, String> namespaceLabels =
        workload.cluster().world().knownNamespaceLabels(workload.namespace());
    return new Pod(
        workload.toString(),
        0,
        workload.namespace(),
        namespaceLabels,
        workload.labels(),
        ports(workload),
        List.of(),
        ranges(platform.podCidrs()));
  }

  /** A node, whichever it is: what policies see of traffic that a node forwards. */
  public static Host node(Platform platform) {
    return new Host("any node", List.of(), ranges(platform.nodeCidrs()));
  }

  /** The flows with some node at an end; those of the input may be told apart from others. */
  static Traffic isNode(End end) {
    return new Traffic.Not(Traffic.anyOf(new Traffic.IsPod(end), new Traffic.IsOutside(end)));
  }

  /** The flows with a node at an end that has an address which nodes of a cluster may have. */
  public static Traffic isNode(End end, Platform platform) {
    List<Traffic> inRanges = new ArrayList<>();
    ranges(platform.nodeCidrs()).forEach(range -> inRanges.add(new Traffic.InBlock(end, range)));
    return inRanges.isEmpty() ? isNode(end) : isNode(end).and(Traffic.anyOf(inRanges));
  }

  /** The blocks that the user gives; what is no block is refused where it is read. */
  static List<Cidr> ranges(List<String> cidrs) {
    return cidrs.stream().flatMap(cidr -> Cidr.parse(cidr).stream()).toList();
  }

  /** What the containers of its pods declare under a name; the first one when several have it. */
  static Map<PortName, Integer> ports(Workload workload) {
    Map<PortName, Integer> ports = new LinkedHashMap<>();
    for (PodPort port : workload.ports()) {
      if (!port.name().isEmpty()) {
        ports.putIfAbsent(new PortName(port.name(), port.protocol()), port.number());
      }
    }
    return ports;
  }

  /** The flows with just this endpoint at an end. */
  public static Traffic only(End end, Endpoint endpoint) {
    return endpoint instanceof Outside outside
        ? Traffic.allOf(
            new Traffic.IsOutside(end),
            new Traffic.InBlock(end, new Cidr(outside.address(), outside.address().bits())))
        : new Traffic.IsThis(end, endpoint);
  }
}
