package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Population;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code reach} against the connectivity lists of another analyser, workload by workload: each case
 * agrees, or stands in {@link #WHY_WE_DIFFER}. Its lists are a convention, not the truth.
 *
 * <p>Compared are all pairs of workloads, what comes from ingress controllers, and for each
 * workload every range of IPv4 addresses that one of the two tells apart.
 */
class ConnectivityListsTest {

  private static final Path CASES = Path.of("..", "..", "shared", "oracle", "netpol-analyzer");

  /** Why we differ, from the API's types and documents. */
  private enum Reason {
    /**
     * "NetworkPolicy behaviour for hostNetwork pods is undefined" (kubernetes.io, Network
     * Policies); the plugins that most people use ignore such pods when they match selectors, and
     * so do we. The lists treat them like any other pod.
     */
    HOST_NETWORK {
      @Override
      String mended(String text) {
        return text.replaceAll("(hostNetwork\"?): true", "$1: false");
      }
    },
    /**
     * The API server refuses the policy: NamespacedPod needs both of its selectors
     * (network-policy-api apis/v1alpha1 shared_types.go: neither is optional), so nothing of it is
     * enforced. The lists read a missing one as empty.
     */
    MISSING_SELECTOR {
      @Override
      String mended(String text) {
        List<String> lines = text.lines().toList();
        StringBuilder mended = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
          mended.append(lines.get(i)).append('\n');
          if (lines.get(i).matches(" *(- )?pods: *(#.*)?")) {
            String indent = lines.get(i + 1).replaceAll("[^ ].*", "");
            Set<String> selectors = new TreeSet<>(List.of("namespaceSelector", "podSelector"));
            for (int j = i + 1; j < lines.size() && lines.get(j).startsWith(indent); j++) {
              selectors.remove(lines.get(j).strip().split(":", 2)[0]);
            }
            selectors.forEach(missing -> mended.append(indent + missing + ": {}\n"));
          }
        }
        return mended.toString();
      }
    },
    /**
     * The API server refuses the policy: "networks/nodes peer cannot be set with a namedPorts since
     * there are no namedPorts for networks/nodes" (apis/v1alpha1 shared_types.go, a rule of
     * AdminNetworkPolicyEgressRule). The lists leave the pair out.
     */
    NAMED_PORT_OF_NETWORKS,
    /**
     * What pods do on networks that they are attached to besides is no part of our answer: no
     * policy that we know holds there, and reach says so of each such pod. The lists have these
     * networks, too, by the MultiNetworkPolicies that they know.
     */
    FURTHER_NETWORKS,
    /**
     * The group of UserDefinedNetwork is k8s.ovn.org, and a primary one needs subnets
     * (ovn-kubernetes go-controller/pkg/crd/userdefinednetwork/v1): no such network is made, and
     * reach says that it does not see which one the pods are on. The lists read the kind alone.
     * They have further networks there, too.
     */
    GROUP_OF_ANOTHER {
      @Override
      String mended(String text) {
        return text.replace("nmstate.io/v1", "k8s.ovn.org/v1")
            .replaceAll("( *)role: Primary", "$0\n$1subnets: [ 10.20.0.0/16 ]");
      }
    };

    /** The manifests without what is the reason, so that all else can be compared. */
    String mended(String text) {
      return text;
    }

    boolean canBeMended() {
      return this != NAMED_PORT_OF_NETWORKS;
    }

    /**
     * Whether what the lists tell of further networks is left out, and what we say instead asked.
     */
    boolean leavesNetworksOut() {
      return this == FURTHER_NETWORKS || this == GROUP_OF_ANOTHER;
    }
  }

  /** The cases in which we differ, and the reason. */
  private static final Map<String, Reason> WHY_WE_DIFFER =
      Map.ofEntries(
          Map.entry("ipblockstest", Reason.HOST_NETWORK),
          Map.entry("ipblockstest_2", Reason.HOST_NETWORK),
          Map.entry("multiple_topology_resources_1", Reason.HOST_NETWORK),
          Map.entry("multiple_topology_resources_2", Reason.HOST_NETWORK),
          Map.entry("semanticDiff-same-topologies-new1", Reason.HOST_NETWORK),
          Map.entry("semanticDiff-same-topologies-old1", Reason.HOST_NETWORK),
          Map.entry("semanticDiff-same-topologies-old2", Reason.HOST_NETWORK),
          Map.entry("semanticDiff-same-topologies-old3", Reason.HOST_NETWORK),
          Map.entry("example_pods_w_same_owner_and_labels_gap_anp_good", Reason.MISSING_SELECTOR),
          Map.entry("example_pods_w_same_owner_and_labels_gap_banp_good", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_10", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_11", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_11_swapping_rules", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_8", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_9", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_9_swapping_rules", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_combining_test_6_and_test_10", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_multiple_anps", Reason.MISSING_SELECTOR),
          Map.entry("anp_test_named_ports_multiple_peers", Reason.NAMED_PORT_OF_NETWORKS),
          Map.entry("udn_and_vms_test_3", Reason.MISSING_SELECTOR),
          Map.entry("nad_test_12", Reason.GROUP_OF_ANOTHER),
          Map.entry("nad_test_1", Reason.FURTHER_NETWORKS),
          Map.entry("nad_test_2", Reason.FURTHER_NETWORKS),
          Map.entry("nad_test_15", Reason.FURTHER_NETWORKS),
          Map.entry("nad_test_16", Reason.FURTHER_NETWORKS),
          Map.entry("nad_test_17", Reason.FURTHER_NETWORKS),
          Map.entry("nad_test_4", Reason.FURTHER_NETWORKS),
          Map.entry("nad_test_5", Reason.FURTHER_NETWORKS),
          Map.entry("nad_test_6", Reason.FURTHER_NETWORKS));

  private static final String CONTROLLER = "{ingress-controller}";
  private static final Pattern RANGE = Pattern.compile("(?:(\\d+)(?:-(\\d+))?/)?(TCP|UDP|SCTP)");

  /** Addresses from first to last, both included, as numbers. */
  private record Range(long first, long last) {
    static Range of(Cidr block) {
      return new Range(
          block.first().value().longValueExact(), block.last().value().longValueExact());
    }
  }

  /** The ports from one end to another; ends are workloads, controllers or single addresses. */
  private static final class Lists {
    final Map<String, Map<String, PortSet>> between = new TreeMap<>();
    final Map<String, Map<Range, PortSet>> to = new TreeMap<>();
    final Map<String, Map<Range, PortSet>> from = new TreeMap<>();
    // what is said to be left open about each workload, or the further networks it is on
    final Map<String, Set<String>> open = new TreeMap<>();

    private static <K> void add(Map<K, PortSet> ports, K key, PortSet more) {
      ports.merge(key, more, PortSet::or);
    }

    void add(String source, String target, PortSet ports) {
      add(between.computeIfAbsent(source, s -> new TreeMap<>()), target, ports);
    }

    void addTo(Range source, String target, PortSet ports) {
      add(to.computeIfAbsent(target, t -> new HashMap<>()), source, ports);
    }

    void addFrom(String source, Range target, PortSet ports) {
      add(from.computeIfAbsent(source, s -> new HashMap<>()), target, ports);
    }

    PortSet ports(String source, String target) {
      return between.getOrDefault(source, Map.of()).getOrDefault(target, PortSet.NONE);
    }

    static PortSet at(Map<String, Map<Range, PortSet>> side, String workload, long address) {
      PortSet ports = PortSet.NONE;
      for (Map.Entry<Range, PortSet> entry : side.getOrDefault(workload, Map.of()).entrySet()) {
        if (entry.getKey().first() <= address && address <= entry.getKey().last()) {
          ports = ports.or(entry.getValue());
        }
      }
      return ports;
    }
  }

  @Test
  void everyListAgreesOrHasItsReason(@TempDir Path mended) throws IOException {
    assumeTrue(Files.isDirectory(CASES), "the connectivity lists are not beside the project");
    Map<String, List<String>> different = new TreeMap<>();
    Map<String, List<String>> stillDifferent = new TreeMap<>();
    int cases = 0;
    try (Stream<Path> folders = Files.list(CASES)) {
      for (Path folder : folders.sorted().toList()) {
        String name = folder.getFileName().toString();
        Path list = folder.resolve("expected").resolve("connlist.canonical.json");
        if (!Files.exists(list)) {
          continue;
        }
        cases++;
        List<String> differences = differences(folder.resolve("manifests"), list, true);
        if (!differences.isEmpty()) {
          different.put(name, differences);
        }
        Reason reason = WHY_WE_DIFFER.get(name);
        if (reason != null && reason.canBeMended()) {
          mend(folder.resolve("manifests"), mended.resolve(name), reason);
          List<String> left = differences(mended.resolve(name), list, !reason.leavesNetworksOut());
          if (!left.isEmpty()) {
            stillDifferent.put(name, left);
          }
        }
      }
    }
    Map<String, List<String>> unexplained = new TreeMap<>(different);
    unexplained.keySet().removeAll(WHY_WE_DIFFER.keySet());
    assertThat(unexplained).isEmpty();
    // a reason that is not needed any more is to be removed
    assertThat(different.keySet()).isEqualTo(new TreeSet<>(WHY_WE_DIFFER.keySet()));
    // and it is the only one
    assertThat(stillDifferent).isEmpty();
    assertThat(cases).isEqualTo(76);
    long apart = WHY_WE_DIFFER.values().stream().filter(reason -> !reason.canBeMended()).count();
    assertThat(100 * (cases - apart)).isGreaterThanOrEqualTo(95L * cases);
  }

  private static void mend(Path folder, Path copy, Reason reason) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(folder.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.writeString(target, reason.mended(Files.readString(file)));
      }
    }
  }

  /**
   * @param further whether their lists of networks that pods are attached to besides count
   */
  private static List<String> differences(Path manifests, Path list, boolean further)
      throws IOException {
    Set<String> workloads = new TreeSet<>();
    Lists ours = ours(manifests, workloads);
    Lists theirs = theirs(list, workloads);
    List<String> differences = new ArrayList<>();
    theirs.open.forEach(
        (workload, networks) -> {
          for (String network : networks) {
            boolean isSaid =
                ours.open.getOrDefault(workload, Set.of()).stream()
                    .anyMatch(why -> why.contains("/" + network + ", too"));
            if (further || !isSaid) {
              differences.add(workload + " is on " + network + (isSaid ? ", as we say" : ""));
            }
          }
        });
    List<String> sources = new ArrayList<>(workloads);
    sources.add(CONTROLLER);
    for (String source : sources) {
      for (String target : workloads) {
        compare(source, target, ours.ports(source, target), theirs.ports(source, target))
            .ifPresent(differences::add);
      }
    }
    for (String workload : workloads) {
      for (long address : edges(ours, theirs, workload)) {
        String written = new Address(false, BigInteger.valueOf(address)).toString();
        compare(
                written,
                workload,
                Lists.at(ours.to, workload, address),
                Lists.at(theirs.to, workload, address))
            .ifPresent(differences::add);
        compare(
                workload,
                written,
                Lists.at(ours.from, workload, address),
                Lists.at(theirs.from, workload, address))
            .ifPresent(differences::add);
      }
    }
    return differences;
  }

  /** An address of each range that one of the two tells apart, and those before and behind it. */
  private static Set<Long> edges(Lists ours, Lists theirs, String workload) {
    Set<Long> edges = new TreeSet<>(List.of(0L, 0xffffffffL));
    for (Lists lists : List.of(ours, theirs)) {
      for (Map<String, Map<Range, PortSet>> side : List.of(lists.to, lists.from)) {
        for (Range range : side.getOrDefault(workload, Map.of()).keySet()) {
          edges.addAll(List.of(range.first(), range.last(), range.first() - 1, range.last() + 1));
        }
      }
    }
    edges.removeIf(address -> address < 0 || address > 0xffffffffL);
    return edges;
  }

  private static Optional<String> compare(
      String source, String target, PortSet ours, PortSet theirs) {
    // replicas of one workload are pods like any others to us; the lists leave them out
    return source.equals(target) || ours.equals(theirs)
        ? Optional.empty()
        : Optional.of(source + " -> " + target + ": " + ours + ", not " + theirs);
  }

  /** What {@code reach} prints, with pods under the names of what made them. */
  private static Lists ours(Path manifests, Set<String> workloads) {
    Map<String, String> names = new TreeMap<>();
    Inventory inventory =
        Inventory.of(
            new Inputs(Limits.DEFAULT, path -> false, 1)
                .load(List.of(manifests.toString()), new ByteArrayInputStream(new byte[0])),
            Settings.DEFAULT,
            1);
    inventory.workloads().forEach(workload -> names.put(workload.toString(), nameOf(workload)));
    workloads.addAll(names.values());
    names.put("ingress-controller", CONTROLLER);
    Run run = Run.of("reach", "--quiet", "--format=csv", manifests.toString());
    assertThat(run.code()).as(manifests + ": " + run.err()).isZero();
    Lists lists = new Lists();
    Enforcement enforcement = Enforcement.of(inventory, Blocks.OUTSIDE_ONLY);
    for (Endpoint endpoint : Population.of(inventory).endpoints()) {
      for (Gap gap : enforcement.gaps()) {
        if (endpoint instanceof Endpoint.Pod pod && gap.touches(pod)) {
          lists
              .open
              .computeIfAbsent(names.getOrDefault(pod.id(), ""), n -> new TreeSet<>())
              .add(gap.why());
        }
      }
    }
    for (String line : run.out().split("\r\n", -1)) {
      List<String> cells = cells(line);
      if (cells.size() < 4 || cells.get(0).equals("from")) {
        continue;
      }
      boolean isController = cells.get(0).equals("ingress-controller");
      if (!cells.get(3).isEmpty() && !isController) {
        continue; // Services are told by the pods behind them, too
      }
      PortSet ports = ports(cells.get(2));
      String source = names.get(cells.get(0));
      String target = names.get(cells.get(1));
      if (source != null && target != null) {
        lists.add(source, target, ports);
      } else if (target != null) {
        Cidr block = Cidr.of(cells.get(0));
        if (!block.first().v6()) {
          lists.addTo(Range.of(block), target, ports);
        }
      } else if (source != null) {
        Cidr block = Cidr.of(cells.get(1));
        if (!block.first().v6()) {
          lists.addFrom(source, Range.of(block), ports);
        }
      }
    }
    return lists;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    Matcher matcher = Pattern.compile("(?:^|,)(?:\"([^\"]*)\"|([^,]*))").matcher(line);
    while (matcher.find()) {
      cells.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return cells;
  }

  private static PortSet ports(String written) {
    if (written.equals("every port")) {
      return PortSet.ALL;
    }
    PortSet ports = PortSet.NONE;
    for (String part : written.split(", ", -1)) {
      Matcher matcher = RANGE.matcher(part);
      assertThat(matcher.matches()).as(written).isTrue();
      Protocol protocol = Protocol.of(matcher.group(3)).orElseThrow();
      int first = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
      int last =
          matcher.group(1) == null
              ? 65535
              : matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      ports = ports.or(PortSet.of(protocol, first, last));
    }
    return ports;
  }

  private static String nameOf(Workload workload) {
    List<V1OwnerReference> owners =
        workload
            .resource()
            .as(V1Pod.class)
            .map(pod -> pod.getMetadata())
            .map(meta -> meta.getOwnerReferences())
            .orElse(List.of());
    return owners.isEmpty()
        ? workload.qualifiedName() + "[" + workload.kind() + "]"
        : workload.namespace()
            + "/"
            + owners.get(0).getName()
            + "["
            + (owners.get(0).getKind() == null ? workload.kind() : owners.get(0).getKind())
            + "]";
  }

  private static Lists theirs(Path list, Set<String> workloads) throws IOException {
    Source source = new Source(list.toString(), Files.readString(list));
    Node root = new YamlReader(Limits.DEFAULT).read(source).documents().get(0).root();
    Lists lists = new Lists();
    for (Node item : root.asItems()) {
      Node.Mapping entry = item.asMapping().orElseThrow();
      // a mark of theirs, which is no part of the name
      String from = entry.string("src").orElseThrow().replace("[udn]", "");
      String to = entry.string("dst").orElseThrow().replace("[udn]", "");
      if (entry.string("network").orElse("").contains("in secondary")) {
        String network = entry.string("network").orElseThrow();
        for (String end : List.of(from, to)) {
          lists
              .open
              .computeIfAbsent(end, e -> new TreeSet<>())
              .add(network.substring(network.lastIndexOf(' ') + 1));
        }
        continue;
      }
      PortSet ports = PortSet.NONE;
      for (Node.Entry conns : entry.get("conns").flatMap(Node::asMapping).orElseThrow().entries()) {
        Protocol protocol = Protocol.of(conns.key()).orElseThrow();
        for (Node range : conns.value().asItems()) {
          ports =
              ports.or(
                  PortSet.of(
                      protocol,
                      (int) number(range.asItems().get(0)),
                      (int) number(range.asItems().get(1))));
        }
      }
      if (isRange(from)) {
        lists.addTo(range(from), to, ports);
      } else if (isRange(to)) {
        lists.addFrom(from, range(to), ports);
      } else {
        lists.add(from, to, ports);
      }
      workloads.addAll(Stream.of(from, to).filter(end -> end.indexOf('/') > 0).toList());
    }
    return lists;
  }

  private static long number(Node node) {
    return (Long) ((Node.Scalar) node).value();
  }

  private static boolean isRange(String end) {
    return end.matches("[0-9.]+-[0-9.]+");
  }

  private static Range range(String written) {
    String[] ends = written.split("-", -1);
    return new Range(
        Address.of(ends[0]).value().longValueExact(), Address.of(ends[1]).value().longValueExact());
  }
}
