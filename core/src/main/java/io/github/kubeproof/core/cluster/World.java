package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.cluster.Settings.NamedUnit;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.manifest.Origins;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A neighbourhood: everything under one folder that is named on the command line, or all files that
 * are named there, which may or may not be deployed together.
 */
public final class World extends Derivable {

  /** The label that every namespace has, with its name, whatever its manifest says (KEP-2161). */
  public static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  /** How many alternatives of a namespace are looked at; beyond it each unit stands alone. */
  public static final int MAX_ALTERNATIVES = 8;

  private final Settings settings;
  private final Origins origins;
  private final List<Cluster> clusters = new ArrayList<>();
  private final Members<Workload> workloads;
  // what the user says exists elsewhere; it is found like the rest, and never spoken of
  private @Nullable Cluster assumed;
  private final Map<Label, List<Workload>> workloadsByLabel = new HashMap<>();
  private final Map<String, Set<Cluster>> unitsByNamespace = new HashMap<>();
  private final Set<Named> named = new HashSet<>();
  private final Map<String, List<Service>> servicesByName = new LinkedHashMap<>();
  private final Members<Service> services;
  private final Members<Policy> policies;
  private final Map<String, Set<Cluster>> unitsByKind = new HashMap<>();
  private final Map<String, List<Resource>> namespaces = new TreeMap<>();
  private final List<Resource> customs = new ArrayList<>();
  private final List<Resource> patches = new ArrayList<>();
  // the units that name a namespace
  private final Map<String, List<Cluster>> speakers = new HashMap<>();
  private Parts parts = new Parts(List.of());
  // filled while rules run, on several threads
  private final Map<String, List<Alternative>> alternatives = new ConcurrentHashMap<>();
  private final Map<String, List<Policy>> policiesByFolder = new ConcurrentHashMap<>();
  private final Map<String, Together> together = new ConcurrentHashMap<>();

  private record Label(String key, String value) {}

  private record Named(String kind, String name) {}

  private World(Settings settings, Origins origins) {
    this.settings = settings;
    this.origins = origins;
    this.workloads = new Members<>(settings.namespace());
    this.services = new Members<>(settings.namespace());
    this.policies = new Members<>(settings.namespace());
  }

  /** The neighbourhoods of an input, in its order. */
  public static List<World> of(Manifests manifests, List<Problem> problems, Settings settings) {
    Neighbourhoods neighbourhoods = new Neighbourhoods(settings);
    manifests.resources().forEach(resource -> neighbourhoods.add(home(resource)));
    problems.forEach(problem -> neighbourhoods.add(home(problem)));
    Map<String, List<Resource>> resources = new LinkedHashMap<>();
    Map<String, List<Problem>> faults = new HashMap<>();
    for (Resource resource : manifests.resources()) {
      resources
          .computeIfAbsent(neighbourhoods.of(home(resource)), root -> new ArrayList<>())
          .add(resource);
    }
    for (Problem problem : problems) {
      String root = neighbourhoods.of(home(problem));
      resources.computeIfAbsent(root, r -> new ArrayList<>());
      faults.computeIfAbsent(root, r -> new ArrayList<>()).add(problem);
    }
    Manifests assumed = settings.assume().manifests();
    Origins origins =
        assumed.resources().isEmpty()
            ? manifests.origins()
            : manifests.origins().and(assumed.origins());
    List<World> worlds = new ArrayList<>();
    resources.forEach(
        (root, members) -> {
          World world = new World(settings, origins);
          manifests.fragments().stream()
              .filter(patch -> neighbourhoods.of(patch.place().source()).equals(root))
              .forEach(world.patches::add);
          world.split(members, faults.getOrDefault(root, List.of()));
          world.assume(assumed.resources());
          worlds.add(world);
        });
    return worlds;
  }

  private static Source home(Resource resource) {
    return resource.place().document().home();
  }

