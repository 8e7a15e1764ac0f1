package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Route.Backend;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Linter;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1IPBlock;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * One fault at a time, planted in a real project where nothing was wrong, must be found in its line
 * or in its object. The property {@code kubeproof.planted.faults} says how many of each kind.
 */
class PlantedFaultsTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");

  private static final int OF_EACH_KIND = Integer.getInteger("kubeproof.planted.faults", 2);

  /** Of one project, at most so many of each kind. */
  private static final int OF_EACH_PROJECT = 8;

  private static final List<String> PROJECTS =
      List.of(
          "aks-store-demo",
          "antonputra-tutorials",
          "argo-cd",
          "calico",
          "cluster-topology-analyzer",
          "dapr-quickstarts",
          "deathstarbench",
          "gcp-microservices-demo",
          "gitops-catalog",
          "gitops-istio",
          "gke-samples",
          "ingress-nginx",
          "kong-ingress",
          "kube-prometheus",
          "kube-thanos",
          "kubernetes-examples",
          "longhorn",
          "moj-cloud-platform",
          "netpol-recipes",
          "network-config-analyzer",
          "nginx-gateway-fabric",
          "onedr0p-home-ops",
          "podinfo",
          "postgres-operator",
          "robot-shop",
          "rook",
          "sock-shop",
          "spring-petclinic-cloud",
          "traefik",
          "train-ticket");

  private enum Fault {
    MISSPELT_SELECTOR,
    WRONG_TARGET_PORT,
    SERVICE_PORT_IN_POLICY,
    NO_EGRESS_TO_DNS,
    NODE_PORT_OUT_OF_RANGE,
    NODE_PORT_TWICE,
    WRONG_BACKEND,
    WRONG_NAMESPACE_IN_NAME,
    EXCEPT_NOT_INSIDE,
    REVERSED_RANGE
  }

  /** Which rules speak of it; any of them will do. */
  private static Set<String> rules(Fault fault) {
    return switch (fault) {
      case MISSPELT_SELECTOR -> Set.of("KP404");
      case WRONG_TARGET_PORT -> Set.of("KP401", "KP402", "KP403");
      case SERVICE_PORT_IN_POLICY -> Set.of("KP313");
      case NO_EGRESS_TO_DNS -> Set.of("KP601");
      case NODE_PORT_OUT_OF_RANGE -> Set.of("KP407");
      case NODE_PORT_TWICE -> Set.of("KP408");
      case WRONG_BACKEND -> Set.of("KP501", "KP515");
      case WRONG_NAMESPACE_IN_NAME -> Set.of("KP611");
      case EXCEPT_NOT_INSIDE -> Set.of("KP006");
      case REVERSED_RANGE -> Set.of("KP008");
    };
  }

  /**
   * @param edits of which the first is the fault
   */
  private record Planting(Project project, Fault fault, Resource resource, List<Edit> edits) {
    @Override
    public String toString() {
      Edit edit = edits.get(0);
      String written = edit.source().line(edit.span().line()).strip();
      return fault
          + " in "
          + edit.source().name()
          + ":"
          + line(edit)
          + ": "
          + written
          + " -> "
          + edit.text().strip();
    }
  }

  /** A project as it is. */
  private static final class Project {
    private final Loaded loaded;
    private final List<Cluster> clusters;
    private final Set<String> findings = new HashSet<>();

    Project(String name) {
      loaded =
          Inputs.DEFAULT.load(
              List.of(CORPUS.resolve(name).toString()), InputStream.nullInputStream());
      clusters =
          World.of(Manifests.read(loaded.documents(), 2), loaded.problems(), Settings.DEFAULT)
              .stream()
              .flatMap(world -> world.clusters().stream())
              .toList();
    }

    boolean isOld(Finding finding) {
      if (findings.isEmpty()) {
        findings.add(""); // once is enough
        lint(loaded).forEach(old -> findings.add(key(old)));
      }
      return findings.contains(key(finding));
    }
  }

  @Test
  void plantedFaultsAreFound() {
    assumeTrue(CORPUS.toFile().isDirectory(), "there is no ../shared/corpus here");
    Map<Fault, List<Planting>> all = new EnumMap<>(Fault.class);
    for (String name : PROJECTS) {
      Project project = new Project(name);
      Map<Fault, List<Planting>> places = new EnumMap<>(Fault.class);
      for (Cluster cluster : project.clusters) {
        places(project, cluster)
            .forEach(p -> places.computeIfAbsent(p.fault(), f -> new ArrayList<>()).add(p));
      }
      places.forEach(
          (fault, some) -> {
            Collections.shuffle(some, new Random(20));
            all.computeIfAbsent(fault, f -> new ArrayList<>())
                .addAll(some.subList(0, Math.min(some.size(), OF_EACH_PROJECT)));
          });
    }
    assertThat(all).containsOnlyKeys(Fault.values());

    StringBuilder table = new StringBuilder();
    Map<Fault, Double> shares = new EnumMap<>(Fault.class);
    all.forEach(
        (fault, places) -> {
          Collections.shuffle(places, new Random(20));
          List<Planting> chosen = places.subList(0, Math.min(places.size(), OF_EACH_KIND));
          List<Planting> missed = new ArrayList<>();
          int loud = 0;
          for (Planting planting : chosen) {
            List<Finding> found = found(planting);
            if (found.isEmpty()) {
              missed.add(planting);
            } else if (found.stream().anyMatch(f -> f.severity() != Severity.INFO)) {
              loud++;
            }
          }
          int right = chosen.size() - missed.size();
          shares.put(fault, (double) right / chosen.size());
          table.append(
              "%n%-24s %3d of %3d found, %3d of them as a warning or error"
                  .formatted(fault, right, chosen.size(), loud));
          missed.forEach(planting -> table.append("\n  missed: ").append(planting));
        });
    System.getLogger("planted").log(System.Logger.Level.INFO, table.toString());
    assertThat(shares)
        .as(table.toString())
        .allSatisfy((f, share) -> assertThat(share).isGreaterThanOrEqualTo(0.95));
  }

  private static List<Finding> lint(Loaded loaded) {
    List<Rule> rules = Rules.all();
    return Linter.lint(
            loaded,
            rules,
            new Linter.Options(
                Settings.DEFAULT,
                List.of(),
                List.of(),
                2,
                true,
                LocalDate.EPOCH,
                rules.stream().map(Rule::info).toList()))
        .findings();
  }

  private static String key(Finding finding) {
    return finding.rule().id() + " " + finding.source().name() + " " + finding.message();
  }

  /** The new findings about a planted fault. */
  private static List<Finding> found(Planting planting) {
    Project project = planting.project();
    Edit fault = planting.edits().get(0);
    return lint(project.loaded.with(planting.edits())).stream()
        .filter(finding -> rules(planting.fault()).contains(finding.rule().id()))
        .filter(finding -> !project.isOld(finding))
        .filter(
            finding ->
                String.valueOf(finding.resource()).equals(planting.resource().toString())
                    || touches(finding.source(), finding.span(), fault)
                    || finding.notes().stream()
                        .anyMatch(n -> touches(n.place().source(), n.place().span(), fault)))
        .toList();
  }

  private static boolean touches(Source source, Span span, Edit edit) {
    return source.name().equals(edit.source().name()) && span.covers(line(edit));
  }

  /** The first line that an edit changes, as it is afterwards. */
  private static int line(Edit edit) {
    return edit.span().line() + (edit.text().startsWith("\n") ? 1 : 0);
  }

  private static Stream<Planting> places(Project project, Cluster cluster) {
    List<Planting> places = new ArrayList<>();
    for (Service service : cluster.services()) {
      if (!service.backends().isEmpty()) {
        inService(project, cluster, service, places);
      }
    }
    for (Policy policy : cluster.policies()) {
      inPolicy(project, cluster, policy, places);
    }
    cluster.routes().stream()
        .flatMap(
            route ->
                route.backends().stream().map(b -> backend(project, route.resource(), b, cluster)))
        .flatMap(Optional::stream)
        .forEach(places::add);
    names(project, cluster, places);
    return places.stream();
  }

  private static void inService(
      Project project, Cluster cluster, Service service, List<Planting> places) {
    Resource resource = service.resource();
    Map<String, String> selector = service.spec().getSelector();
    Set<String> values =
        cluster.world().workloads().stream()
            .flatMap(workload -> workload.labels().values().stream())
            .collect(Collectors.toSet());
    if (selector != null) {
      selector.forEach(
          (key, value) -> {
            Place place = resource.place().then("spec", "selector", key);
            misspelt(value)
                .filter(wrong -> !values.contains(wrong))
                .flatMap(wrong -> replaced(place, value, wrong))
                .ifPresent(
                    e ->
                        places.add(
                            new Planting(project, Fault.MISSPELT_SELECTOR, resource, List.of(e))));
          });
    }
    for (V1ServicePort port : service.ports()) {
      wrongTarget(cluster, service, port)
          .ifPresent(
              e ->
                  places.add(new Planting(project, Fault.WRONG_TARGET_PORT, resource, List.of(e))));
      if (Set.of("NodePort", "LoadBalancer").contains(service.type())) {
        nodePort(cluster, port, 20080)
            .ifPresent(
                e ->
                    places.add(
                        new Planting(project, Fault.NODE_PORT_OUT_OF_RANGE, resource, List.of(e))));
        twice(project, cluster, service, port).ifPresent(places::add);
      }
    }
  }

  /**
   * Only where the right port was declared by every pod behind the Service, all of them are beside
   * it, and nobody puts further containers into them.
   */
  private static Optional<Edit> wrongTarget(Cluster cluster, Service service, V1ServicePort port) {
    IntOrString target = port.getTargetPort();
    boolean isKnown =
        service.backends().stream()
            .allMatch(
                pods ->
                    pods.cluster().equals(cluster)
                        && Service.targetOn(pods, port).isPresent()
                        && !pods.podSpec().toString().contains("inject")
                        && !String.valueOf(pods.podMeta()).contains("inject"));
    if (target == null || !isKnown) {
      return Optional.empty();
    }
    Place place = cluster.at(port, "targetPort");
    if (!target.isInteger()) {
      String name = target.getStrValue();
      return misspelt(name)
          .filter(
              wrong ->
                  service.backends().stream()
                      .noneMatch(w -> w.ports().stream().anyMatch(p -> p.name().equals(wrong))))
          .flatMap(wrong -> replaced(place, name, wrong));
    }
    int right = target.getIntValue();
    int wrong = right + 1;
    boolean declared = service.backends().stream().allMatch(w -> declares(w, right));
    boolean free = service.backends().stream().noneMatch(w -> declares(w, wrong));
    return declared && free
        ? replaced(place, String.valueOf(right), String.valueOf(wrong))
        : Optional.empty();
  }

  private static boolean declares(Workload workload, int port) {
    return workload.ports().stream().anyMatch(p -> p.number() == port);
  }

  private static Optional<Edit> nodePort(Cluster cluster, V1ServicePort port, int number) {
    if (port.getNodePort() != null) {
      return replaced(
          cluster.at(port, "nodePort"), String.valueOf(port.getNodePort()), String.valueOf(number));
    }
    return behind(cluster.at(port), "port", "nodePort: " + number);
  }

  /** Another Service of the unit gets the node port of this one, or both a new one. */
  private static Optional<Planting> twice(
      Project project, Cluster cluster, Service service, V1ServicePort port) {
    int number = port.getNodePort() == null ? 30987 : port.getNodePort();
    if (number < 30000 || number > 32767) {
      return Optional.empty();
    }
    for (Service other : cluster.services()) {
      if (!other.equals(service) && Set.of("NodePort", "LoadBalancer").contains(other.type())) {
        for (V1ServicePort theirs : other.ports()) {
          boolean sameProtocol =
              String.valueOf(theirs.getProtocol()).equals(String.valueOf(port.getProtocol()));
          Optional<Edit> here =
              port.getNodePort() == null ? nodePort(cluster, port, number) : Optional.empty();
          Optional<Edit> there = nodePort(cluster, theirs, number);
          if (sameProtocol
              && there.isPresent()
              && (port.getNodePort() != null || here.isPresent())) {
            return Optional.of(
                new Planting(
                    project,
                    Fault.NODE_PORT_TWICE,
                    other.resource(),
                    Stream.concat(there.stream(), here.stream()).toList()));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static void inPolicy(
      Project project, Cluster cluster, Policy policy, List<Planting> places) {
    Resource resource = policy.resource();
    for (Policy.Rule rule : policy.rules()) {
      for (V1NetworkPolicyPort port : rule.ports()) {
        IntOrString number = port.getPort();
        if (number != null && number.isInteger() && port.getEndPort() == null) {
          behind(cluster.at(port), "port", "endPort: " + (number.getIntValue() - 1))
              .ifPresent(
                  e ->
                      places.add(
                          new Planting(project, Fault.REVERSED_RANGE, resource, List.of(e))));
        }
        if (number != null && number.isInteger() && rule.direction() == Direction.INGRESS) {
          servicePort(cluster, policy, number.getIntValue())
              .flatMap(wrong -> replaced(cluster.at(port, "port"), number.toString(), wrong))
              .ifPresent(
                  e ->
                      places.add(
                          new Planting(
                              project, Fault.SERVICE_PORT_IN_POLICY, resource, List.of(e))));
        }
      }
      for (V1NetworkPolicyPeer peer : rule.peers()) {
        V1IPBlock block = peer.getIpBlock();
        if (block != null && !Lists.orEmpty(block.getExcept()).isEmpty()) {
          replaced(
                  cluster.at(block, "except", 0),
                  block.getExcept().get(0),
                  String.valueOf(block.getCidr()))
              .ifPresent(
                  e ->
                      places.add(
                          new Planting(project, Fault.EXCEPT_NOT_INSIDE, resource, List.of(e))));
        }
      }
      if (rule.direction() == Direction.EGRESS) {
        withoutDns(cluster, policy, rule)
            .ifPresent(
                e ->
                    places.add(
                        new Planting(project, Fault.NO_EGRESS_TO_DNS, resource, List.of(e))));
      }
    }
  }

  /** The port of a Service in front of just these pods, whose pods listen on another. */
  private static Optional<String> servicePort(Cluster cluster, Policy policy, int target) {
    return cluster.services().stream()
        .filter(service -> service.namespace().equals(policy.namespace()))
        .filter(
            service ->
                !service.backends().isEmpty()
                    && service.backends().stream()
                        .allMatch(w -> policy.podSelector().filter(w::matches).isPresent()))
        .flatMap(
            service ->
                service.ports().stream()
                    .filter(
                        port ->
                            service.backends().stream()
                                .allMatch(
                                    w -> Service.targetOn(w, port).equals(Optional.of(target))))
                    .filter(
                        port ->
                            port.getPort() != null
                                && port.getPort() != target
                                && port.getPort() != target
                                && service.backends().stream()
                                    .noneMatch(w -> declares(w, port.getPort()))))
        .map(port -> String.valueOf(port.getPort()))
        .findFirst();
  }

  /** Without the one rule that lets pods ask; what else they may do stays. */
  private static Optional<Edit> withoutDns(Cluster cluster, Policy policy, Policy.Rule rule) {
    boolean forDns =
        !rule.ports().isEmpty() && rule.ports().stream().allMatch(PlantedFaultsTest::isDns);
    boolean others = policy.rules(Direction.EGRESS).size() > 1;
    boolean alone =
        cluster.world().clusters().stream()
            .flatMap(unit -> unit.policies().stream())
            .filter(other -> other.mayShareNamespace(policy))
            .flatMap(other -> other.rules(Direction.EGRESS).stream())
            .filter(other -> !other.toString().equals(rule.toString()))
            .noneMatch(
                other ->
                    other.ports().isEmpty()
                        || other.ports().stream().anyMatch(PlantedFaultsTest::isDns));
    if (!forDns || !others || !alone) {
      return Optional.empty();
    }
    Place place = policy.resource().place().then("spec", "egress", rule.index());
    Span extent = place.extent();
    String first = place.source().line(extent.line());
    int end = extent.endColumn() == 1 ? extent.endLine() : extent.endLine() + 1;
    return first.strip().startsWith("-") && end <= place.source().lineCount()
        ? Optional.of(new Edit(place.source(), new Span(extent.line(), 1, end, 1), ""))
        : Optional.empty();
  }

  private static boolean isDns(V1NetworkPolicyPort port) {
    return port.getPort() != null && Set.of("53", "5353").contains(port.getPort().toString());
  }

  private static Optional<Planting> backend(
      Project project, Resource resource, Backend backend, Cluster cluster) {
    World world = cluster.world();
    if (world.services(backend.namespace(), backend.service()).isEmpty()) {
      return Optional.empty();
    }
    return misspelt(backend.service())
        .filter(wrong -> world.services(backend.namespace(), wrong).isEmpty())
        .flatMap(wrong -> replaced(backend.place(), backend.service(), wrong))
        .map(e -> new Planting(project, Fault.WRONG_BACKEND, resource, List.of(e)));
  }

  private static final Pattern NAME = Pattern.compile("([a-z0-9-]+)\\.([a-z0-9-]+)\\.svc\\b");

  /** Names of Services in one line, moved to another namespace of the input. */
  private static void names(Project project, Cluster cluster, List<Planting> places) {
    World world = cluster.world();
    Set<String> namespaces = new TreeSet<>();
    world.clusters().stream()
        .flatMap(unit -> unit.services().stream())
        .filter(Service::namespaceIsWritten)
        .forEach(service -> namespaces.add(service.namespace()));
    for (Workload workload : cluster.workloads()) {
      leaves(workload.resource().tree())
          .filter(leaf -> leaf.span().line() == leaf.span().endLine())
          .forEach(
              leaf -> {
                Matcher name = NAME.matcher(String.valueOf(leaf.value()));
                if (!name.find() || world.services(name.group(2), name.group(1)).isEmpty()) {
                  return;
                }
                namespaces.stream()
                    .filter(other -> world.services(other, name.group(1)).isEmpty())
                    .findFirst()
                    .flatMap(
                        other ->
                            replaced(
                                workload.resource().place().source(),
                                leaf.span(),
                                name.group(),
                                name.group(1) + "." + other + ".svc"))
                    .ifPresent(
                        e ->
                            places.add(
                                new Planting(
                                    project,
                                    Fault.WRONG_NAMESPACE_IN_NAME,
                                    workload.resource(),
                                    List.of(e))));
              });
    }
  }

  private static Stream<Scalar> leaves(Node node) {
    if (node instanceof Scalar scalar) {
      return Stream.of(scalar);
    }
    return node instanceof Mapping mapping
        ? mapping.entries().stream().flatMap(entry -> leaves(entry.value()))
        : node.asItems().stream().flatMap(PlantedFaultsTest::leaves);
  }

  /** Two letters swapped, as fingers do; empty for words too short to be told from others. */
  private static Optional<String> misspelt(String word) {
    for (int i = word.length() / 2; i < word.length() - 1 && word.length() >= 5; i++) {
      char one = word.charAt(i);
      char other = word.charAt(i + 1);
      if (one != other && Character.isLowerCase(one) && Character.isLowerCase(other)) {
        return Optional.of(word.substring(0, i) + other + one + word.substring(i + 2));
      }
    }
    return Optional.empty();
  }

  private static Optional<Edit> replaced(Place place, String right, String wrong) {
    return place
        .document()
        .find(place.path())
        .flatMap(node -> replaced(place.source(), node.span(), right, wrong));
  }

  /** Empty where the text does not stand in a line as it is. */
  private static Optional<Edit> replaced(Source source, Span span, String right, String wrong) {
    String line = source.line(span.line());
    int at = line.indexOf(right, line.offsetByCodePoints(0, span.column() - 1));
    boolean plain = at >= 0 && line.codePoints().allMatch(c -> c < 0x80);
    return plain
        ? Optional.of(
            new Edit(
                source, new Span(span.line(), at + 1, span.line(), at + 1 + right.length()), wrong))
        : Optional.empty();
  }

  /** A further field in a line of its own, behind one that is there. */
  private static Optional<Edit> behind(Place map, String field, String written) {
    Source source = map.source();
    return map.document()
        .find(map.path())
        .flatMap(Node::asMapping)
        .flatMap(mapping -> mapping.entry(field))
        .filter(entry -> isBlockStyle(source.line(entry.keySpan().line())))
        .map(
            entry -> {
              Span value = entry.value().span();
              Span end = Span.at(value.endLine(), value.endColumn());
              return new Edit(
                  source, end, "\n" + " ".repeat(entry.keySpan().column() - 1) + written);
            });
  }

  private static boolean isBlockStyle(String line) {
    return !line.contains("{") && !line.strip().startsWith("\"");
  }
}
