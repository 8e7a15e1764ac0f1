package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.ListedEndpoints;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Route;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Settings.Platform;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Front.Target;
import io.github.kubeproof.core.traffic.Front.Way;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fronts of an inventory: its Services, and what leads to them from the outside.
 *
 * @see "k8s.io/api core/v1 types.go: ServiceSpec, ServicePort; networking/v1 IngressSpec"
 */
public final class Fronts {

  private static final Way INSIDE = new Way.Inside("");

  private final Inventory inventory;
  private final Population population;
  private final Routing routing;
  private final Map<Label, List<Workload>> workloads = new HashMap<>();
  private final Map<String, Service> services = new HashMap<>();
  private final Map<String, List<ListedEndpoints>> listed = new HashMap<>();
  private final Map<Address, Endpoint> byAddress = new HashMap<>();
  private final IdentityHashMap<Service, Map<Workload, List<Endpoint>>> backends =
      new IdentityHashMap<>();
  private final List<Front> all = new ArrayList<>();
  private final Map<String, List<Front>> byName = new LinkedHashMap<>();
  private final Map<String, String> idle = new LinkedHashMap<>();

  private final Map<String, Headless> headless = new HashMap<>();

  private record Label(String namespace, String key, String value) {}

  /**
   * What DNS answers with the addresses of pods for: whoever asks may then call every port of them.
   *
   * @param object the Service, or an ExternalName of it
   * @param declared those of the ports that it declares
   */
  public record Headless(
      Member object, Service service, List<Front> declared, List<Endpoint> ends) {
    public Headless {
      declared = List.copyOf(declared);
      ends = List.copyOf(ends);
    }

    /** What leads to a port, also to one that it does not declare. */
    private List<Front> at(Protocol protocol, int port) {
      List<Front> fronts = new ArrayList<>(declared);
      if (fronts.stream()
          .noneMatch(front -> front.protocol() == protocol && front.port() == port)) {
        List<Target> targets = List.of(new Target(port, ends));
        fronts.add(new Front(object, service, INSIDE, protocol, port, port, targets));
      }
      return fronts;
    }
  }

  private Fronts(Inventory inventory, Population population) {
    this.inventory = inventory;
    this.population = population;
    this.routing = new Routing(inventory, population);
    for (Workload workload : inventory.workloads()) {
      workload
          .labels()
          .forEach(
              (key, value) ->
                  workloads
                      .computeIfAbsent(
                          new Label(workload.namespace(), key, value), l -> new ArrayList<>())
                      .add(workload));
    }
    for (Service service : inventory.services()) {
      services.put(service.qualifiedName(), service);
    }
    for (ListedEndpoints some : inventory.endpoints()) {
      listed
          .computeIfAbsent(some.namespace() + "/" + some.service(), s -> new ArrayList<>())
          .add(some);
    }
    for (Endpoint endpoint : population.endpoints()) {
      endpoint.addresses().forEach(address -> byAddress.putIfAbsent(address, endpoint));
    }
    inventory.services().stream().filter(one -> !one.isExternalName()).forEach(this::add);
    inventory.services().stream().filter(Service::isExternalName).forEach(this::addOtherName);
    inventory.routes().forEach(this::add);
  }

  public static Fronts of(Inventory inventory, Population population) {
    return new Fronts(inventory, population);
  }

  /** Those that lead to some end; Services first, in the order of the input. */
  public List<Front> all() {
    return Collections.unmodifiableList(all);
  }

  /** The end that a name stands for, when it stands for one and not for a front. */
  public Optional<Endpoint> end(String name) {
    return population.find(name);
  }

  /** The ends that a name stands for: several where what it names is known to run several pods. */
  public List<Endpoint> ends(String name) {
    return population.findAll(name);
  }

