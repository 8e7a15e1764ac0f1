package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.reach.FrontDiff.Side;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Front.Way;
import io.github.kubeproof.core.traffic.Fronts;
import io.github.kubeproof.core.traffic.Population;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One side of a comparison of fronts: which there are, where they are written, who uses them. */
final class FrontSide {

  private final Side side;
  private final Population population;
  private final List<Front> fronts;
  private final Map<String, Member> objects = new LinkedHashMap<>();
  private final Map<String, List<Front>> byObject = new HashMap<>();
  private @Nullable Arrivals arrivals;

  FrontSide(Side side) {
    this.side = side;
    population = Population.of(side.inventory());
    fronts = Fronts.of(side.inventory(), population).all();
    side.inventory().services().forEach(this::know);
    side.inventory().routes().forEach(this::know);
    fronts.forEach(
        front ->
            byObject.computeIfAbsent(nameOf(front.object()), o -> new ArrayList<>()).add(front));
  }

  private void know(Member object) {
    if (!object.name().isEmpty()) {
      objects.put(nameOf(object), object);
    }
  }

  /** {@code Kind namespace/name}. */
  static String nameOf(Member object) {
    return object.resource().kind() + " " + object.qualifiedName();
  }

  List<Front> fronts() {
    return fronts;
  }

  /** The Services and routes by their names, in the order of the input. */
  Map<String, Member> objects() {
    return objects;
  }

  boolean leadsSomewhere(String object) {
    return byObject.containsKey(object);
  }

  List<Workload> workloads() {
    return side.inventory().workloads();
  }

  /** Who uses it; worked out when the first one asks. */
  Arrivals arrivals() {
    if (arrivals == null) {
      Reach reach = new Reach(population.endpoints(), side.enforcement());
      arrivals = new Arrivals(reach, side.enforcement(), side.strangers(), fronts);
    }
    return arrivals;
  }

  /** What the pods of a workload are but for its name. */
  Shape shape(Workload workload) {
    boolean isHost = workload.onHostNetwork();
    Map<PortName, Integer> ports =
        Population.any(workload, side.inventory()) instanceof Pod pod ? pod.ports() : Map.of();
    return new Shape(workload.namespace(), isHost, workload.labels(), ports);
  }

  /** What clients, Services and policies can tell of pods, whatever their workload is called. */
  record Shape(
      String namespace, boolean isHost, Map<String, String> labels, Map<PortName, Integer> ports) {}

  /** What stands on this side in the stead of a front of the other; empty for nothing. */
  Optional<Place> place(Front front) {
    return Optional.ofNullable(objects.get(nameOf(front.object())))
        .map(object -> place(front, object));
  }

  /** Where an object of this side speaks of a front; the object itself where it does not. */
  Place place(Front front, Member object) {
    Optional<Place> exact =
        object instanceof Service service
            ? placeIn(front, service)
            : object instanceof Route route ? placeIn(front, route) : Optional.empty();
    return exact.orElse(object.resource().place());
  }

  private Optional<Place> placeIn(Front front, Service service) {
    if (service.isExternalName()) {
      return Optional.of(service.cluster().at(service.spec(), "externalName"));
    }
    return offers(service, front.way())
        ? port(front, service).map(port -> service.cluster().at(port))
        : Optional.of(service.resource().place().then("spec", "type"));
  }

  private Optional<Place> placeIn(Front front, Route route) {
    List<Backend> backends =
        route.backends().stream()
            .filter(
                one ->
                    front.service().qualifiedName().equals(one.namespace() + "/" + one.service()))
            .toList();
    Optional<V1ServicePort> port = port(front, front.service());
    return backends.stream()
        .filter(backend -> port.isPresent() && route.names(backend, port.get()))
        .findFirst()
        .or(() -> backends.stream().findFirst())
        .map(Backend::place);
  }

  private Optional<V1ServicePort> port(Front front, Service service) {
    boolean byNode = front.way() instanceof Way.Outside way && way.by().equals("node port");
    if (byNode && front.port() == 0) {
      // which port it belongs to only shows by where it leads
      return byObject.getOrDefault(nameOf(service), List.of()).stream()
          .filter(one -> one.way() instanceof Way.Inside && one.protocol().equals(front.protocol()))
          .filter(one -> front.targets().containsAll(one.targets()))
          .findFirst()
          .flatMap(inside -> port(inside, service));
    }
    return service.ports().stream()
        .filter(port -> Protocol.of(port.getProtocol()).equals(Optional.of(front.protocol())))
        .filter(
            port -> {
              Integer number = byNode ? port.getNodePort() : port.getPort();
              return number != null && number == front.port();
            })
        .findFirst();
  }

  /** Whether the same is still written on this side, wherever it leads. */
  boolean isWritten(Front front) {
    Member object = objects.get(nameOf(front.object()));
    if (object instanceof Service service) {
      return service.isExternalName()
          || (offers(service, front.way()) && port(front, service).isPresent());
    }
    return object instanceof Route route && placeIn(front, route).isPresent();
  }

  private static boolean offers(Service service, Way way) {
    return !(way instanceof Way.Outside outside)
        || Fronts.waysIn(service).stream().anyMatch(one -> one.by().equals(outside.by()));
  }
}
