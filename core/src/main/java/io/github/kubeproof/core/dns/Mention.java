package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Cluster.Typed;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Span;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvFromSource;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1EnvVarSource;
import io.kubernetes.client.openapi.models.V1Volume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host that a manifest names for a program: in an environment variable, an argument, a command or
 * a value of a ConfigMap.
 *
 * @param resource the object that it stands in
 * @param place the value that it stands in
 * @param namespace that of the pods which read it
 * @param namespaceIsWritten whether that is certain
 * @param variable the name of the environment variable, or the key of the ConfigMap; empty
 *     otherwise
 */
public record Mention(
    Resource resource,
    Cluster cluster,
    Place place,
    HostReference reference,
    String namespace,
    boolean namespaceIsWritten,
    String variable) {

  /** Those of a workload's containers, in the order written. */
  public static List<Mention> of(Workload workload) {
    Cluster cluster = workload.cluster();
    List<Mention> found = new ArrayList<>();
    for (V1Container container : containers(workload)) {
      for (V1EnvVar variable : Lists.orEmpty(container.getEnv())) {
        if (variable.getValue() != null) {
          String name = variable.getName() == null ? "" : variable.getName();
          add(workload, cluster.at(variable, "value"), variable.getValue(), name, found);
        }
      }
      addAll(workload, cluster.at(container, "command"), container.getCommand(), found);
      addAll(workload, cluster.at(container, "args"), container.getArgs(), found);
    }
    return found;
  }

  /**
   * Those that a workload's pods surely read: in their containers, and in the values of ConfigMaps
   * that they name, or in all of one that no other workload reads.
   *
   * @param configMaps {@linkplain #ofConfigMaps those} of its unit
   */
  public static List<Mention> readBy(Workload workload, List<Mention> configMaps) {
    List<Mention> found = new ArrayList<>(of(workload));
    Set<Reading> readings = configMaps.isEmpty() ? Set.of() : Reading.of(workload);
    for (Mention mention : configMaps) {
      String map = mention.resource().name();
      boolean reads =
          readings.contains(new Reading(map, mention.variable()))
              || (readings.contains(new Reading(map, Reading.ALL))
                  && workload.cluster().workloads().stream()
                      .filter(other -> other != workload)
                      .flatMap(other -> Reading.of(other).stream())
                      .noneMatch(reading -> reading.map().equals(map)));
      if (reads && mention.namespace().equals(workload.namespace())) {
        found.add(mention);
      }
    }
    return found;
  }

  /** That pods read a value of a ConfigMap. */
  private record Reading(String map, String key) {
    static final String ALL = "";

    static Set<Reading> of(Workload workload) {
      Set<Reading> readings = new HashSet<>();
      for (V1Container container : containers(workload)) {
        for (V1EnvFromSource source : Lists.orEmpty(container.getEnvFrom())) {
          if (source.getConfigMapRef() != null) {
            add(source.getConfigMapRef().getName(), ALL, readings);
          }
        }
        for (V1EnvVar variable : Lists.orEmpty(container.getEnv())) {
          V1EnvVarSource from = variable.getValueFrom();
          if (from != null && from.getConfigMapKeyRef() != null) {
            add(from.getConfigMapKeyRef().getName(), from.getConfigMapKeyRef().getKey(), readings);
          }
        }
      }
      for (V1Volume volume : Lists.orEmpty(workload.podSpec().getVolumes())) {
        if (volume.getConfigMap() != null) {
          add(volume.getConfigMap().getName(), ALL, readings);
        }
      }
      return readings;
    }

    private static void add(@Nullable String map, @Nullable String key, Set<Reading> readings) {
      if (map != null && key != null) {
        readings.add(new Reading(map, key));
      }
    }
  }

  /** The containers of a workload's pods, those that run first included. */
  public static List<V1Container> containers(Workload workload) {
    return Stream.concat(
            Lists.orEmpty(workload.podSpec().getInitContainers()).stream(),
            Lists.orEmpty(workload.podSpec().getContainers()).stream())
        .toList();
  }

  private static void addAll(
      Workload workload, Place place, @Nullable List<String> texts, List<Mention> found) {
    for (int i = 0; i < Lists.orEmpty(texts).size(); i++) {
      String text = Lists.orEmpty(texts).get(i);
      if (text != null) {
        add(workload, place.then(i), text, "", found);
      }
    }
  }

  private static void add(
      Workload workload, Place place, String text, String variable, List<Mention> found) {
    for (HostReference reference : HostReference.in(text)) {
      found.add(
          new Mention(
              workload.resource(),
              workload.cluster(),
              place,
              reference,
              workload.namespace(),
              workload.namespaceIsWritten(),
              variable));
    }
  }

  /** Those of the ConfigMaps of a unit; a Corefile speaks for itself. */
  public static List<Mention> ofConfigMaps(Cluster cluster) {
    List<Mention> found = new ArrayList<>();
    for (Typed<V1ConfigMap> map : cluster.all(V1ConfigMap.class)) {
      Resource resource = map.resource();
      for (Map.Entry<String, String> entry : Lists.orEmpty(map.model().getData()).entrySet()) {
        if (entry.getKey().equals("Corefile") || entry.getValue() == null) {
          continue;
        }
        for (HostReference reference : HostReference.in(entry.getValue())) {
          found.add(
              new Mention(
                  resource,
                  cluster,
                  resource.at("data", entry.getKey()),
                  reference,
                  cluster.namespaceOf(resource),
                  !resource.writtenNamespace().isEmpty(),
                  entry.getKey()));
        }
      }
    }
    return found;
  }

  /** Those of a unit's workloads and ConfigMaps. */
  public static List<Mention> of(Cluster cluster) {
    return cluster
        .once(
            Mentions.class,
            () -> {
              List<Mention> found = new ArrayList<>();
              cluster.workloads().forEach(workload -> found.addAll(of(workload)));
              found.addAll(ofConfigMaps(cluster));
              return new Mentions(List.copyOf(found));
            })
        .all();
  }

  private record Mentions(List<Mention> all) {}

  /** The word to look at. */
  public Span span() {
    return place.within(reference.line(), reference.column(), reference.host().length());
  }

  /** The Services of the neighbourhood that the name stands for; none where it is no Service's. */
  public List<Service> services() {
    World world = cluster.world();
    return reference
        .service(namespace, cluster.settings().domain())
        .map(name -> world.services(name.namespace(), name.name()))
        .orElse(List.of());
  }

  /** Whether it names a Service for sure: by its form, or because there is one. */
  public boolean namesService() {
    return reference.isQualified() || !services().isEmpty();
  }

  /** Whether a program calls the host, as far as the form tells: not a list of names, no image. */
  public boolean isCalled() {
    boolean isImage = variable.toUpperCase(Locale.ROOT).contains("IMAGE");
    return !isImage
        && (reference.kind() == HostReference.Kind.URL
            || (reference.kind() == HostReference.Kind.HOST_AND_PORT
                && (reference.port() >= 80 || reference.labels().size() > 1)));
  }

  /**
   * Whether it is the name of one pod of a StatefulSet: {@code db-0.db}, whatever follows.
   *
   * @param service the one that gives the pods their names
   */
  public boolean isPodOf(Workload set, String service) {
    List<String> labels = reference.labels();
    return labels.size() > 1
        && labels.get(1).equals(service)
        && labels.get(0).matches(Pattern.quote(set.name()) + "-[0-9]+");
  }

  /**
   * Whether it is the API server's Service, which every cluster has; it is often a mere name, as of
   * an issuer of tokens, and programs find the API server by their variables.
   */
  public boolean isApiServer() {
    return reference
        .service(namespace, cluster.settings().domain())
        .filter(name -> name.name().equals("kubernetes") && name.namespace().equals("default"))
        .isPresent();
  }

  /** The first one of a workload that names a Service and is called; the API server is none. */
  public static Optional<Mention> firstService(Workload workload) {
    return of(workload).stream()
        .filter(mention -> mention.isCalled() && !mention.isApiServer())
        .filter(Mention::namesService)
        .findFirst();
  }
}