  /**
   * What leads to some end under a name: {@code namespace/Service/name}, {@code
   * Ingress/namespace/name}.
   *
   * @throws UserError when it leads nowhere, or when nothing has that name
   */
  public List<Front> required(String name) {
    List<Front> fronts = byName.get(name);
    Optional<String> whyNone = population.whyNone(name);
    if (fronts == null && whyNone.isPresent()) {
      throw new UserError(whyNone.get());
    }
    if (fronts == null) {
      Set<String> known = new HashSet<>(population.names());
      known.addAll(byName.keySet());
      throw new UserError(
          "no such pod, workload, Service or address: " + name + Spelling.hint(name, known));
    }
    if (fronts.isEmpty() && headless.containsKey(name)) {
      throw new UserError(name + " declares no port: name one, or its pods");
    }
    if (fronts.isEmpty()) {
      throw new UserError(name + " leads to no pod: " + idle.get(name));
    }
    return Collections.unmodifiableList(fronts);
  }

  /**
   * The same for whoever calls a port: the name of a headless Service leads to every port of its
   * pods.
   *
   * @throws UserError when it leads nowhere, or when nothing has that name
   */
  public List<Front> required(String name, Protocol protocol, int port) {
    return headless(name).map(found -> found.at(protocol, port)).orElseGet(() -> required(name));
  }

  /**
   * That a port of a Service leads to no pod, and why, as a sentence; empty where it leads to some,
   * and where the Service does not declare it.
   */
  public Optional<String> whyNone(Member object, Protocol protocol, int port) {
    if (!(object instanceof Service service) || service.isExternalName()) {
      return Optional.empty();
    }
    return service.ports().stream()
        .filter(one -> Integer.valueOf(port).equals(one.getPort()))
        .filter(one -> Protocol.of(one.getProtocol()).equals(Optional.of(protocol)))
        .filter(one -> targets(service, one, service.isHeadless()).isEmpty())
        .findFirst()
        .map(
            one ->
                service
                    + " leads to no pod on "
                    + port
                    + "/"
                    + protocol
                    + ": "
                    + whyNone(service, one));
  }

  private String whyNone(Service service, V1ServicePort port) {
    IntOrString target = Service.target(port);
    return service.selector().isPresent() && target != null && !target.isInteger()
        ? "none of its pods has a port named %s for %s"
            .formatted(target.getStrValue(), Protocol.of(port.getProtocol()).orElseThrow())
        : whyIdle(service);
  }

  /** The headless Service that a name stands for; empty when it leads to no pod, too. */
  public Optional<Headless> headless(String name) {
    return Optional.ofNullable(headless.get(name));
  }

  private void add(Service service) {
    List<Front> fronts = new ArrayList<>();
    for (V1ServicePort port : service.ports()) {
      Optional<Protocol> protocol = Protocol.of(port.getProtocol());
      if (protocol.isPresent() && port.getPort() != null) {
        List<Target> targets = targets(service, port, service.isHeadless());
        int own = port.getPort();
        fronts.add(new Front(service, service, INSIDE, protocol.get(), own, own, targets));
        for (Way.Outside way : waysIn(service)) {
          boolean byNode = way.by().equals("node port");
          int number = byNode ? numberOrZero(port.getNodePort()) : own;
          fronts.add(
              new Front(
                  service,
                  service,
                  way,
                  protocol.get(),
                  number,
                  own,
                  way.asNode() ? targets : localTargets(service, port)));
        }
      }
    }
    name(service, fronts, whyIdle(service));
    addHeadless(service, service, fronts);
  }

  private void addHeadless(Service object, Service service, List<Front> declared) {
    Set<Endpoint> ends = new LinkedHashSet<>();
    if (service.isHeadless()) {
      backendsOf(service).values().forEach(ends::addAll);
      for (ListedEndpoints some : listedFor(service)) {
        ends.addAll(ends(some, service.cluster().settings().platform()));
      }
    }
    if (!ends.isEmpty()) {
      Headless found = new Headless(object, service, declared, List.copyOf(ends));
      names(object).forEach(name -> headless.put(name, found));
    }
  }

