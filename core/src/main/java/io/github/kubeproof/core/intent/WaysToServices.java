package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Front.Way;
import io.github.kubeproof.core.traffic.Fronts;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How those that an intent speaks of get to a Service that it names: pods and nodes by the Service
 * itself, addresses outside of the cluster by a load balancer, a node port or an external address.
 */
final class WaysToServices {

  private static final Traffic OUTSIDE = new Traffic.IsOutside(End.FROM);

  private final Fronts fronts;

  WaysToServices(Fronts fronts) {
    this.fronts = fronts;
  }

  /** What arrives at the pods of Services by nodes that put their addresses in place of some's. */
  Traffic hiding(Traffic from) {
    return Traffic.anyOf(
        fronts.all().stream()
            .filter(Front::hidesClients)
            .map(front -> seen(from.and(front.users()), front).and(arriving(front)))
            .toList());
  }

  /** What the pods of controllers send to the pods of Services, by the objects they do it for. */
  Map<String, Traffic> forwarded() {
    Map<String, Traffic> forwarded = new LinkedHashMap<>();
    for (Front front : fronts.all()) {
      if (front.way() instanceof Way.Controller controller) {
        Traffic senders =
            controller.pods().isEmpty()
                ? new Traffic.IsPod(End.FROM)
                : ends(End.FROM, controller.pods());
        forwarded.merge(front.object().toString(), senders.and(arriving(front)), Traffic::anyOf);
      }
    }
    return forwarded;
  }

  /** What is behind a Service, at an end. */
  Traffic behind(End end, Party.Service service) {
    List<Traffic> any = new ArrayList<>(List.of(ends(end, headless(service))));
    all(service).stream()
        .filter(front -> front.way() instanceof Way.Inside)
        .forEach(front -> any.add(targets(end, front)));
    return Traffic.anyOf(any);
  }

  /** The flows of some senders that arrive, as policies see them. */
  Traffic flows(Traffic from, Intent intent) {
    List<Traffic> arriving = new ArrayList<>(List.of(from.without(OUTSIDE).and(direct(intent))));
    for (Front front : asked(intent)) {
      arriving.add(seen(from.and(front.users()), front).and(arriving(front)));
    }
    return Traffic.anyOf(arriving);
  }

  /**
   * What arrives at the pods of a headless Service: its name leads to every port of them, also to
   * those that it does not declare.
   */
  private Traffic direct(Intent intent) {
    boolean every = intent.kind() == Intent.Kind.DENY || asked(intent).isEmpty();
    return every
        ? ends(End.TO, headless((Party.Service) intent.to())).and(IntentFlows.on(intent.ports()))
        : Traffic.none();
  }

  /**
   * What senders would send for whom there is no way at some port: as there is one port for pods
   * and another for clients outside of the cluster, each sort has to get to its own.
   */
  Traffic missing(Traffic from, Intent intent) {
    List<Front> asked = asked(intent);
    List<Traffic> missing = new ArrayList<>();
    for (boolean outside : List.of(true, false)) {
      Traffic senders = from.and(outside ? OUTSIDE : new Traffic.Not(OUTSIDE));
      Map<String, List<Front>> byPort = new LinkedHashMap<>();
      for (Front front : asked) {
        if (front.way() instanceof Way.Outside == outside) {
          byPort
              .computeIfAbsent(front.port() + "/" + front.protocol(), port -> new ArrayList<>())
              .add(front);
        }
      }
      if (byPort.isEmpty() && outside) {
        missing.add(senders.and(anyOf(asked, true)));
        missing.add(senders.and(direct(intent)));
      }
      for (List<Front> there : byPort.values()) {
        missing.add(senders.without(anyOf(there, false)).and(anyOf(there, true)));
      }
    }
    return Traffic.anyOf(missing);
  }

  private static Traffic anyOf(List<Front> fronts, boolean arriving) {
    return Traffic.anyOf(
        fronts.stream().map(front -> arriving ? arriving(front) : front.users()).toList());
  }

  /**
   * {@code from outside of the cluster there is load balancer 80/TCP of Service shop/web}, and for
   * what controllers forward, whose pods are the senders then.
   */
  String in(Party.Service service) {
    List<String> ways = new ArrayList<>();
    for (Front front : all(service)) {
      if (front.way() instanceof Way.Outside way) {
        List<String> ranges = way.ranges().stream().map(Cidr::toString).toList();
        ways.add(front + (ranges.isEmpty() ? "" : " for " + String.join(", ", ranges)));
      }
    }
    Set<String> forwarding = new LinkedHashSet<>();
    for (Front front : fronts.all()) {
      if (front.way() instanceof Way.Controller
          && front.service().qualifiedName().equals(service.namespace() + "/" + service.name())) {
        forwarding.add(front.object().toString());
      }
    }
    return "from outside of the cluster there is "
        + (ways.isEmpty() ? "none" : String.join(", ", ways))
        + (forwarding.isEmpty()
            ? ""
            : "; the pods of a controller forward to it for " + String.join(", ", forwarding));
  }