  private static Source home(Problem problem) {
    Place place = problem.place();
    return place == null ? problem.source() : place.document().home();
  }

  private void split(List<Resource> resources, List<Problem> problems) {
    String all =
        folderAround(
            Stream.concat(resources.stream().map(World::home), problems.stream().map(World::home))
                .map(Source::root)
                .distinct()
                .toList());
    Set<String> crowded =
        settings.units() == Settings.UnitMode.AUTO ? crowdedFolders(resources) : Set.of();
    Function<Source, String> unitOf =
        source ->
            settings
                .unitOf(source)
                .map(NamedUnit::toString)
                .orElseGet(
                    () ->
                        switch (settings.units()) {
                          case ALL -> all;
                          case FILE -> source.name();
                          case DIRECTORY -> source.folder();
                          case AUTO ->
                              crowded.contains(source.folder()) ? source.name() : source.folder();
                        });
    Function<Document, String> unitOfDocument =
        document ->
            document.renderedBy().isEmpty() || settings.units() == Settings.UnitMode.ALL
                ? unitOf.apply(document.home())
                // what lies beside a kustomization is not deployed with it
                : settings
                    .unitOf(document.home())
                    .map(NamedUnit::toString)
                    .orElse(document.home().name());
    Map<String, List<Resource>> members = new TreeMap<>();
    Map<String, List<Problem>> faults = new HashMap<>();
    for (Resource resource : resources) {
      members
          .computeIfAbsent(
              unitOfDocument.apply(resource.place().document()), unit -> new ArrayList<>())
          .add(resource);
    }
    for (Problem problem : problems) {
      Place place = problem.place();
      String unit =
          place == null ? unitOf.apply(problem.source()) : unitOfDocument.apply(place.document());
      members.computeIfAbsent(unit, u -> new ArrayList<>());
      faults.computeIfAbsent(unit, u -> new ArrayList<>()).add(problem);
    }
    members.forEach(
        (unit, list) ->
            add(
                new Cluster(
                    this, unit, settingsOf(unit), list, faults.getOrDefault(unit, List.of()))));
    parts = new Parts(clusters);
  }

  /** The folder that all arguments are in; a single one itself. */
  private static String folderAround(List<String> roots) {
    String around = roots.isEmpty() ? "" : roots.get(0);
    for (String root : roots) {
      while (!around.isEmpty() && !root.equals(around) && !root.startsWith(around + "/")) {
        around = around.substring(0, Math.max(0, around.lastIndexOf('/')));
      }
    }
    return around;
  }

  private Settings settingsOf(String unit) {
    boolean closed =
        settings.named().stream().anyMatch(n -> n.closed() && n.toString().equals(unit));
    return closed ? settings.withClosedWorld(true) : settings;
  }

  /** Lets what exists elsewhere be found, but where the input defines the same object. */
  private void assume(List<Resource> resources) {
    if (resources.isEmpty()) {
      return;
    }
    Set<Identity> defined = new HashSet<>();
    clusters.forEach(cluster -> defined.addAll(cluster.identities()));
    List<Resource> elsewhere =
        resources.stream()
            .filter(
                resource -> !defined.contains(Identity.of(resource, resource.writtenNamespace())))
            .toList();
    Cluster cluster = new Cluster(this, "assumed", settings, elsewhere, List.of());
    assumed = cluster;
    find(cluster);
  }

  /**
   * The folders in which two files define the same object: examples side by side, not one
   * deployment.
   */
  private Set<String> crowdedFolders(List<Resource> resources) {
    record InFolder(String folder, Identity identity) {}
    Map<InFolder, Source> seen = new HashMap<>();
    Set<String> crowded = new HashSet<>();
    for (Resource resource : resources) {
      Source source = resource.place().source();
      if (resource.place().document().renderedBy().isPresent()) {
        continue; // a unit by itself
      }
      String namespace =
          resource.writtenNamespace().isEmpty()
              ? settings.namespace()
              : resource.writtenNamespace();
      Source before =
          seen.putIfAbsent(new InFolder(source.folder(), Identity.of(resource, namespace)), source);
      if (before != null && !before.name().equals(source.name()) && !resource.name().isEmpty()) {
        crowded.add(source.folder());
      }
    }
    return crowded;
  }