  /** The Service itself, or the one that an ExternalName leads to; empty for another name. */
  private Optional<Service> meant(Service service) {
    Set<Service> met = Collections.newSetFromMap(new IdentityHashMap<>());
    Service at = service;
    while (at != null && at.isExternalName()) {
      at = met.add(at) ? at.otherName().map(services::get).orElse(null) : null;
    }
    return Optional.ofNullable(at);
  }

  /** Whoever uses it asks DNS, and then is a client of the other Service, at its ports. */
  private void addOtherName(Service service) {
    List<Front> fronts = new ArrayList<>();
    Service at = meant(service).orElse(null);
    if (at != null) {
      for (Front front : byName.getOrDefault("Service/" + at.qualifiedName(), List.of())) {
        if (front.way() instanceof Way.Inside) {
          int own = front.port();
          fronts.add(new Front(service, at, INSIDE, front.protocol(), own, own, front.targets()));
        }
      }
    }
    name(service, fronts, "it is another name of " + service.spec().getExternalName());
    if (at != null) {
      addHeadless(service, at, fronts);
    }
  }

  /**
   * @param whyIdle why there is none, if there is none
   */
  private void name(Member object, List<Front> fronts, String whyIdle) {
    fronts.removeIf(front -> front.targets().isEmpty());
    all.addAll(fronts);
    for (String name : names(object)) {
      byName.put(name, fronts);
      if (fronts.isEmpty()) {
        idle.put(name, whyIdle);
      }
    }
  }

  private static List<String> names(Member object) {
    String kind = object.resource().kind();
    return List.of(
        kind + "/" + object.qualifiedName(), object.namespace() + "/" + kind + "/" + object.name());
  }

  private String whyIdle(Service service) {
    if (service.cluster().world().isAssumed(service)) {
      return "it is assumed to exist, and nothing is known of what is behind it";
    }
    if (service.selector().isPresent()) {
      return backendsOf(service).isEmpty()
          ? whyNone(service, service.selector().get())
          : "it has no port that one of its pods has";
    }
    return listed.containsKey(service.qualifiedName())
        ? "none of the endpoints that are listed for it is ready, has one of its ports and is known"
        : "it has no selector, and the input lists no endpoints for it";
  }

  private String whyNone(Service service, Selector selector) {
    return candidates(service, selector).stream()
        .filter(workload -> workload.mayMatch(selector))
        .flatMap(workload -> workload.whyNoPods().map(why -> workload + " " + why).stream())
        .findFirst()
        .orElse("its selector picks no pod of the input");
  }

  private static int numberOrZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  /** The pods that a Service picks. */
  private Map<Workload, List<Endpoint>> backendsOf(Service service) {
    return backends.computeIfAbsent(service, this::pick);
  }

  private Map<Workload, List<Endpoint>> pick(Service service) {
    Map<Workload, List<Endpoint>> picked = new LinkedHashMap<>();
    Optional<Selector> selector = service.selector();
    for (Workload workload : selector.map(s -> candidates(service, s)).orElse(List.of())) {
      if (workload.mayMatch(selector.orElseThrow())) {
        // of pods that are known to run, one may have a label that others lack
        List<Endpoint> pods =
            population.of(workload).stream()
                .filter(pod -> isPicked(pod, selector.orElseThrow()))
                .toList();
        if (!pods.isEmpty()) {
          picked.put(workload, pods);
        }
      }
    }
    return picked;
  }

  /** The workloads with one of the labels asked for: the fewest; all where controllers make it. */
  private List<Workload> candidates(Service service, Selector selector) {
    List<Workload> fewest = null;
    for (Map.Entry<String, String> label : selector.equalities().entrySet()) {
      List<Workload> having =
          workloads.getOrDefault(
              new Label(service.namespace(), label.getKey(), label.getValue()), List.of());
      if (!Workload.isMadeByControllers(label.getKey())
          && (fewest == null || having.size() < fewest.size())) {
        fewest = having;
      }
    }
    return fewest != null
        ? fewest
        : inventory.workloads().stream()
            .filter(workload -> workload.namespace().equals(service.namespace()))
            .toList();
  }

