package io.github.kubeproof.core.intent;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Fronts;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says as {@link Traffic} which flows an intent speaks of, in a cluster of some manifests. */
public final class IntentFlows {

  private final Inventory inventory;
  private final WaysToServices ways;

  private IntentFlows(Inventory inventory, WaysToServices ways) {
    this.inventory = inventory;
    this.ways = ways;
  }

  public static IntentFlows of(Inventory inventory, Population population) {
    return new IntentFlows(inventory, new WaysToServices(Fronts.of(inventory, population)));
  }

  /**
   * The flows that an intent speaks of, as policies see them. Those to a Service arrive at its
   * pods, on the ports that it forwards to, by the ways that there are for whoever sends; what is
   * denied to a headless one is denied on every port, and what is allowed on ports that it does not
   * declare is allowed on these. What a pod sends to itself is none of them.
   *
   * @throws UserError when the input has no such workload or Service, or the Service has no such
   *     port: then nothing would be proved about what was meant
   */
  public Traffic flows(Intent intent) {
    Traffic from = at(End.FROM, intent.from(), intent);
    Traffic asked =
        intent.to() instanceof Party.Service
            ? ways.flows(from, intent)
            : arriving(from, at(End.TO, intent.to(), intent).and(on(intent.ports())), intent);
    return asked.without(toItself(from));
  }

  /**
   * What controllers forward to those that an intent denies to clients outside of the cluster, by
   * the Ingress or the route that they do it for: policies see the pods of a controller then, so
   * the intent does not speak of it. None for other intents.
   */
  public Map<String, Traffic> forwarded(Intent intent) {
    boolean mayBeMissed =
        intent.kind() == Intent.Kind.DENY
            && intent.from().isOutside()
            && !(intent.to() instanceof Party.Service);
    Map<String, Traffic> forwarded = new LinkedHashMap<>();
    if (mayBeMissed) {
      Traffic to = at(End.TO, intent.to(), intent).and(on(intent.ports()));
      ways.forwarded().forEach((object, flows) -> forwarded.put(object, flows.and(to)));
    }
    return forwarded;
  }

  /** What is denied to clients is denied to the nodes behind which Services hide them, too. */
  private Traffic arriving(Traffic from, Traffic to, Intent intent) {
    boolean mayHide = intent.kind() == Intent.Kind.DENY && intent.from().isOutside();
    Traffic senders = mayHide ? Traffic.anyOf(from, ways.hiding(from)) : from;
    return senders.and(to);
  }

  /**
   * What those of an intent would send for whom there is no way to the Service that it names: not
   * one of them gets there, whatever policies say. No flow where it names none.
   */
  public Traffic withoutWay(Intent intent) {
    if (!(intent.to() instanceof Party.Service)) {
      return Traffic.none();
    }
    Traffic from = at(End.FROM, intent.from(), intent);
    return ways.missing(from, intent).without(toItself(from));
  }

  /** The ways from outside of the cluster to the Service that an intent names, in words. */
  public String waysIn(Intent intent) {
    return ways.in((Party.Service) intent.to());
  }

  /** Where the Service was written that an intent is to; empty where it is to none. */
  public Optional<Place> service(Intent intent) {
    return intent.to() instanceof Party.Service service
        ? Optional.of(ways.place(service))
        : Optional.empty();
  }

  /** Of a pod, and of one pod on the network of its node, which policies take for a node. */
  private Traffic toItself(Traffic from) {
    List<Traffic> same = new ArrayList<>(List.of(new Traffic.ToItself()));
    for (Workload workload : inventory.workloads()) {
      if (workload.onHostNetwork() && workload.isOnePod()) {
        Endpoint host = Population.any(workload, inventory);
        if (FlowEvaluator.contains(from, new Flow(host, host, Protocol.TCP, 1))) {
          same.add(new Traffic.IsThis(End.FROM, host).and(new Traffic.IsThis(End.TO, host)));
        }
      }
    }
    return Traffic.anyOf(same);
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

  private Traffic at(End end, Party party, Intent intent) {
    if (party instanceof Party.Pods pods) {
      return pods(end, pods, intent);
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
    return ways.behind(end, (Party.Service) party);
  }

  /** No policy selects pods on the network of their nodes, so those of the input are named. */
  private Traffic pods(End end, Party.Pods party, Intent intent) {
    List<Traffic> any = new ArrayList<>();
    any.add(
        new Traffic.NamespaceLabels(end, party.namespaces())
            .and(new Traffic.PodLabels(end, party.pods())));
    for (Workload workload : inventory.workloads()) {
      if (workload.onHostNetwork()
          && workload.mayMatch(party.pods())
          && mayBePicked(workload.namespace(), party.namespaces(), intent)) {
        any.add(new Traffic.IsThis(end, Population.any(workload, inventory)));
      }
    }
    return Traffic.anyOf(any);
  }

  /** Of a namespace that nobody defines only the name is known. */
  private boolean mayBePicked(String namespace, Selector selector, Intent intent) {
    Optional<Map<String, String>> labels = namespaceLabels(intent, namespace);
    return selector.requirements().stream()
        .filter(one -> labels.isPresent() || one.key().equals(World.NAMESPACE_NAME))
        .allMatch(one -> one.matches(labels.orElse(Map.of(World.NAMESPACE_NAME, namespace))));
  }

  private Workload required(Party.Workload party) {
    String wanted = party.kind() + "/" + party.namespace() + "/" + party.name();
    List<String> names = new ArrayList<>();
    for (Workload workload : inventory.workloads()) {
      String name = name(workload, inventory.nameOf(workload));
      if (name.equals(wanted)) {
        return workload;
      }
      names.add(name);
    }
    throw new UserError("no such workload: " + wanted + Spelling.hint(wanted, names));
  }

  /** What is assumed has the kind in its name: it counts as a pod {@code Redis/cache}. */
  private static String name(Workload workload, String own) {
    String called = own.contains("/") ? own : workload.kind() + "/" + own;
    return called.replaceFirst("/", "/" + workload.namespace() + "/");
  }

  /** The flows to some ports. */
  static Traffic on(Intent.Ports ports) {
    List<Traffic> any = new ArrayList<>();
    for (Protocol protocol : ports.protocols()) {
      any.add(new Traffic.Ports(protocol, ports.range().first(), ports.range().last()));
    }
    return Traffic.anyOf(any);
  }
}
