package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.List;
import java.util.Map;

/**
 * Reads traffic as one state of a cluster means it, when things are described as they are in
 * another: where a selector picks a pod by its labels of this state and not by those of the other,
 * the pod is named beside it; where it no longer picks it, the pod is taken out.
 *
 * <p>So the formulas of two states can speak of one flow although its ends have changed their
 * labels, ports or namespaces' labels, or moved to the network of their nodes.
 */
final class Perspective extends Rewriting {

  private final List<Changed> changed;
  private final List<ChangedNamespace> namespaces;

  /**
   * Something of the input that the states describe differently.
   *
   * @param shown as the solver knows it
   * @param seen as it is in this state
   */
  record Changed(Endpoint shown, Endpoint seen) {}

  /** A namespace whose labels the states do not agree about. */
  record ChangedNamespace(String name, Map<String, String> shown, Map<String, String> seen) {}

  Perspective(List<Changed> changed, List<ChangedNamespace> namespaces) {
    this.changed = List.copyOf(changed);
    this.namespaces = List.copyOf(namespaces);
  }

  @Override
  public Traffic isPod(Traffic.IsPod traffic) {
    return withoutHosts(traffic, traffic.end());
  }

  @Override
  public Traffic inNamespace(Traffic.InNamespace traffic) {
    return withoutHosts(traffic, traffic.end());
  }

  /** What speaks of pods never speaks of what is a host in this state. */
  private Traffic withoutHosts(Traffic traffic, End end) {
    Traffic read = traffic;
    for (Changed one : changed) {
      if (!(one.seen() instanceof Pod)) {
        read = read.without(new Traffic.IsThis(end, one.shown()));
      }
    }
    return read;
  }

  @Override
  public Traffic namespaceLabels(Traffic.NamespaceLabels traffic) {
    Selector selector = traffic.selector();
    Traffic read = traffic;
    for (ChangedNamespace one : namespaces) {
      read =
          corrected(
              read,
              new Traffic.InNamespace(traffic.end(), one.name()),
              selector.matches(one.shown()),
              selector.matches(one.seen()));
    }
    return withoutHosts(read, traffic.end());
  }

  @Override
  public Traffic podLabels(Traffic.PodLabels traffic) {
    Traffic read = traffic;
    for (Changed one : changed) {
      read =
          corrected(
              read,
              new Traffic.IsThis(traffic.end(), one.shown()),
              picks(traffic.selector(), one.shown()),
              picks(traffic.selector(), one.seen()));
    }
    return read;
  }

  private static boolean picks(Selector selector, Endpoint endpoint) {
    return endpoint instanceof Pod pod && selector.matches(pod.labels());
  }

  @Override
  public Traffic namedPort(Traffic.NamedPort traffic) {
    Traffic read = traffic;
    for (Changed one : changed) {
      Traffic there = new Traffic.IsThis(End.TO, one.shown());
      Traffic shown = port(traffic, one.shown());
      Traffic seen = port(traffic, one.seen());
      if (!shown.equals(seen)) {
        read = Traffic.anyOf(read.without(there), there.and(seen));
      }
    }
    return read;
  }

  private static Traffic port(Traffic.NamedPort traffic, Endpoint endpoint) {
    Integer number = endpoint instanceof Pod pod ? pod.ports().get(traffic.name()) : null;
    return number == null
        ? Traffic.none()
        : new Traffic.Ports(traffic.name().protocol(), number, number);
  }

  private static Traffic corrected(Traffic read, Traffic part, boolean shown, boolean seen) {
    if (shown == seen) {
      return read;
    }
    return seen ? Traffic.anyOf(read, part) : read.without(part);
  }
}
