package io.github.kubeproof.core.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the user says exists in the cluster although the input does not define it.
 *
 * @param namespaces by name, each with its labels (without {@code kubernetes.io/metadata.name})
 */
public record Assumptions(
    Map<String, Map<String, String>> namespaces, List<Service> services, List<Pods> workloads) {

  public static final Assumptions NONE = new Assumptions(Map.of(), List.of(), List.of());

  /** A Service that exists elsewhere. */
  public record Service(String namespace, String name) {

    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /**
   * Pods that exist elsewhere; nothing but their labels is known.
   *
   * @param createdBy what makes them, as the user names it; empty when not said
   */
  public record Pods(String namespace, Map<String, String> labels, String createdBy) {
    public Pods {
      labels = Map.copyOf(labels);
    }
  }

  public Assumptions {
    Map<String, Map<String, String>> copy = new TreeMap<>();
    namespaces.forEach((name, labels) -> copy.put(name, Map.copyOf(labels)));
    namespaces = Map.copyOf(copy);
    services = List.copyOf(services);
    workloads = List.copyOf(workloads);
  }

  /** These and others together; where both know a namespace, the others have the last word. */
  public Assumptions and(Assumptions others) {
    Map<String, Map<String, String>> allNamespaces = new TreeMap<>(namespaces);
    allNamespaces.putAll(others.namespaces);
    List<Service> allServices = new ArrayList<>(services);
    allServices.addAll(others.services);
    List<Pods> allWorkloads = new ArrayList<>(workloads);
    allWorkloads.addAll(others.workloads);
    return new Assumptions(allNamespaces, allServices, allWorkloads);
  }
}
