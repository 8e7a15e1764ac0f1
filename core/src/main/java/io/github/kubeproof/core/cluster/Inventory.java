package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.cluster.Settings.Platform;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Problem;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything of the input, taken to be deployed together: what questions about the traffic of a
 * cluster are asked of. The workloads and Services that the configuration assumes stand behind
 * those of the input.
 *
 * @param endpoints those that somebody wrote down
 * @param routes Ingresses, routes of the Gateway API and of OpenShift
 * @param gateways those that routes of the Gateway API name
 * @param grants the ReferenceGrants
 * @param networks the primary networks that pods are on instead of the default one
 * @param asking the namespaces whose pods are to be on such a network
 * @param unknown objects that have a say about traffic in ways that nothing here knows
 * @param duplicates objects that stand in the input once more; the first one counts
 * @param rivals policies among these that say something else than the first one
 * @param tierRivals such policies of tiers
 * @param problems what could not be read
 * @param platform what the user says about the cluster
 */
public record Inventory(
    List<Workload> workloads,
    List<Service> services,
    List<ListedEndpoints> endpoints,
    List<Policy> policies,
    List<TierPolicy> tierPolicies,
    List<Route> routes,
    List<Gateway> gateways,
    List<Resource> grants,
    List<Network> networks,
    List<Resource> asking,
    List<Resource> unknown,
    Map<String, Map<String, String>> namespaces,
    List<Resource> duplicates,
    List<Policy> rivals,
    List<TierPolicy> tierRivals,
    List<Problem> problems,
    int resources,
    Platform platform) {

  public Inventory {
    workloads = List.copyOf(workloads);
    services = List.copyOf(services);
    endpoints = List.copyOf(endpoints);
    policies = List.copyOf(policies);
    tierPolicies = List.copyOf(tierPolicies);
    routes = List.copyOf(routes);
    gateways = List.copyOf(gateways);
    grants = List.copyOf(grants);
    networks = List.copyOf(networks);
    asking = List.copyOf(asking);
    unknown = List.copyOf(unknown);
    namespaces = Map.copyOf(namespaces);
    duplicates = List.copyOf(duplicates);
    rivals = List.copyOf(rivals);
    tierRivals = List.copyOf(tierRivals);
    problems = List.copyOf(problems);
  }

  /** What was read, on as many threads as wanted; the result does not depend on their number. */
  public static Inventory of(Loaded loaded, Settings settings, int jobs) {
    Manifests manifests = Manifests.read(loaded.documents(), jobs);
    List<Problem> problems = new ArrayList<>(loaded.problems());
    problems.addAll(manifests.problems());
    return of(manifests, problems, settings);
  }

  /**
   * What was read.
   *
   * @param problems what could not be read
   */
  public static Inventory of(Manifests manifests, List<Problem> problems, Settings settings) {
    Gathering gathering = new Gathering();
    List<World> worlds = World.of(manifests, problems, settings.withUnits(Settings.UnitMode.ALL));
    for (World world : worlds) {
      world.clusters().forEach(gathering::add);
    }
    // behind the others: what is assumed counts where none of them defines it
    worlds.forEach(world -> world.assumed().ifPresent(gathering::assume));
    settings.assume().namespaces().forEach(gathering::assume);
    gathering.workloads.removeAll(VirtualMachines.copies(gathering.workloads));
    return new Inventory(
        gathering.workloads,
        gathering.services,
        gathering.endpoints,
        gathering.policies,
        gathering.tierPolicies,
        gathering.routes,
        gathering.gateways,
        gathering.grants,
        gathering.networks,
        gathering.asking,
        gathering.unknown,
        gathering.namespaces,
        gathering.duplicates,
        gathering.rivals,
        gathering.tierRivals,
        problems,
        manifests.resources().size(),
        settings.platform());
  }

  /**
   * The name of a workload, with a number ({@code job-*#2}) where several of one kind and namespace
   * have just the beginning of one, and the same.
   */
  public String nameOf(Workload workload) {
    String name = workload.writtenName();
    if (!workload.name().isEmpty()) {
      return name;
    }
    List<Workload> alike =
        workloads.stream()
            .filter(other -> other.name().isEmpty() && other.kind().equals(workload.kind()))
            .filter(other -> other.qualifiedName().equals(workload.qualifiedName()))
            .toList();
    return alike.size() > 1 ? name + "#" + (alike.indexOf(workload) + 1) : name;
  }

  /** {@code Kind namespace/name} of a workload, unlike that of every other. */
  public String idOf(Workload workload) {
    return workload.kind() + " " + workload.namespace() + "/" + nameOf(workload);
  }

  /** The same, where namespaces that it does not define have the labels of another state. */
  public Inventory knowing(Map<String, Map<String, String>> others) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>(others);
    all.putAll(namespaces);
    return new Inventory(
        workloads,
        services,
        endpoints,
        policies,
        tierPolicies,
        routes,
        gateways,
        grants,
        networks,
        asking,
        unknown,
        all,
        duplicates,
        rivals,
        tierRivals,
        problems,
        resources,
        platform);
  }

  /** All labels of a namespace; one that no manifest defines has just its name. */
  public Map<String, String> namespaceLabels(String name) {
    return namespaces.getOrDefault(name, Map.of(World.NAMESPACE_NAME, name));
  }

  private static final class Gathering {
    private final Map<Identity, Resource> known = new LinkedHashMap<>();
    private final List<Workload> workloads = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final List<ListedEndpoints> endpoints = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private final List<TierPolicy> tierPolicies = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final List<Resource> grants = new ArrayList<>();
    private final List<Network> networks = new ArrayList<>();
    private final List<Resource> asking = new ArrayList<>();
    private final List<Resource> unknown = new ArrayList<>();
    private final Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
    private final List<Resource> duplicates = new ArrayList<>();
    private final List<Policy> rivals = new ArrayList<>();
    private final List<TierPolicy> tierRivals = new ArrayList<>();

    void add(Cluster cluster) {
      for (Resource resource : cluster.resources()) {
        boolean first =
            resource.name().isEmpty()
                || known.putIfAbsent(cluster.identityOf(resource), resource) == null;
        if (!first) {
          duplicates.add(resource);
        } else if (resource.as(V1Namespace.class).isPresent()) {
          Map<String, String> labels = World.labelsOf(resource);
          if (!resource.name().isEmpty()) {
            namespaces.put(resource.name(), labels); // without a name it is one that nobody knows
          }
          if (Network.ASKING.matches(labels)) {
            asking.add(resource);
          }
        } else {
          endpoints.addAll(ListedEndpoints.of(resource, cluster.namespaceOf(resource)));
        }
      }
      cluster.workloads().stream().filter(this::counts).forEach(workloads::add);
      cluster.services().stream().filter(this::counts).forEach(services::add);
      for (Policy policy : cluster.policies()) {
        if (counts(policy)) {
          policies.add(policy);
        } else if (!saysAsTheFirst(policy)) {
          rivals.add(policy);
        }
      }
      cluster.routes().stream().filter(this::counts).forEach(routes::add);
      for (Gateway gateway : Gateway.of(cluster)) {
        if (isFirst(gateway.resource(), cluster)) {
          gateways.add(gateway);
        }
      }
      grants.addAll(cluster.resourcesOfKind("ReferenceGrant"));
      for (Resource resource : cluster.resources()) {
        Routes.ofOpenShift(resource, cluster).filter(this::counts).ifPresent(routes::add);
      }
      for (TierPolicy policy : cluster.tierPolicies()) {
        if (isFirst(policy.resource(), cluster)) {
          tierPolicies.add(policy);
        } else if (!hasSpecOfTheFirst(policy.resource(), cluster)) {
          tierRivals.add(policy);
        }
      }
      for (Network network : cluster.networks()) {
        if (isFirst(network.resource(), cluster)) {
          networks.add(network);
        }
      }
      unknown.addAll(cluster.otherPolicies());
      unknown.addAll(cluster.restrictions());
    }

    /** What exists elsewhere, unless the input defines it. */
    void assume(Cluster elsewhere) {
      for (Resource resource : elsewhere.resources()) {
        known.putIfAbsent(elsewhere.identityOf(resource), resource);
      }
      elsewhere.workloads().stream().filter(this::counts).forEach(workloads::add);
      elsewhere.services().stream().filter(this::counts).forEach(services::add);
    }

    /** A namespace that exists, unless the input defines it. */
    void assume(String name, Map<String, String> labels) {
      Map<String, String> all = new TreeMap<>(labels);
      all.put(World.NAMESPACE_NAME, name);
      namespaces.putIfAbsent(name, all);
    }

    private boolean counts(Member member) {
      return member.name().isEmpty() || isFirst(member.resource(), member.cluster());
    }

    private boolean saysAsTheFirst(Policy policy) {
      Resource first = known.get(policy.cluster().identityOf(policy.resource()));
      return first != null
          && first
              .as(V1NetworkPolicy.class)
              .filter(model -> Objects.equals(model.getSpec(), policy.model().getSpec()))
              .isPresent();
    }

    private boolean hasSpecOfTheFirst(Resource resource, Cluster cluster) {
      Resource first = known.get(cluster.identityOf(resource));
      Optional<Node> spec = resource.tree().get("spec");
      return first != null
          && spec.isPresent()
          && first.tree().get("spec").filter(spec.get()::hasValuesOf).isPresent();
    }

    private boolean isFirst(Resource resource, Cluster cluster) {
      return known.get(cluster.identityOf(resource)) == resource;
    }
  }
}
