package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/**
 * Who can talk to whom among known pods, hosts and all addresses outside of the cluster, exactly.
 *
 * <p>Time and memory follow the number of classes that policies tell apart, and what they say of
 * each; no pair of pods is ever looked at. Mutable: it keeps what it has worked out. Used by one
 * thread.
 */
public final class Reach {

  private final Classes classes;
  private final Plan egress;
  private final Plan ingress;
  private final Map<Integer, Row> rows = new HashMap<>();
  private final Map<RoaringBitmap, Ends> allEnds = new HashMap<>();

  /**
   * @param endpoints the pods and hosts there are; what is outside of the cluster is always there
   */
  public Reach(Collection<? extends Endpoint> endpoints, Enforcement enforcement) {
    Traffic out = enforcement.allowed(Direction.EGRESS);
    Traffic in = enforcement.allowed(Direction.INGRESS);
    Mentions mentions = new Mentions();
    mentions.read(out);
    mentions.read(in);
    classes = new Classes(List.copyOf(endpoints), mentions);
    Planner planner = new Planner(classes);
    egress = planner.plan(out);
    ingress = planner.plan(in);
  }

  /**
   * Some ends of flows, all alike in what is said of them.
   *
   * @param known pods and hosts, in their order
   * @param addresses ranges outside of the cluster; as asked for, or in their order, where none
   *     touches the next
   */
  public record Ends(List<Endpoint> known, List<AddressRange> addresses) {
    public Ends {
      known = List.copyOf(known);
      addresses = List.copyOf(addresses);
    }

    /** Some ends one by one. */
    static Ends of(Iterable<Endpoint> ends) {
      List<Endpoint> known = new ArrayList<>();
      List<AddressRange> addresses = new ArrayList<>();
      for (Endpoint endpoint : ends) {
        if (endpoint instanceof Outside outside) {
          addresses.add(new AddressRange(outside.address(), outside.address()));
        } else {
          known.add(endpoint);
        }
      }
      return new Ends(known, addresses);
    }
  }

  /** That each of some ends may open connections to each of others, on just these ports. */
  public record Connection(Ends from, Ends to, PortSet ports) {}

  /** The ports of a destination that its side lets a source use. */
  public PortSet ingress(Endpoint from, Endpoint to) {
    return side(ingress, from, to);
  }

  /** The ports of a destination that the side of a source lets it use. */
  public PortSet egress(Endpoint from, Endpoint to) {
    return side(egress, from, to);
  }

  private PortSet side(Plan plan, Endpoint from, Endpoint to) {
    return isItself(from, to)
        ? PortSet.ALL
        : plan.row(classes.numberOf(to)).from(classes.numberOf(from));
  }

  private static boolean isItself(Endpoint from, Endpoint to) {
    return from instanceof Pod source
        && to instanceof Pod target
        && source.id().equals(target.id())
        && source.replica() == target.replica();
  }

  /** The ports of a destination that a source can use. */
  public PortSet ports(Endpoint from, Endpoint to) {
    return isItself(from, to)
        ? PortSet.ALL
        : row(classes.numberOf(to)).from(classes.numberOf(from));
  }

  /**
   * The ports of a destination that a source can use, for those who ask about one pair: only what
   * can matter for it is looked at.
   */
  public static PortSet ports(Endpoint from, Endpoint to, Enforcement enforcement) {
    List<Endpoint> both = List.of(from, to);
    PortSet out =
        from.asPod()
            .map(pod -> new Reach(both, enforcement.about(pod)).egress(from, to))
            .orElse(PortSet.ALL);
    PortSet in =
        to.asPod()
            .map(pod -> new Reach(both, enforcement.about(pod)).ingress(from, to))
            .orElse(PortSet.ALL);
    return out.and(in);
  }

  /** Whether a flow between known ends gets through. */
  public boolean allows(Flow flow) {
    return ports(flow.from(), flow.to()).contains(flow.protocol(), flow.port());
  }

  private Row row(int to) {
    return rows.computeIfAbsent(to, number -> egress.row(number).and(ingress.row(number)));
  }