  Place place(Party.Service service) {
    Member object =
        fronts
            .headless(named(service))
            .map(Fronts.Headless::object)
            .orElseGet(() -> all(service).get(0).object());
    return object.resource().place().then("spec");
  }

  private List<Front> all(Party.Service service) {
    return fronts
        .headless(named(service))
        .map(Fronts.Headless::declared)
        .orElseGet(() -> fronts.required(named(service)));
  }

  private List<Endpoint> headless(Party.Service service) {
    return fronts.headless(named(service)).map(Fronts.Headless::ends).orElse(List.of());
  }

  private static String named(Party.Service service) {
    return "Service/" + service.namespace() + "/" + service.name();
  }

  private List<Front> asked(Intent intent) {
    Party.Service service = (Party.Service) intent.to();
    List<Front> asked = all(service).stream().filter(front -> isAsked(front, intent)).toList();
    if (asked.isEmpty() && headless(service).isEmpty()) {
      throw new UserError(service + " leads to no pod on " + intent.ports());
    }
    return asked;
  }

  /**
   * What is denied is every way that leads to a port of the Service; what is allowed shall work at
   * the port itself.
   */
  private static boolean isAsked(Front front, Intent intent) {
    Intent.Ports ports = intent.ports();
    if (!ports.protocols().contains(front.protocol())) {
      return false;
    }
    boolean deny = intent.kind() == Intent.Kind.DENY;
    if (deny && ports.range().contains(front.servicePort())) {
      return true;
    }
    if (front.port() > 0) {
      return ports.range().contains(front.port());
    }
    // the API server chooses one of these
    PortRange any = front.service().cluster().settings().nodePorts();
    return deny
        ? ports.range().contains(any.first()) || any.contains(ports.range().first())
        : ports.range().contains(any.first()) && ports.range().contains(any.last());
  }

  private static Traffic seen(Traffic clients, Front front) {
    if (!front.hidesClients()) {
      return clients;
    }
    return hasAddress(clients)
        ? Endpoints.isNode(End.FROM, front.service().cluster().settings().platform())
        : Traffic.none();
  }

  /**
   * Whether some address outside of the cluster sends what is told by addresses alone: then the
   * first address of a block does, or the first behind one.
   */
  private static boolean hasAddress(Traffic clients) {
    List<Cidr> blocks = new ArrayList<>(List.of(Cidr.ALL_V4, Cidr.ALL_V6));
    addBlocks(clients, blocks);
    for (Cidr block : blocks) {
      Address next = block.last().next().orElse(block.first());
      if (sends(block.first(), clients) || sends(next, clients)) {
        return true;
      }
    }
    return false;
  }

  private static boolean sends(Address address, Traffic clients) {
    Endpoint client = new Outside(address);
    return FlowEvaluator.contains(clients, new Flow(client, client, Protocol.TCP, 1));
  }

  private static void addBlocks(Traffic traffic, List<Cidr> blocks) {
    if (traffic instanceof Traffic.AllOf all) {
      all.parts().forEach(part -> addBlocks(part, blocks));
    } else if (traffic instanceof Traffic.AnyOf any) {
      any.parts().forEach(part -> addBlocks(part, blocks));
    } else if (traffic instanceof Traffic.Not not) {
      addBlocks(not.traffic(), blocks);
    } else if (traffic instanceof Traffic.InBlock in) {
      blocks.add(in.block());
    }
  }

  private static Traffic targets(End end, Front front) {
    return Traffic.anyOf(front.targets().stream().map(target -> ends(end, target.ends())).toList());
  }

  private static Traffic ends(End end, List<Endpoint> some) {
    return Traffic.anyOf(some.stream().map(one -> Endpoints.only(end, anyOf(one))).toList());
  }

  private static Traffic arriving(Front front) {
    List<Traffic> any = new ArrayList<>();
    for (Front.Target target : front.targets()) {
      Traffic port = new Traffic.Ports(front.protocol(), target.port(), target.port());
      any.add(ends(End.TO, target.ends()).and(port));
    }
    return Traffic.anyOf(any);
  }

  /** Of pods that are alike, whichever it is. */
  private static Endpoint anyOf(Endpoint endpoint) {
    return endpoint instanceof Pod pod ? pod.withReplica(0) : endpoint;
  }
}
