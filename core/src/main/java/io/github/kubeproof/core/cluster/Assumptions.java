package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the user says exists in the cluster although the input does not define it.
 *
 * @param namespaces by name, each with its labels (without {@code kubernetes.io/metadata.name})
 */
public record Assumptions(
    Map<String, Map<String, String>> namespaces, List<Service> services, List<Pods> workloads) {

  /** The name of the source of what is assumed. */
  private static final String SOURCE = "<assumed>";

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
      labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
  }

  public Assumptions {
    Map<String, Map<String, String>> copy = new TreeMap<>();
    namespaces.forEach((name, labels) -> copy.put(name, Map.copyOf(labels)));
    namespaces = Collections.unmodifiableMap(copy);
    services = List.copyOf(services);
    workloads = List.copyOf(workloads);
  }

  /** The kinds of what makes the pods, as far as they are said: {@code Redis}. */
  public Set<String> kinds() {
    Set<String> kinds = new TreeSet<>();
    for (Pods pods : workloads) {
      int slash = pods.createdBy.indexOf('/');
      if (slash > 0) {
        kinds.add(pods.createdBy.substring(0, slash));
      }
    }
    return kinds;
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

  /**
   * The same as objects of the API, with what is known of them and nothing else. Pods without
   * containers are missing what the API server asks for, and so count as not understood. They are
   * called by what makes them, or else by their labels: {@code Redis/cache}, {@code app=cache}.
   */
  Manifests manifests() {
    StringBuilder yaml = new StringBuilder();
    namespaces.forEach((name, labels) -> write("Namespace", "", name, labels, yaml));
    for (Service service : services) {
      write("Service", service.namespace, service.name, Map.of(), yaml);
    }
    for (Pods pods : workloads) {
      String name =
          pods.createdBy.isEmpty()
              ? String.join(
                  ",",
                  pods.labels.entrySet().stream()
                      .map(l -> l.getKey() + "=" + l.getValue())
                      .toList())
              : pods.createdBy;
      write("Pod", pods.namespace, name, pods.labels, yaml);
    }
    Source source = new Source(SOURCE, yaml.toString());
    return Manifests.read(new YamlReader(Limits.DEFAULT).read(source).documents(), 1);
  }

  private static void write(
      String kind, String namespace, String name, Map<String, String> labels, StringBuilder yaml) {
    yaml.append("---\napiVersion: v1\nkind: ").append(kind).append("\nmetadata:\n  name: ");
    yaml.append(Fields.quoted(name)).append('\n');
    if (!namespace.isEmpty()) {
      yaml.append("  namespace: ").append(Fields.quoted(namespace)).append('\n');
    }
    yaml.append("  labels:\n");
    new TreeMap<>(labels)
        .forEach(
            (key, value) ->
                yaml.append("    ")
                    .append(Fields.quoted(key))
                    .append(": ")
                    .append(Fields.quoted(value))
                    .append('\n'));
    yaml.append("spec: {}\n");
  }
}