  private void add(Cluster cluster) {
    clusters.add(cluster);
    find(cluster);
    cluster.resources().stream()
        .map(Resource::writtenNamespace)
        .distinct()
        .forEach(name -> speakers.computeIfAbsent(name, n -> new ArrayList<>()).add(cluster));
    for (Resource resource : cluster.resources()) {
      named.add(new Named(resource.kind(), resource.name()));
      unitsByKind.computeIfAbsent(resource.kind(), k -> new LinkedHashSet<>()).add(cluster);
      unitsByNamespace
          .computeIfAbsent(resource.writtenNamespace(), n -> new LinkedHashSet<>())
          .add(cluster);
      if (CustomWorkloads.mayMakePods(resource)) {
        customs.add(resource);
      }
    }
  }

  /** Lets rules find what a unit holds. */
  private void find(Cluster cluster) {
    for (Workload workload : cluster.workloads()) {
      workloads.add(workload);
      workload
          .labels()
          .forEach(
              (key, value) ->
                  workloadsByLabel
                      .computeIfAbsent(new Label(key, value), l -> new ArrayList<>())
                      .add(workload));
    }
    cluster.policies().forEach(policies::add);
    for (Service service : cluster.services()) {
      services.add(service);
      servicesByName.computeIfAbsent(service.name(), n -> new ArrayList<>()).add(service);
    }
    for (Resource resource : cluster.resources()) {
      if (resource.as(V1Namespace.class).isPresent() && !resource.name().isEmpty()) {
        namespaces.computeIfAbsent(resource.name(), n -> new ArrayList<>()).add(resource);
      }
    }
  }

  public Settings settings() {
    return settings;
  }

  Origins origins() {
    return origins;
  }

  /** The units, sorted by name. */
  public List<Cluster> clusters() {
    return Collections.unmodifiableList(clusters);
  }

  /** The objects of a kind, of any group and in any unit. */
  public List<Resource> resourcesOfKind(String kind) {
    return unitsWith(kind).stream().flatMap(unit -> unit.resourcesOfKind(kind).stream()).toList();
  }

  /** The units with objects of a kind, of any group. */
  public Set<Cluster> unitsWith(String kind) {
    return Collections.unmodifiableSet(unitsByKind.getOrDefault(kind, Set.of()));
  }

  /** All workloads whose pods an object's selector may pick, in any unit. */
  public List<Workload> workloadsMatching(Member member, Selector selector) {
    List<Workload> found = new ArrayList<>();
    for (Workload workload : candidates(member, selector)) {
      if (workload.mayShareNamespace(member) && workload.mayMatch(selector)) {
        found.add(workload);
      }
    }
    return found;
  }

  /**
   * The workloads to look at: those that have one of the labels asked for, where that is enough.
   */
  private List<Workload> candidates(Member member, Selector selector) {
    List<Workload> fewest = workloads.near(member);
    for (Map.Entry<String, String> label : selector.equalities().entrySet()) {
      if (!Workload.isMadeByControllers(label.getKey())) {
        List<Workload> having =
            workloadsByLabel.getOrDefault(new Label(label.getKey(), label.getValue()), List.of());
        fewest = having.size() < fewest.size() ? having : fewest;
      }
    }
    return fewest;
  }

  /** All policies of the input that may be in the namespace of a member, in any unit. */
  public List<Policy> policiesNear(Member member) {
    return policies.near(member);
  }

