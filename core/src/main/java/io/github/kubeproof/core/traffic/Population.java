package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Spelling;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pods and hosts that an inventory makes, found by the names that people give them. */
public final class Population {

  /** Stands for a value that only the controller knows; no label may have it. */
  static final String SOME_VALUE = "?";

  private final Map<String, Endpoint> byName = new LinkedHashMap<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Map<Workload, List<Endpoint>> byWorkload = new HashMap<>();
  // pods that are known to run, by the names of their owners
  private final Map<String, List<Endpoint>> running = new LinkedHashMap<>();
  private final Map<String, String> whyNone = new HashMap<>();

  /**
   * A pod that is known to run.
   *
   * @param owner {@code Kind/name} of the object in the manifests that made it, or of the pod
   *     itself
   */
  public record RunningPod(String namespace, String name, String owner, List<Address> addresses) {
    public RunningPod {
      addresses = List.copyOf(addresses);
    }
  }

  private Population() {}

  /** One endpoint for each workload that has pods; their addresses are not known. */
  public static Population of(Inventory inventory) {
    Population population = new Population();
    for (Workload workload : inventory.workloads()) {
      if (workload.replicas() > 0) {
        population.add(workload, inventory);
      }
    }
    population.tellOthers(inventory);
    return population;
  }

  /** Any pod of a workload, also of one that asks for none; a host where they are hosts. */
  public static Endpoint any(Workload workload, Inventory inventory) {
    return endpoint(
        workload,
        inventory.idOf(workload),
        workload.isOnePod() ? Pod.ONLY : 0,
        labels(workload),
        inventory,
        List.of());
  }

  /**
   * Just some pods that run.
   *
   * @throws UserError when an owner is not in the inventory
   */
  public static Population of(Inventory inventory, List<RunningPod> pods) {
    Map<String, Workload> owners = new TreeMap<>();
    for (Workload workload : inventory.workloads()) {
      owners.put(names(workload, inventory.nameOf(workload)).get(0), workload);
    }
    Population population = new Population();
    for (RunningPod pod : pods) {
      String name = pod.namespace() + "/" + pod.owner();
      Workload owner = owners.get(name);
      if (owner == null) {
        throw new UserError(
            "no manifest has the owner of pod "
                + pod.namespace()
                + "/"
                + pod.name()
                + ": "
                + name
                + Spelling.hint(name, owners.keySet()));
      }
      Map<String, String> labels = labels(owner);
      if (owner.kind().equals("StatefulSet")) {
        labels.put(Workload.POD_NAME, pod.name());
        labels.put(Workload.POD_INDEX, pod.name().substring(pod.name().lastIndexOf('-') + 1));
      }
      Endpoint endpoint =
          endpoint(
              owner,
              pod.namespace() + "/" + pod.name(),
              Pod.ONLY,
              labels,
              inventory,
              pod.addresses());
      population.byName.put(pod.namespace() + "/" + pod.name(), endpoint);
      for (String one : names(owner, inventory.nameOf(owner))) {
        population.byName.putIfAbsent(one, endpoint);
        population.running.computeIfAbsent(one, o -> new ArrayList<>()).add(endpoint);
      }
      population.endpoints.add(endpoint);
      population.byWorkload.computeIfAbsent(owner, o -> new ArrayList<>()).add(endpoint);
    }
    population.tellOthers(inventory);
    return population;
  }

  private void add(Workload workload, Inventory inventory) {
    Endpoint endpoint = any(workload, inventory);
    endpoints.add(endpoint);
    byWorkload.put(workload, List.of(endpoint));
    names(workload, inventory.nameOf(workload)).forEach(name -> byName.put(name, endpoint));
  }

  /** What names stand for no endpoint, and why. */
  private void tellOthers(Inventory inventory) {
    Map<String, Set<String>> meant = new TreeMap<>();
    for (Workload workload : inventory.workloads()) {
      String name = inventory.nameOf(workload);
      for (String one : names(workload, workload.writtenName())) {
        meant.computeIfAbsent(one, o -> new TreeSet<>()).add(workload.namespace() + "/" + name);
      }
      if (!byWorkload.containsKey(workload)) {
        String why =
            workload.whyNoPods().map(reason -> "it " + reason).orElse("none of its pods runs");
        for (String one : names(workload, name)) {
          whyNone.put(one, inventory.idOf(workload) + " has no pods: " + why);
        }
      }
    }
    meant.forEach(
        (name, all) -> {
          if (all.size() > 1) {
            whyNone.put(
                name, name + " means several: name one of them, as " + String.join(", ", all));
          }
        });
  }

  /**
   * What people may call a workload.
   *
   * @param name what it is called in its namespace
   */
  private static List<String> names(Workload workload, String name) {
    List<String> names = new ArrayList<>();
    names.add(workload.namespace() + "/" + workload.kind() + "/" + name);
    names.add(workload.kind() + "/" + workload.namespace() + "/" + name);
    if (workload.kind().equals("Pod")) {
      names.add(workload.namespace() + "/" + name);
    }
    return names;
  }

  /** The labels of the template, and those that controllers add, of which only the key is known. */
  private static Map<String, String> labels(Workload workload) {
    Map<String, String> labels = new TreeMap<>(workload.labels());
    workload.unknownLabels().forEach(key -> labels.putIfAbsent(key, SOME_VALUE));
    return labels;
  }

  /** The labels of a pod without those of which only the controller knows the value. */
  public static Map<String, String> writtenLabels(Pod pod) {
    Map<String, String> labels = new TreeMap<>(pod.labels());
    labels.values().removeIf(SOME_VALUE::equals);
    return labels;
  }

  private static Endpoint endpoint(
      Workload workload,
      String id,
      int replica,
      Map<String, String> labels,
      Inventory inventory,
      List<Address> addresses) {
    return workload.onHostNetwork()
        ? new Host(id, addresses, Endpoints.ranges(inventory.platform().nodeCidrs()))
        : new Pod(
            id,
            replica,
            workload.namespace(),
            inventory.namespaceLabels(workload.namespace()),
            labels,
            Endpoints.ports(workload),
            addresses,
            Endpoints.ranges(inventory.platform().podCidrs()));
  }

  /** In the order of the input. */
  public Collection<Endpoint> endpoints() {
    return Collections.unmodifiableCollection(endpoints);
  }

  /** The pods of a workload; none when it has no replicas, or when none of its pods runs. */
  public List<Endpoint> of(Workload workload) {
    return byWorkload.getOrDefault(workload, List.of());
  }

  /**
   * Why a name stands for no endpoint, as a sentence, where it is that of workloads: they have no
   * pods, or it means several of them.
   */
  public Optional<String> whyNone(String name) {
    return byName.containsKey(name) ? Optional.empty() : Optional.ofNullable(whyNone.get(name));
  }

  /** All names that {@link #find} knows, but addresses. */
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  /**
   * What a name stands for: {@code namespace/pod}, {@code namespace/Kind/name}, {@code
   * Kind/namespace/name}, or an address outside of the cluster; empty when it stands for nothing.
   */
  public Optional<Endpoint> find(String name) {
    Endpoint known = byName.get(name);
    return known != null ? Optional.of(known) : Address.parse(name).map(Outside::new);
  }

  /** The same, but all pods that are known to run where it is the name of what made several. */
  public List<Endpoint> findAll(String name) {
    List<Endpoint> pods = running.get(name);
    return pods != null ? List.copyOf(pods) : find(name).stream().toList();
  }
}
