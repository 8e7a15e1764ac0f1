package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients send traffic to instead of to a pod: a port of a Service, or a way from the outside
 * that leads to one. Policies never see it: what they judge is the flow to the pod behind it.
 *
 * @param object the Service, or the Ingress, route or ExternalName in front of it
 * @param service the Service whose endpoints get the traffic
 * @param port what the client connects to: the port of the Service, or of the node; 0 where the API
 *     server or a controller chooses
 * @param servicePort the port of the Service that it leads to, the same but for a node port
 * @param targets where it arrives; pods of which nobody knows the port are left out
 * @param gaps what keeps it from being known to lead there
 */
public record Front(
    Member object,
    Service service,
    Way way,
    Protocol protocol,
    int port,
    int servicePort,
    List<Target> targets,
    List<Gap> gaps) {

  public Front {
    targets = List.copyOf(targets);
    gaps = List.copyOf(gaps);
  }

  Front(
      Member object,
      Service service,
      Way way,
      Protocol protocol,
      int port,
      int servicePort,
      List<Target> targets) {
    this(object, service, way, protocol, port, servicePort, targets, List.of());
  }

  /** The same front, leading elsewhere. */
  public Front with(List<Target> others) {
    return new Front(object, service, way, protocol, port, servicePort, others, gaps);
  }

  /**
   * Some pods, and the port that the traffic has when it arrives there; addresses outside of the
   * cluster where somebody lists these as endpoints.
   */
  public record Target(int port, List<Endpoint> ends) {
    public Target {
      ends = List.copyOf(ends);
    }
  }

  /** Who may use a front, and whom the policies see. */
  public sealed interface Way {
    /**
     * Pods and nodes, by the name or the address of the Service, also where a mesh sends them
     * elsewhere; seen as themselves.
     *
     * @param namespace that of the clients; empty for any
     */
    record Inside(String namespace) implements Way {
      /** Whether somebody inside is one of the clients. */
      public boolean isFor(Endpoint client) {
        return namespace.isEmpty()
            || client.asPod().filter(pod -> pod.namespace().equals(namespace)).isPresent();
      }
    }

    /**
     * Addresses outside of the cluster.
     *
     * @param by {@code load balancer}, {@code node port} or {@code external address}
     * @param ranges the clients that are let in; every address when empty
     * @param asNode whether policies see the address of a node instead of the client's
     */
    record Outside(String by, List<Cidr> ranges, boolean asNode) implements Way {
      public Outside {
        ranges = List.copyOf(ranges);
      }
    }

    /**
     * What a controller forwards; policies see its pods.
     *
     * @param pods those of the input; when empty, any pod that the input does not show may be one
     */
    record Controller(List<Endpoint> pods) implements Way {
      public Controller {
        pods = List.copyOf(pods);
      }
    }
  }

  /** The flows of those who may use it themselves, whatever they are to; none of a controller. */
  public Traffic users() {
    if (way instanceof Way.Outside outside) {
      List<Traffic> ranges = new ArrayList<>();
      outside.ranges().forEach(range -> ranges.add(new Traffic.InBlock(End.FROM, range)));
      Traffic clients = new Traffic.IsOutside(End.FROM);
      return ranges.isEmpty() ? clients : clients.and(Traffic.anyOf(ranges));
    }
    if (way instanceof Way.Inside inside) {
      return inside.namespace().isEmpty()
          ? new Traffic.Not(new Traffic.IsOutside(End.FROM))
          : new Traffic.InNamespace(End.FROM, inside.namespace());
    }
    return Traffic.none();
  }

  /** Whether policies see a node in place of the client. */
  public boolean hidesClients() {
    return way instanceof Way.Outside outside && outside.asNode();
  }

  /** Whom policies see where clients are hidden: a node of the cluster, whichever it is. */
  public Host node() {
    return Endpoints.node(service.cluster().settings().platform());
  }

  /**
   * Whom policies see when something sends to it: itself, a node or a controller; nobody where
   * there is no way for it.
   */
  public List<Endpoint> seen(Endpoint from) {
    if (way instanceof Way.Controller controller) {
      return controller.pods();
    }
    if (!FlowEvaluator.contains(users(), new Flow(from, from, protocol, 1))) {
      return List.of();
    }
    return List.of(hidesClients() ? node() : from);
  }

  /** The flows that policies see when something sends to it; none where there is no way for it. */
  public List<Flow> flows(Endpoint from) {
    List<Flow> flows = new ArrayList<>();
    for (Target target : targets) {
      for (Endpoint source : seen(from)) {
        target.ends().forEach(end -> flows.add(new Flow(source, end, protocol, target.port())));
      }
    }
    return flows;
  }

  /**
   * {@code Service shop/web 80/TCP}, {@code node port 30080/TCP of Service shop/web}, {@code
   * Ingress shop/web (Service shop/web 80/TCP)}, {@code Service shop/db (Service data/db
   * 5432/TCP)}.
   */
  @Override
  public String toString() {
    String number = port == 0 ? "" : " " + port + "/" + protocol;
    if (way instanceof Way.Outside outside) {
      return outside.by() + number + " of " + service;
    }
    return object == service ? service + number : object + " (" + service + number + ")";
  }
}
