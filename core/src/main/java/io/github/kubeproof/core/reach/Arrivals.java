package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.reach.Reach.Connection;
import io.github.kubeproof.core.reach.Reach.Ends;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Front.Target;
import io.github.kubeproof.core.traffic.Front.Way;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who can use Services and what leads to them, and at which pods they arrive.
 *
 * <p>Mutable, as {@link Reach} is, and for one thread.
 */
public final class Arrivals {

  /** What forwards to pods where the input shows no controller that does. */
  public static final Pod A_CONTROLLER =
      new Pod("ingress-controller", Pod.ONLY, "", Map.of(), Map.of(), Map.of(), List.of());

  private static final Ends ANY_ADDRESS = new Ends(List.of(), AddressRange.ALL);

  private final Reach reach;
  private final Enforcement enforcement;
  private final Strangers strangers;
  private final List<Front> fronts;
  private final Ends controller = new Ends(List.of(A_CONTROLLER), List.of());
  private @Nullable Reach ofNodes;

  /** Tells whether some pod that the input does not show may open a connection. */
  public interface Strangers {
    /** Empty when nobody knows. */
    Optional<Boolean> mayReach(Endpoint pod, Protocol protocol, int port);
  }

  /**
   * That each of some ends may use a front, and where they arrive.
   *
   * @param from what the policies see: the clients themselves, a node or a controller
   * @param port the port of the pods
   * @param undecided whether nobody knows if they may
   */
  public record Arrival(Front front, Ends from, Ends to, int port, boolean undecided) {

    /**
     * The addresses outside that use it, whomever policies see; none for clients of the cluster.
     */
    List<AddressRange> addresses() {
      return front.way() instanceof Way.Outside outside && outside.asNode()
          ? within(outside.ranges())
          : from.addresses();
    }
  }

  public Arrivals(Reach reach, Enforcement enforcement, Strangers strangers, List<Front> fronts) {
    this.reach = reach;
    this.enforcement = enforcement;
    this.strangers = strangers;
    this.fronts = List.copyOf(fronts);
  }

  /**
   * Who may use a front, and where they arrive.
   *
   * @param sources whom policies see, of those asked about; empty for all
   * @param destinations the pods asked about; empty for all
   */
  public List<Arrival> at(Front front, List<Endpoint> sources, List<Endpoint> destinations) {
    List<Arrival> arrivals = new ArrayList<>();
    for (Target target : front.targets()) {
      List<Endpoint> pods =
          destinations.isEmpty()
              ? target.ends()
              : target.ends().stream().filter(destinations::contains).toList();
      if (!pods.isEmpty()) {
        arrivals.addAll(at(front, sources, pods, target.port()));
      }
    }
    return arrivals;
  }

  /** Where pods arrive that the input does not show. */
  List<Arrival> ofStrangers(Front front) {
    return front.targets().stream()
        .flatMap(target -> byStrangers(front, target.ends(), target.port()).stream())
        .toList();
  }

  private List<Arrival> at(Front front, List<Endpoint> sources, List<Endpoint> pods, int port) {
    Protocol protocol = front.protocol();
    List<Arrival> arrivals = new ArrayList<>();
    if (front.way() instanceof Way.Outside outside && !outside.asNode()) {
      for (Connection users : reach.users(sources, true, pods, protocol, port)) {
        Ends clients = within(outside.ranges(), users.from());
        if (!clients.addresses().isEmpty()) {
          arrivals.add(new Arrival(front, clients, users.to(), port, false));
        }
      }
      return arrivals;
    }
    if (front.way() instanceof Way.Controller controllers) {
      boolean known = !controllers.pods().isEmpty();
      if (!known) {
        return sources.isEmpty() ? byStrangers(front, pods, port) : List.of();
      }
      List<Endpoint> asked = new ArrayList<>(controllers.pods());
      asked.removeIf(pod -> !sources.isEmpty() && !sources.contains(pod));
      return asked.isEmpty()
          ? List.of()
          : told(front, reach.users(asked, false, pods, protocol, port), port);
    }
    if (front.way() instanceof Way.Outside) {
      return sources.isEmpty() || sources.stream().anyMatch(s -> s instanceof Endpoint.Outside)
          ? byNode(front, pods, port)
          : List.of();
    }
    List<Arrival> all = told(front, reach.users(sources, false, pods, protocol, port), port);
    return front.way() instanceof Way.Inside inside && !inside.namespace().isEmpty()
        ? all.stream().flatMap(arrival -> of(inside, arrival).stream()).toList()
        : all;
  }

