package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Front;
import io.github.kubeproof.core.traffic.Front.Way;
import io.github.kubeproof.core.traffic.Fronts;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says as {@link Traffic} which flows an intent speaks of, in a cluster of some manifests. */
public final class IntentFlows {

  private final Inventory inventory;
  private final Fronts fronts;

  private IntentFlows(Inventory inventory, Fronts fronts) {
    this.inventory = inventory;
    this.fronts = fronts;
  }

  public static IntentFlows of(Inventory inventory, Population population) {
    return new IntentFlows(inventory, Fronts.of(inventory, population));
  }

  /**
   * The flows that an intent speaks of. Those to a Service arrive at its pods, on the ports that it
   * forwards to; what is denied to a headless one is denied on every port, and what is allowed on
   * ports that it does not declare is allowed on these. What a pod sends to itself is none of them.
   *
   * @throws UserError when the input has no such workload or Service, or the Service has no such
   *     port: then nothing would be proved about what was meant
   */
  public Traffic flows(Intent intent) {
    Traffic to =
        intent.to() instanceof Party.Service service
            ? arriving(service, intent)
            : at(End.TO, intent.to()).and(on(intent.ports()));
    return Traffic.allOf(at(End.FROM, intent.from()), to, new Traffic.Not(new Traffic.ToItself()));
  }

  /**
   * All labels of the namespaces that somebody knows, with what an intent assumes for itself.
   *
   * @param name of a namespace; empty is returned where nobody knows its labels
   */
  public Optional<Map<String, String>> namespaceLabels(Intent intent, String name) {
    Map<String, String> assumed = intent.assume().namespaces().get(name);
    if (assumed == null) {
      return Optional.ofNullable(inventory.namespaces().get(name));
    }
    Map<String, String> labels = new HashMap<>(assumed);
    labels.put(World.NAMESPACE_NAME, name);
    return Optional.of(labels);
  }

  private Traffic at(End end, Party party) {
    if (party instanceof Party.Pods pods) {
      return Traffic.allOf(
          new Traffic.NamespaceLabels(end, pods.namespaces()),
          new Traffic.PodLabels(end, pods.pods()));
    }
    if (party instanceof Party.Workload workload) {
      return new Traffic.IsThis(end, Population.any(required(workload), inventory));
    }
    if (party instanceof Party.Block block) {
      return new Traffic.IsOutside(end).and(new Traffic.InBlock(end, block.cidr()));
    }
    if (party instanceof Party.Outside outside) {
      List<Traffic> left = new ArrayList<>();
      for (Cidr except : outside.except()) {
        left.add(new Traffic.InBlock(end, except));
      }
      return new Traffic.IsOutside(end).without(Traffic.anyOf(left));
    }
    List<Traffic> behind = new ArrayList<>();
    for (Front front : inside((Party.Service) party)) {
      for (Front.Target target : front.targets()) {
        target.ends().forEach(one -> behind.add(Endpoints.only(end, anyOf(one))));
      }
    }
    for (Endpoint one : headless((Party.Service) party)) {
      behind.add(Endpoints.only(end, anyOf(one)));
    }
    return Traffic.anyOf(behind);
  }

  /** Of pods that are alike, whichever it is. */
  private static Endpoint anyOf(Endpoint endpoint) {
    return endpoint instanceof Pod pod ? pod.withReplica(0) : endpoint;
  }

  private Workload required(Party.Workload party) {
    String wanted = party.kind() + "/" + party.namespace() + "/" + party.name();
    List<String> names = new ArrayList<>();
    for (Workload workload : inventory.workloads()) {
      String name = workload.kind() + "/" + workload.namespace() + "/" + inventory.nameOf(workload);
      if (name.equals(wanted)) {
        return workload;
      }
      names.add(name);
    }
    throw new UserError("no such workload: " + wanted + Spelling.hint(wanted, names));
  }

  private List<Front> inside(Party.Service service) {
    String name = named(service);
    return fronts
        .headless(name)
        .map(Fronts.Headless::declared)
        .orElseGet(() -> fronts.required(name))
        .stream()
        .filter(front -> front.way() instanceof Way.Inside)
        .toList();
  }

  private List<Endpoint> headless(Party.Service service) {
    return fronts.headless(named(service)).map(Fronts.Headless::ends).orElse(List.of());
  }

  private static String named(Party.Service service) {
    return "Service/" + service.namespace() + "/" + service.name();
  }

  private Traffic arriving(Party.Service service, Intent intent) {
    Intent.Ports ports = intent.ports();
    List<Traffic> arriving = new ArrayList<>();
    for (Front front : inside(service)) {
      boolean asked =
          ports.protocols().contains(front.protocol())
              && ports.range().first() <= front.port()
              && front.port() <= ports.range().last();
      for (Front.Target target : asked ? front.targets() : List.<Front.Target>of()) {
        for (Endpoint one : target.ends()) {
          arriving.add(
              Traffic.allOf(
                  Endpoints.only(End.TO, anyOf(one)),
                  new Traffic.Ports(front.protocol(), target.port(), target.port())));
        }
      }
    }
    // the name of a headless one leads to every port of its pods, also to those that it declares
    // not
    if (intent.kind() == Intent.Kind.DENY || arriving.isEmpty()) {
      for (Endpoint one : headless(service)) {
        arriving.add(Endpoints.only(End.TO, anyOf(one)).and(on(ports)));
      }
    }
    if (arriving.isEmpty()) {
      throw new UserError(service + " leads to no pod on " + ports);
    }
    return Traffic.anyOf(arriving);
  }

  private static Traffic on(Intent.Ports ports) {
    List<Traffic> any = new ArrayList<>();
    for (Protocol protocol : ports.protocols()) {
      any.add(new Traffic.Ports(protocol, ports.range().first(), ports.range().last()));
    }
    return Traffic.anyOf(any);
  }
}