  private static boolean isPicked(Endpoint endpoint, Selector selector) {
    return !(endpoint instanceof Pod pod)
        || pod.replica() != Pod.ONLY
        || selector.matches(pod.labels());
  }

  /**
   * Where traffic for a port arrives: on the pods of the Service, and on what is listed for it.
   *
   * @param untranslated whether it keeps its port: DNS answers with the pods of a headless Service,
   *     and nobody stands between
   */
  private List<Target> targets(Service service, V1ServicePort port, boolean untranslated) {
    Map<Integer, List<Endpoint>> byPort = new TreeMap<>();
    addPods(service, port, untranslated, byPort);
    for (ListedEndpoints some : listedFor(service)) {
      for (int number : numbers(some, port, untranslated)) {
        List<Endpoint> there = byPort.computeIfAbsent(number, n -> new ArrayList<>());
        for (Endpoint end : ends(some, service.cluster().settings().platform())) {
          if (!there.contains(end)) {
            there.add(end);
          }
        }
      }
    }
    return targets(byPort);
  }

  /** The endpoints by hand that count. */
  private List<ListedEndpoints> listedFor(Service service) {
    return listed.getOrDefault(service.qualifiedName(), List.of()).stream()
        .filter(some -> service.selector().isEmpty() || some.besidePods())
        .toList();
  }

  private static List<Integer> numbers(
      ListedEndpoints some, V1ServicePort port, boolean untranslated) {
    if (untranslated && port.getPort() != null) {
      return List.of(port.getPort());
    }
    String name = port.getName() == null ? "" : port.getName();
    return Protocol.of(port.getProtocol())
        .map(protocol -> some.numbers(name, protocol))
        .orElse(List.of());
  }

  private void addPods(
      Service service,
      V1ServicePort port,
      boolean untranslated,
      Map<Integer, List<Endpoint>> byPort) {
    backendsOf(service)
        .forEach(
            (workload, pods) -> {
              Optional<Integer> number =
                  untranslated
                      ? Optional.ofNullable(port.getPort())
                      : Service.targetOn(workload, port);
              number.ifPresent(n -> byPort.computeIfAbsent(n, p -> new ArrayList<>()).addAll(pods));
            });
  }

  private static List<Target> targets(Map<Integer, List<Endpoint>> byPort) {
    return byPort.entrySet().stream()
        .filter(there -> !there.getValue().isEmpty())
        .map(there -> new Target(there.getKey(), there.getValue()))
        .toList();
  }

  /** Those on the node that traffic comes to: what is listed by hand is local to no node. */
  private List<Target> localTargets(Service service, V1ServicePort port) {
    Map<Integer, List<Endpoint>> byPort = new TreeMap<>();
    addPods(service, port, service.isHeadless(), byPort);
    return targets(byPort);
  }

  /** Pods that are known by their addresses, and what is outside of the cluster. */
  private List<Endpoint> ends(ListedEndpoints some, Platform platform) {
    List<Endpoint> ends = new ArrayList<>();
    for (String written : some.addresses()) {
      Optional<Address> address = Address.parse(written);
      Optional<Endpoint> known = address.map(byAddress::get);
      known
          .or(() -> address.filter(a -> !isOfTheCluster(a, platform)).map(Outside::new))
          .ifPresent(ends::add);
    }
    return ends;
  }

  /** Of a pod that nobody knows, or of a Service, to which kube-proxy does not send. */
  private static boolean isOfTheCluster(Address address, Platform platform) {
    return Stream.of(platform.podCidrs(), platform.serviceCidrs())
        .flatMap(List::stream)
        .flatMap(block -> Cidr.parse(block).stream())
        .anyMatch(block -> block.contains(address));
  }