  /**
   * Whether some unit has a policy in the namespace of a member, or its own one of a tier; the
   * quickest look there is.
   */
  public boolean mayBeGuarded(Member member) {
    return !member.cluster().policies().isEmpty()
        || !member.cluster().tierPolicies().isEmpty()
        || (member.namespaceIsWritten()
            && speakers(member.namespace()).stream().anyMatch(unit -> !unit.policies().isEmpty()));
  }

  /** All workloads of the input that may be in the namespace of a member, in any unit. */
  public List<Workload> workloadsNear(Member member) {
    return workloads.near(member).stream().filter(workload -> !isAssumed(workload)).toList();
  }

  /** Whether the input does not define it: the user says that it exists elsewhere. */
  public boolean isAssumed(Member member) {
    return assumed != null && member.cluster() == assumed;
  }

  /** What the user says exists elsewhere, as a unit; none where that is nothing. */
  Optional<Cluster> assumed() {
    return Optional.ofNullable(assumed);
  }

  /** All workloads, also those that the user says exist elsewhere. */
  public List<Workload> workloads() {
    return workloads.all();
  }

  /** The Services of a name that may be in a namespace, in any unit. */
  public List<Service> services(String namespace, String name) {
    return servicesByName.getOrDefault(name, List.of()).stream()
        .filter(service -> service.namespace().equals(namespace) || !service.namespaceIsWritten())
        .toList();
  }

  /** All Services that may be in the namespace of a member, in any unit. */
  public List<Service> servicesNear(Member member) {
    return services.near(member);
  }

  /** The names of all Services. */
  public Set<String> serviceNames() {
    return Collections.unmodifiableSet(servicesByName.keySet());
  }

  /** The Services of a name, in any namespace and any unit. */
  public List<Service> servicesNamed(String name) {
    return List.copyOf(servicesByName.getOrDefault(name, List.of()));
  }

  /**
   * The custom objects that may make pods with labels which no manifest shows; those a selector may
   * pick.
   */
  public List<Resource> podMakers(Member member, Selector selector) {
    return customs.stream()
        .filter(custom -> CustomWorkloads.mayMatch(custom, member, selector))
        .toList();
  }

  /** Whether some custom object may make pods with labels which no manifest shows. */
  public boolean mayHaveHiddenPods() {
    return !customs.isEmpty();
  }

  /**
   * The patches of kustomizations that may change an object: those of its kind and name, and those
   * that name nothing of the input and so get their target elsewhere.
   */
  public List<Resource> patchesOf(Member member) {
    return patches.stream()
        .filter(patch -> patch.kind().equals(member.resource().kind()))
        .filter(patch -> patch.name().equals(member.name()) || !isKnown(patch))
        .toList();
  }

  private boolean isKnown(Resource patch) {
    return named.contains(new Named(patch.kind(), patch.name()));
  }

