package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Problem;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one unit of the input makes of a cluster: the objects that are surely deployed together.
 *
 * <p>A rule is run on every unit and speaks of the objects of that unit. What it claims to be
 * absent it looks for in the whole {@link #world()}; what it claims to collide must collide inside
 * the unit; what it claims to be blocked must be blocked in each of the {@link #alternatives}.
 */
public final class Cluster extends Derivable {

  private static final Set<String> OTHER_POLICIES =
      Set.of(
          "cilium.io/CiliumClusterwideNetworkPolicy",
          "cilium.io/CiliumNetworkPolicy",
          "crd.antrea.io/ClusterNetworkPolicy",
          "crd.antrea.io/NetworkPolicy",
          "crd.projectcalico.org/GlobalNetworkPolicy",
          "crd.projectcalico.org/NetworkPolicy",
          "policy.networking.k8s.io/AdminNetworkPolicy",
          "policy.networking.k8s.io/BaselineAdminNetworkPolicy",
          "policy.networking.k8s.io/ClusterNetworkPolicy",
          "projectcalico.org/GlobalNetworkPolicy",
          "projectcalico.org/NetworkPolicy");

  /** What can only take away from what policies allow, or gives pods further networks. */
  private static final Set<String> RESTRICTIONS =
      Set.of(
          "k8s.cni.cncf.io/NetworkAttachmentDefinition",
          "k8s.ovn.org/ClusterNetworkConnect",
          "k8s.ovn.org/EgressFirewall",
          "policy.linkerd.io/AuthorizationPolicy",
          "security.istio.io/AuthorizationPolicy");

  private final World world;
  private final String unit;
  private final Settings settings;
  private final List<Resource> resources;
  private final List<Problem> problems;
  private final Map<String, List<Resource>> resourcesByKind = new HashMap<>();
  private final List<Workload> workloads = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final List<Policy> policies = new ArrayList<>();
  private final List<TierPolicy> tierPolicies = new ArrayList<>();
  private final List<Network> networks = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();
  private final List<Resource> otherPolicies = new ArrayList<>();
  private final List<Resource> restrictions = new ArrayList<>();
  private final Set<Identity> identities = new LinkedHashSet<>();

  Cluster(
      World world,
      String unit,
      Settings settings,
      List<Resource> resources,
      List<Problem> problems) {
    this.world = world;
    this.unit = unit;
    this.settings = settings;
    this.resources = List.copyOf(resources);
    this.problems = List.copyOf(problems);
    for (Resource resource : resources) {
      add(resource);
    }
    workloads.removeAll(VirtualMachines.copies(workloads));
  }

  private void add(Resource resource) {
    resourcesByKind.computeIfAbsent(resource.kind(), k -> new ArrayList<>()).add(resource);
    String namespace = namespaceOf(resource);
    if (!resource.name().isEmpty()) {
      identities.add(Identity.of(resource, namespace));
    }
    Workload.of(resource, namespace, this).ifPresent(workloads::add);
    resource
        .as(V1Service.class)
        .ifPresent(model -> services.add(new Service(resource, model, namespace, this)));
    resource
        .as(V1NetworkPolicy.class)
        .ifPresent(model -> policies.add(new Policy(resource, model, namespace, this)));
    Routes.read(resource, namespace, this).ifPresent(routes::add);
    Network.of(resource, this).ifPresent(networks::add);
    Optional<TierPolicy> tierPolicy = TierPolicy.of(resource, this);
    if (tierPolicy.isPresent()) {
      tierPolicies.add(tierPolicy.get());
    } else if (OTHER_POLICIES.contains(resource.group() + "/" + resource.kind())) {
      otherPolicies.add(resource);
    } else if (RESTRICTIONS.contains(resource.group() + "/" + resource.kind())
        && !Network.isSecondary(resource)) {
      restrictions.add(resource);
    }
  }

  /** The name of the unit: a folder, a file, or an argument of the command line. */
  public String unit() {
    return unit;
  }

  /** Everything that may be deployed together with this unit. */
  public World world() {
    return world;
  }

  /** Those of the world, but that a unit may be closed by itself. */
  public Settings settings() {
    return settings;
  }

  /** All objects of the unit, in the order of the input. */
  public List<Resource> resources() {
    return resources;
  }

  /** The objects of a kind, of any group. */
  public List<Resource> resourcesOfKind(String kind) {
    return Collections.unmodifiableList(resourcesByKind.getOrDefault(kind, List.of()));
  }

  /** The objects of the unit that have a certain model. */
  public <T> List<Typed<T>> all(Class<T> type) {
    List<Typed<T>> found = new ArrayList<>();
    for (Resource resource : resources) {
      resource.as(type).ifPresent(model -> found.add(new Typed<>(resource, model)));
    }
    return found;
  }

  /** An object together with its model. */
  public record Typed<T>(Resource resource, T model) {}

  /** What keeps files of this unit from being read in full. */
  public List<Problem> problems() {
    return problems;
  }

  public List<Workload> workloads() {
    return Collections.unmodifiableList(workloads);
  }

  public List<Service> services() {
    return Collections.unmodifiableList(services);
  }

  public List<Policy> policies() {
    return Collections.unmodifiableList(policies);
  }

  /** The policies of the tiers before and behind NetworkPolicy. */
  public List<TierPolicy> tierPolicies() {
    return Collections.unmodifiableList(tierPolicies);
  }

  /** The primary networks that pods are on instead of the default one. */
  public List<Network> networks() {
    return Collections.unmodifiableList(networks);
  }

  /**
   * Objects that decide about traffic in ways that nothing here knows: those of network plugins and
   * of meshes, and tiers in a version that is not read.
   */
  public List<Resource> otherPolicies() {
    return Collections.unmodifiableList(otherPolicies);
  }

  /**
   * Objects that nothing here knows, and that can only block more than the policies do, or open
   * what networks keep apart.
   */
  public List<Resource> restrictions() {
    return Collections.unmodifiableList(restrictions);
  }

  public List<Route> routes() {
    return Collections.unmodifiableList(routes);
  }

  /**
   * The namespace of an object, the default one where none is written; empty for kinds without
   * namespaces.
   */
  public String namespaceOf(Resource resource) {
    if (Identity.isClusterScoped(resource)) {
      return "";
    }
    String written = resource.writtenNamespace();
    return written.isEmpty() ? settings().namespace() : written;
  }

  /** What the API server knows an object by. */
  public Identity identityOf(Resource resource) {
    return Identity.of(resource, namespaceOf(resource));
  }

  boolean isNamespaceWritten(Resource resource) {
    return !resource.writtenNamespace().isEmpty();
  }

  Set<Identity> identities() {
    return identities;
  }

  /**
   * The ways in which this unit may be deployed together with others that speak of the same
   * namespace: each is a set of units of which no two define the same object, nor lie below two
   * ways that part at a folder and lead to the same object. Just the unit itself where the
   * namespace is not certain.
   */
  public List<Alternative> alternatives(Member member) {
    boolean certain = member.namespaceIsWritten() && !member.namespace().equals("default");
    return certain
        ? world.alternatives(this, member.namespace())
        : List.of(new Alternative(List.of(this)));
  }

  /**
   * Where a model object was written.
   *
   * @param steps keys and item numbers below it: {@code cluster.at(port, "endPort")}
   */
  public Place at(Object model, Object... steps) {
    return world.origins().at(model, steps);
  }

  @Override
  public String toString() {
    return "unit " + unit;
  }
}