  /** How clients outside of the cluster get to a Service. */
  public static List<Way.Outside> waysIn(Service service) {
    // with the policy Cluster a node that forwards puts its own address in place of the client's
    boolean asNode = !"Local".equals(service.spec().getExternalTrafficPolicy());
    List<Way.Outside> ways = new ArrayList<>();
    String type = service.type();
    if (type.equals("LoadBalancer")) {
      List<Cidr> ranges = new ArrayList<>();
      for (String range : Lists.orEmpty(service.spec().getLoadBalancerSourceRanges())) {
        Cidr.parse(range.strip()).ifPresent(ranges::add);
      }
      ways.add(new Way.Outside("load balancer", ranges, asNode));
    }
    // the source ranges guard the load balancer's address alone, not the port of the nodes
    boolean hasNodePorts =
        type.equals("NodePort")
            || (type.equals("LoadBalancer")
                && !Boolean.FALSE.equals(service.spec().getAllocateLoadBalancerNodePorts()));
    if (hasNodePorts) {
      ways.add(new Way.Outside("node port", List.of(), asNode));
    }
    if (!Lists.orEmpty(service.spec().getExternalIPs()).isEmpty()) {
      ways.add(new Way.Outside("external address", List.of(), asNode));
    }
    return ways;
  }

  private void add(Route route) {
    List<Front> fronts = new ArrayList<>();
    List<Way> ways = routing.ways(route);
    String whyIdle =
        ways.isEmpty()
            ? routing.whyNotTaken(route)
            : "no Service that it names leads to a pod of the input";
    for (Way way : ways) {
      for (Backend backend : route.backends()) {
        Optional<String> refusal = routing.refusal(route, way, backend);
        if (refusal.isEmpty()) {
          addBehind(route, way, backend, fronts);
        } else {
          whyIdle = refusal.get();
        }
      }
    }
    name(route, fronts, whyIdle);
  }

  private void addBehind(Route route, Way way, Backend backend, List<Front> fronts) {
    Service named = services.get(backend.namespace() + "/" + backend.service());
    Service service = named == null ? null : behind(route, named).orElse(null);
    if (named == null || service == null) {
      return;
    }
    boolean byName = named.isExternalName();
    for (V1ServicePort port : service.ports()) {
      boolean isMeant =
          byName
              ? route.fits(port)
                  && called(route, backend, named).equals(Optional.ofNullable(port.getPort()))
              : route.names(backend, port);
      if (port.getPort() != null && isMeant) {
        // a controller sends to the endpoints, whose ports are those of the pods
        List<Target> targets = targets(service, port, byName && service.isHeadless());
        List<Gap> gaps = routing.gaps(route, way, service, backend);
        boolean isKnown =
            fronts.stream()
                .anyMatch(
                    front ->
                        front.way().equals(way)
                            && front.service().equals(service)
                            && front.port() == port.getPort());
        if (!isKnown) {
          fronts.add(
              new Front(
                  route,
                  service,
                  way,
                  route.protocol(),
                  port.getPort(),
                  port.getPort(),
                  targets,
                  gaps));
        }
      }
    }
  }

  /** Controllers of an Ingress ask DNS for an ExternalName; the Gateway API wants none to do so. */
  private Optional<Service> behind(Route route, Service named) {
    return named.isExternalName() && !route.resource().kind().equals("Ingress")
        ? Optional.empty()
        : meant(named);
  }

  /** The number that a controller calls an ExternalName at. */
  private static Optional<Integer> called(Route route, Backend backend, Service named) {
    return backend.portName().isEmpty()
        ? Optional.of(backend.portNumber())
        : named.ports().stream()
            .filter(port -> route.names(backend, port))
            .map(V1ServicePort::getPort)
            .findFirst();
  }
}