  /**
   * The labels of a namespace when the input defines it, or the user tells them; without {@code
   * kubernetes.io/metadata.name}, which is always there.
   */
  public Optional<Map<String, String>> namespaceLabels(String name) {
    List<Resource> definitions = namespaces.getOrDefault(name, List.of());
    if (definitions.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> labels = null;
    for (Resource definition : definitions) {
      Map<String, String> these = labelsOf(definition);
      if (labels != null && !labels.equals(these)) {
        return Optional.empty(); // defined twice, and not alike: nobody knows which one will be
      }
      labels = these;
    }
    return Optional.ofNullable(labels);
  }

  /** What is surely among the labels of a namespace: its name, where it is not defined. */
  public Map<String, String> knownNamespaceLabels(String name) {
    return namespaceLabels(name).orElse(Map.of(NAMESPACE_NAME, name));
  }

  /** The names of the namespaces that the input defines, or the user tells of, sorted. */
  public Set<String> namespaceNames() {
    return Collections.unmodifiableSet(namespaces.keySet());
  }

  /** Where the input defines a namespace; none where only the user tells of it. */
  public List<Resource> namespaceDefinitions(String name) {
    return namespaces.getOrDefault(name, List.of()).stream()
        .filter(resource -> assumed == null || !assumed.resources().contains(resource))
        .toList();
  }

  /** The labels of a Namespace as it is written, with the one that every namespace has. */
  static Map<String, String> labelsOf(Resource namespace) {
    V1ObjectMeta meta = namespace.as(V1Namespace.class).orElseThrow().getMetadata();
    Map<String, String> labels =
        new TreeMap<>(Lists.orEmpty(meta == null ? null : meta.getLabels()));
    labels.put(NAMESPACE_NAME, namespace.name());
    return labels;
  }

  /**
   * The policies that may turn out to be in a member's namespace although their units do not belong
   * to an alternative for sure: those in folders nearby where one of the two names no namespace, so
   * that whoever deploys them chooses it. They come as they would be in that namespace.
   */
  public List<Policy> policiesThatMayJoin(Member member, Alternative alternative) {
    boolean certain = member.namespaceIsWritten() && !member.namespace().equals("default");
    List<Policy> found = new ArrayList<>();
    if (certain) {
      for (Policy policy : policies.in(member.namespace())) {
        // only left out of the alternative when there were too many of them
        if (policy.namespaceIsWritten()
            && alternative.units().stream().noneMatch(unit -> conflict(unit, policy.cluster()))) {
          found.add(policy);
        }
      }
    }
    for (Policy policy : policiesNearby(member.resource())) {
      if (member.mayShareNamespace(policy) && !(certain && policy.namespaceIsWritten())) {
        found.add(policy.in(member.namespace()));
      }
    }
    found.removeIf(
        policy ->
            alternative.units().contains(policy.cluster())
                || conflict(member.cluster(), policy.cluster()));
    return found;
  }

  private List<Policy> policiesNearby(Resource resource) {
    return policiesByFolder.computeIfAbsent(
        resource.place().document().home().folder(),
        folder ->
            policies.all().stream().filter(policy -> isNear(resource, policy.resource())).toList());
  }

  /** Whether at most two steps, up or down, lead from one folder to the other. */
  private static boolean isNear(Resource one, Resource other) {
    String from = one.place().document().home().name();
    String to = other.place().document().home().name();
    int shared = 0; // the end of the folders that both are in
    for (int i = 0; i < Math.min(from.length(), to.length()); i++) {
      if (from.charAt(i) != to.charAt(i)) {
        break;
      }
      shared = from.charAt(i) == '/' ? i + 1 : shared;
    }
    return foldersFrom(shared, from) + foldersFrom(shared, to) <= 2;
  }

  private static int foldersFrom(int start, String file) {
    int folders = 0;
    for (int i = file.indexOf('/', start); i >= 0; i = file.indexOf('/', i + 1)) {
      folders++;
    }
    return folders;
  }

  List<Alternative> alternatives(Cluster cluster, String namespace) {
    return alternatives.computeIfAbsent(
        cluster.unit() + "\n" + namespace, key -> findAlternatives(cluster, namespace));
  }

  private List<Alternative> findAlternatives(Cluster cluster, String namespace) {
    return together
        .computeIfAbsent(namespace, name -> new Together(speakers(name), this::areApart))
        .around(cluster, MAX_ALTERNATIVES)
        .orElse(List.of(new Alternative(List.of(cluster))));
  }

  private List<Cluster> speakers(String namespace) {
    return speakers.getOrDefault(namespace, List.of());
  }

  private boolean areApart(Cluster one, Cluster other) {
    return conflict(one, other) || parts.areApart(one, other);
  }

  private static boolean conflict(Cluster one, Cluster other) {
    Set<Identity> few =
        one.identities().size() < other.identities().size() ? one.identities() : other.identities();
    Set<Identity> many = few == one.identities() ? other.identities() : one.identities();
    return few.stream()
        .anyMatch(identity -> !identity.kind().equals("Namespace") && many.contains(identity));
  }
}