  private static Optional<Arrival> of(Way.Inside inside, Arrival arrival) {
    List<Endpoint> clients = new ArrayList<>(arrival.from().known());
    clients.removeIf(client -> !inside.isFor(client));
    return clients.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Arrival(
                arrival.front(),
                new Ends(clients, List.of()),
                arrival.to(),
                arrival.port(),
                arrival.undecided()));
  }

  /** Of a node whose address decides, and is not known, nobody knows whether it gets there. */
  private List<Arrival> byNode(Front front, List<Endpoint> pods, int port) {
    List<Endpoint> node = List.of(front.node());
    List<Endpoint> doubtful = new ArrayList<>();
    List<Endpoint> others = new ArrayList<>();
    for (Endpoint pod : pods) {
      boolean asks =
          enforcement.asksForAddress(new Flow(front.node(), pod, front.protocol(), port));
      (asks ? doubtful : others).add(pod);
    }
    List<Arrival> arrivals = new ArrayList<>();
    if (!others.isEmpty()) {
      List<Connection> users = nodes().users(node, false, others, front.protocol(), port);
      arrivals.addAll(told(front, users, port));
    }
    if (!doubtful.isEmpty()) {
      arrivals.add(new Arrival(front, Ends.of(node), Ends.of(doubtful), port, true));
    }
    return arrivals;
  }

  private static List<Arrival> told(Front front, List<Connection> users, int port) {
    return users.stream()
        .map(connection -> new Arrival(front, connection.from(), connection.to(), port, false))
        .toList();
  }

  private List<Arrival> byStrangers(Front front, List<Endpoint> pods, int port) {
    List<Endpoint> open = new ArrayList<>();
    List<Endpoint> undecided = new ArrayList<>();
    for (Endpoint pod : pods) {
      Optional<Boolean> answer = strangers.mayReach(pod, front.protocol(), port);
      if (answer.isEmpty()) {
        undecided.add(pod);
      } else if (answer.get()) {
        open.add(pod);
      }
    }
    List<Arrival> arrivals = new ArrayList<>();
    if (!open.isEmpty()) {
      arrivals.add(new Arrival(front, controller, Ends.of(open), port, false));
    }
    if (!undecided.isEmpty()) {
      arrivals.add(new Arrival(front, controller, Ends.of(undecided), port, true));
    }
    return arrivals;
  }

  /** A reach of its own, so that others need not speak of nodes. */
  private Reach nodes() {
    if (ofNodes == null) {
      Set<Endpoint> ends = new LinkedHashSet<>();
      for (Front front : fronts) {
        if (front.hidesClients()) {
          ends.add(front.node());
          front.targets().forEach(target -> ends.addAll(target.ends()));
        }
      }
      ofNodes = new Reach(ends, enforcement);
    }
    return ofNodes;
  }

  /** All addresses of some blocks; every one when there are none. */
  static List<AddressRange> within(List<Cidr> blocks) {
    return within(blocks, ANY_ADDRESS).addresses();
  }

  private static Ends within(List<Cidr> blocks, Ends ends) {
    if (blocks.isEmpty()) {
      return ends;
    }
    List<AddressRange> parts = new ArrayList<>();
    for (Cidr block : blocks) {
      boolean isInAnother =
          blocks.stream().anyMatch(other -> !other.equals(block) && other.contains(block));
      if (!isInAnother) {
        ends.addresses().forEach(range -> range.in(block).ifPresent(parts::add));
      }
    }
    List<AddressRange> joined = new ArrayList<>();
    parts.stream().distinct().sorted().forEach(part -> AddressRange.append(part, joined));
    return new Ends(ends.known(), joined);
  }
}