  /**
   * All connections, grouped: destinations that the same sources may use in the same way stand
   * together, and each pair of ends stands in one of them at most. Flows of a pod to itself, and
   * those with no pod or host of the cluster at either end, are left out.
   *
   * @param sources which sources are asked about; empty for all
   * @param destinations which destinations are asked about; empty for all
   * @return in the order of the first destination of each
   */
  public List<Connection> connections(List<Endpoint> sources, List<Endpoint> destinations) {
    Focus from = new Focus(sources);
    Focus to = new Focus(destinations);
    RoaringBitmap known = RoaringBitmap.andNot(classes.all(), classes.outside());
    Map<Row.Piece, RoaringBitmap> groups = new LinkedHashMap<>();
    to.numbers.forEach(
        (int destination) -> {
          // two ends outside of the cluster are none of our business
          RoaringBitmap counted =
              classes.isOutside(destination)
                  ? RoaringBitmap.and(from.numbers, known)
                  : from.numbers;
          for (Row.Piece piece : row(destination).pieces()) {
            RoaringBitmap asked = RoaringBitmap.and(piece.from(), counted);
            if (isAlone(destination)) {
              asked.remove(destination);
            }
            if (!asked.isEmpty()) {
              groups
                  .computeIfAbsent(new Row.Piece(asked, piece.ports()), g -> new RoaringBitmap())
                  .add(destination);
            }
          }
        });
    List<Connection> connections = new ArrayList<>();
    groups.forEach(
        (piece, set) ->
            connections.add(new Connection(from.ends(piece.from()), to.ends(set), piece.ports())));
    return connections;
  }

  /**
   * Who may use one port of some destinations; those that the same sources may use stand together.
   *
   * @param sources which sources are asked about; empty for all
   * @param outside whether the sources are addresses outside of the cluster, or what is in it
   */
  List<Connection> users(
      List<Endpoint> sources, boolean outside, List<Endpoint> pods, Protocol protocol, int port) {
    if (pods.isEmpty()) {
      return List.of();
    }
    Focus from = new Focus(sources);
    Focus to = new Focus(pods);
    RoaringBitmap counted =
        outside
            ? RoaringBitmap.and(from.numbers, classes.outside())
            : RoaringBitmap.andNot(from.numbers, classes.outside());
    Map<RoaringBitmap, RoaringBitmap> groups = new LinkedHashMap<>();
    to.numbers.forEach(
        (int destination) -> {
          RoaringBitmap users = new RoaringBitmap();
          for (Row.Piece piece : row(destination).pieces()) {
            if (piece.ports().contains(protocol, port)) {
              users.or(piece.from());
            }
          }
          users.and(counted);
          if (isAlone(destination)) {
            users.remove(destination);
          }
          if (!users.isEmpty()) {
            groups.computeIfAbsent(users, u -> new RoaringBitmap()).add(destination);
          }
        });
    PortSet ports = PortSet.of(protocol, port, port);
    List<Connection> connections = new ArrayList<>();
    groups.forEach(
        (users, set) -> connections.add(new Connection(from.ends(users), to.ends(set), ports)));
    return connections;
  }

  /** Whether a class is one pod, which has nobody but itself to talk to in it. */
  private boolean isAlone(int number) {
    return !classes.isOutside(number)
        && classes.members(number).size() == 1
        && isOnly(classes.members(number).get(0));
  }

  /** Whether an endpoint is one pod, and not any of the replicas of a workload. */
  public static boolean isOnly(Endpoint endpoint) {
    return endpoint instanceof Pod pod && pod.replica() == Pod.ONLY;
  }

  /** What is asked about at one end; of the others in its class nothing is told. */
  private final class Focus {
    private final Set<Endpoint> wanted;
    private final RoaringBitmap numbers;
    private final Map<RoaringBitmap, Ends> ends;

    Focus(List<Endpoint> wanted) {
      this.wanted = new LinkedHashSet<>(wanted);
      if (wanted.isEmpty()) {
        numbers = classes.all();
        ends = allEnds;
      } else {
        numbers = new RoaringBitmap();
        ends = new HashMap<>();
        wanted.forEach(endpoint -> numbers.add(classes.numberOf(endpoint)));
      }
    }

    /** The same object for the same ends, so that whoever prints them can name them once. */
    Ends ends(RoaringBitmap set) {
      return ends.computeIfAbsent(set, wanted.isEmpty() ? this::all : this::wantedIn);
    }

    private Ends all(RoaringBitmap set) {
      List<Endpoint> known = new ArrayList<>();
      List<AddressRange> addresses = new ArrayList<>();
      set.forEach(
          (int number) -> {
            if (classes.isOutside(number)) {
              AddressRange.append(classes.range(number), addresses);
            } else {
              known.addAll(classes.members(number));
            }
          });
      return new Ends(known, addresses);
    }

    private Ends wantedIn(RoaringBitmap set) {
      return Ends.of(
          wanted.stream().filter(endpoint -> set.contains(classes.numberOf(endpoint))).toList());
    }
  }
}
