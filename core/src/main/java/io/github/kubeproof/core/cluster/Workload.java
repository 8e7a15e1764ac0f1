package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.manifest.Resource;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobCondition;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.openapi.models.V1ReplicationController;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something of the input that makes pods, or a pod itself; all of its pods are alike but for what
 * controllers add.
 */
public final class Workload extends Derivable implements Member {

  /** Labels that controllers put on pods with values nobody knows beforehand. */
  private static final Set<String> UNKNOWN_VALUES =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "pod-template-generation",
          "controller-uid",
          "batch.kubernetes.io/controller-uid");

  /** The name of a pod of a StatefulSet. */
  public static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

  /** The number of a pod of a StatefulSet, at the end of its name. */
  public static final String POD_INDEX = "apps.kubernetes.io/pod-index";

  /** Labels that controllers put on pods of some kinds, made of names and numbers. */
  private static final Set<String> SOME_VALUES =
      Set.of(
          POD_NAME,
          POD_INDEX,
          "batch.kubernetes.io/job-completion-index",
          "job-name",
          "batch.kubernetes.io/job-name");

  private final Resource resource;
  private final String namespace;
  private final Cluster cluster;
  private final @Nullable V1ObjectMeta podMeta;
  private final V1PodSpec podSpec;
  private final Map<String, String> labels;
  private final List<PodPort> ports;
  private final int replicas;

  private Workload(
      Resource resource,
      String namespace,
      Cluster cluster,
      @Nullable V1ObjectMeta podMeta,
      V1PodSpec podSpec,
      int replicas) {
    this.resource = resource;
    this.namespace = namespace;
    this.cluster = cluster;
    this.podMeta = podMeta;
    this.podSpec = podSpec;
    this.labels = knownLabels(resource, podMeta);
    this.ports = PodPort.of(podSpec);
    this.replicas = replicas;
  }

  /**
   * The workload that an object describes; empty for other kinds, and for templates without a pod
   * spec.
   */
  static Optional<Workload> of(Resource resource, String namespace, Cluster cluster) {
    Optional<V1Pod> pod = resource.as(V1Pod.class);
    if (pod.isPresent() && pod.get().getSpec() != null) {
      return Optional.of(
          new Workload(
              resource,
              namespace,
              cluster,
              pod.get().getMetadata(),
              pod.get().getSpec(),
              whyEnded(resource).isPresent() ? 0 : 1));
    }
    V1PodTemplateSpec template = template(resource);
    if (template == null || template.getSpec() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Workload(
            resource,
            namespace,
            cluster,
            template.getMetadata(),
            template.getSpec(),
            whyEnded(resource).isPresent() ? 0 : replicas(resource)));
  }

  /** Why it has no pods though it asks for some; empty when it has. */
  private static Optional<String> whyEnded(Resource resource) {
    Optional<V1Job> job = resource.as(V1Job.class);
    if (job.map(V1Job::getSpec)
        .filter(spec -> Boolean.TRUE.equals(spec.getSuspend()))
        .isPresent()) {
      return Optional.of("is suspended");
    }
    boolean jobEnded =
        job.map(V1Job::getStatus).stream()
            .flatMap(status -> Lists.orEmpty(status.getConditions()).stream())
            .anyMatch(Workload::isEnd);
    boolean podEnded =
        resource
            .as(V1Pod.class)
            .map(V1Pod::getStatus)
            .filter(status -> isEnd(status.getPhase()))
            .isPresent();
    return jobEnded || podEnded ? Optional.of("has ended") : Optional.empty();
  }

  private static boolean isEnd(@Nullable V1JobCondition condition) {
    return condition != null
        && ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType()))
        && "True".equals(condition.getStatus());
  }

  private static boolean isEnd(@Nullable String phase) {
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private static @Nullable V1PodTemplateSpec template(Resource resource) {
    return switch (resource.kind()) {
      case "Deployment" ->
          resource
              .as(V1Deployment.class)
              .map(V1Deployment::getSpec)
              .map(s -> s.getTemplate())
              .orElse(null);
      case "ReplicaSet" ->
          resource
              .as(V1ReplicaSet.class)
              .map(V1ReplicaSet::getSpec)
              .map(s -> s.getTemplate())
              .orElse(null);
      case "StatefulSet" ->
          resource
              .as(V1StatefulSet.class)
              .map(V1StatefulSet::getSpec)
              .map(s -> s.getTemplate())
              .orElse(null);
      case "DaemonSet" ->
          resource
              .as(V1DaemonSet.class)
              .map(V1DaemonSet::getSpec)
              .map(s -> s.getTemplate())
              .orElse(null);
      case "ReplicationController" ->
          resource
              .as(V1ReplicationController.class)
              .map(V1ReplicationController::getSpec)
              .map(s -> s.getTemplate())
              .orElse(null);
      case "Job" ->
          resource.as(V1Job.class).map(V1Job::getSpec).map(s -> s.getTemplate()).orElse(null);
      case "CronJob" ->
          resource
              .as(V1CronJob.class)
              .map(V1CronJob::getSpec)
              .map(s -> s.getJobTemplate())
              .map(t -> t.getSpec())
              .map(s -> s.getTemplate())
              .orElse(null);
      default -> VirtualMachines.launcherPods(resource).orElse(null);
    };
  }

  private static int replicas(Resource resource) {
    if (VirtualMachines.isOne(resource)) {
      return VirtualMachines.replicas(resource);
    }
    Optional<Integer> written =
        switch (resource.kind()) {
          case "Deployment" ->
              resource.as(V1Deployment.class).map(d -> d.getSpec()).map(s -> s.getReplicas());
          case "ReplicaSet" ->
              resource.as(V1ReplicaSet.class).map(d -> d.getSpec()).map(s -> s.getReplicas());
          case "StatefulSet" ->
              resource.as(V1StatefulSet.class).map(d -> d.getSpec()).map(s -> s.getReplicas());
          case "ReplicationController" ->
              resource
                  .as(V1ReplicationController.class)
                  .map(d -> d.getSpec())
                  .map(s -> s.getReplicas());
          case "Job" -> resource.as(V1Job.class).map(d -> d.getSpec()).map(s -> s.getParallelism());
          default -> Optional.empty();
        };
    return written.orElse(1);
  }

  private static Map<String, String> knownLabels(
      Resource resource, @Nullable V1ObjectMeta podMeta) {
    Map<String, String> labels = new TreeMap<>();
    if (podMeta != null && podMeta.getLabels() != null) {
      podMeta.getLabels().forEach((key, value) -> labels.put(key, value == null ? "" : value));
    }
    if (resource.kind().equals("Job") && !resource.name().isEmpty()) {
      labels.putIfAbsent("job-name", resource.name());
      labels.putIfAbsent("batch.kubernetes.io/job-name", resource.name());
    }
    VirtualMachines.launcherPods(resource)
        .ifPresent(pods -> labels.putAll(VirtualMachines.addedLabels(resource, pods)));
    return Map.copyOf(labels);
  }

  @Override
  public Resource resource() {
    return resource;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public Cluster cluster() {
    return cluster;
  }

  public String kind() {
    return resource.kind();
  }

  /**
   * The labels of its pods whose values are known: those of the template and those that controllers
   * make from names.
   */
  public Map<String, String> labels() {
    return labels;
  }

  /** The labels that all of its pods get from controllers, with values that nobody knows. */
  public Set<String> unknownLabels() {
    return switch (kind()) {
      case "Deployment" -> Set.of("pod-template-hash");
      case "StatefulSet" -> Set.of("controller-revision-hash", POD_NAME, POD_INDEX);
      case "DaemonSet" -> Set.of("controller-revision-hash", "pod-template-generation");
      case "Job" -> Set.of("controller-uid", "batch.kubernetes.io/controller-uid");
      case "CronJob" ->
          Set.of(
              "controller-uid",
              "batch.kubernetes.io/controller-uid",
              "job-name",
              "batch.kubernetes.io/job-name");
      default -> isVirtual() ? VirtualMachines.addedKeys() : Set.of();
    };
  }

  /**
   * Whether a selector matches all, some or none of its pods, for a label that a controller gives
   * them decides it, with a value that differs from pod to pod or that nobody knows.
   */
  public boolean leavesOpen(Selector selector) {
    boolean open = false;
    for (Requirement requirement : selector.requirements()) {
      String key = requirement.key();
      boolean added = !labels.containsKey(key) && unknownLabels().contains(key);
      boolean holds =
          switch (requirement.operator()) {
            case IN, NOT_IN -> {
              boolean maybe = added && mayBeMade(requirement);
              open |= maybe;
              yield maybe || requirement.matches(labels);
            }
            case EXISTS -> added || requirement.matches(labels);
            case DOES_NOT_EXIST -> !added && requirement.matches(labels);
          };
      if (!holds) {
        return false;
      }
    }
    return open;
  }

  /** Of a virtual machine as far as KubeVirt takes it over from the machine. */
  public V1PodSpec podSpec() {
    return podSpec;
  }

  /** The metadata of its pods; null when the template has none. */
  public @Nullable V1ObjectMeta podMeta() {
    return podMeta;
  }

  public List<PodPort> ports() {
    return ports;
  }

  /**
   * The number of the port with a name and protocol; the first one when several have it, as the API
   * server does.
   */
  public Optional<Integer> portNamed(String name, Protocol protocol) {
    for (PodPort port : ports) {
      if (port.name().equals(name) && port.protocol() == protocol) {
        return Optional.of(port.number());
      }
    }
    return Optional.empty();
  }

  /** How many pods are asked for; 1 where that is not said, 0 where they have ended. */
  public int replicas() {
    return replicas;
  }

  /** Why it has no pods, as the end of a sentence that begins with it; empty when it has some. */
  public Optional<String> whyNoPods() {
    if (replicas > 0) {
      return Optional.empty();
    }
    boolean isHalted = isVirtual() && VirtualMachines.isHalted(resource);
    return whyEnded(resource).or(() -> Optional.of(isHalted ? "is halted" : "is scaled to zero"));
  }

  /**
   * Whether its pods share the node's network, where no policy is enforced and no selector matches
   * them.
   */
  public boolean onHostNetwork() {
    return Boolean.TRUE.equals(podSpec.getHostNetwork());
  }

  /** Whether its pods surely match. */
  public boolean matches(Selector selector) {
    return selector.matches(labels);
  }

  /** Whether a pod of it may match, given the labels that controllers add when they create it. */
  public boolean mayMatch(Selector selector) {
    for (Requirement requirement : selector.requirements()) {
      if (!requirement.matches(labels) && !mayBeMade(requirement)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a pod may have a label that no manifest shows, because a controller adds it. */
  public static boolean isMadeByControllers(String key) {
    return UNKNOWN_VALUES.contains(key)
        || SOME_VALUES.contains(key)
        || VirtualMachines.mayBeAdded(key);
  }

  /**
   * Whether it is one pod at most: a pod itself, or one virtual machine. Of what is only assumed
   * there may be several.
   */
  public boolean isOnePod() {
    return (kind().equals("Pod") && !cluster.world().isAssumed(this))
        || (isVirtual() && VirtualMachines.isSingle(resource));
  }

  /** Whether its pods run virtual machines, whose guests may listen on any port. */
  public boolean isVirtual() {
    return VirtualMachines.isOne(resource);
  }

  private boolean mayBeMade(Requirement requirement) {
    String key = requirement.key();
    if (isVirtual()) {
      return !labels.containsKey(key) && VirtualMachines.mayBeAdded(key);
    }
    if (kind().equals("Pod")) {
      return false;
    }
    if (UNKNOWN_VALUES.contains(key)) {
      return true;
    }
    return switch (key) {
      case POD_NAME ->
          kind().equals("StatefulSet")
              && requirement.values().stream()
                  .anyMatch(value -> value.matches(Pattern.quote(resource.name()) + "-[0-9]+"));
      case POD_INDEX, "batch.kubernetes.io/job-completion-index" -> true;
      case "job-name", "batch.kubernetes.io/job-name" ->
          kind().equals("CronJob")
              && requirement.values().stream().anyMatch(value -> value.startsWith(resource.name()));
      default -> false;
    };
  }

  /** Its name; the beginning and a star where the API server makes the rest of it. */
  public String writtenName() {
    return name().isEmpty()
        ? resource
            .tree()
            .mapping("metadata")
            .flatMap(meta -> meta.string("generateName"))
            .map(start -> start + "*")
            .orElse("")
        : name();
  }

  /** {@code namespace/name}, or {@code namespace/start-of-name*}. */
  @Override
  public String qualifiedName() {
    return namespace + "/" + writtenName();
  }

  /** {@code Kind namespace/name}. */
  @Override
  public String toString() {
    return kind() + " " + qualifiedName();
  }
}
