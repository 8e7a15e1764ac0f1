package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * Endpoints sorted into classes that no policy tells apart, each with a number: pods and hosts
 * first, then the ranges of addresses outside of the cluster between which some block begins or
 * ends, in the order of their addresses.
 */
final class Classes {

  /** What a policy can see of a pod or a host. */
  private record Look(
      boolean pod,
      String namespace,
      Map<String, String> namespaceLabels,
      Map<String, String> labels,
      Map<PortName, Integer> ports,
      List<Boolean> inBlocks) {}

  private final Mentions mentions;
  private final List<Cidr> blocks;
  private final Map<Look, Integer> numbers = new HashMap<>();
  private final Map<Endpoint, Integer> numberOf = new HashMap<>();
  private final List<List<Endpoint>> members = new ArrayList<>();
  private final List<AddressRange> ranges = new ArrayList<>();
  private final TreeMap<Address, Integer> rangeAt = new TreeMap<>();

  private final RoaringBitmap pods = new RoaringBitmap();
  // those whose addresses are known, and the others
  private final RoaringBitmap addressed = new RoaringBitmap();
  private final RoaringBitmap addressless = new RoaringBitmap();
  private final LabelIndex labels = new LabelIndex();
  private final LabelIndex namespaceLabels = new LabelIndex();
  private final Map<Namespace, Integer> namespaceNumbers = new HashMap<>();
  private final List<RoaringBitmap> podsByNamespace = new ArrayList<>();
  private final Map<String, RoaringBitmap> podsByName = new HashMap<>();
  private final Map<Selector, RoaringBitmap> podsByNamespaceLabels = new HashMap<>();
  private final RoaringBitmap outside = new RoaringBitmap();
  private final RoaringBitmap all = new RoaringBitmap();

  private record Namespace(String name, Map<String, String> labels) {}

  Classes(List<Endpoint> endpoints, Mentions mentions) {
    this.mentions = mentions;
    this.blocks = mentions.blocks.stream().sorted((a, b) -> compare(a, b)).toList();
    for (Endpoint endpoint : endpoints) {
      if (!(endpoint instanceof Outside)) {
        add(endpoint);
      }
    }
    addRanges();
    all.add(0L, size());
  }

  private static int compare(Cidr one, Cidr other) {
    int byFirst = one.first().compareTo(other.first());
    return byFirst != 0 ? byFirst : Integer.compare(one.length(), other.length());
  }

  private void add(Endpoint endpoint) {
    int number =
        numbers.computeIfAbsent(
            look(endpoint),
            look -> {
              members.add(new ArrayList<>());
              return members.size() - 1;
            });
    numberOf.put(endpoint, number);
    boolean first = members.get(number).isEmpty();
    members.get(number).add(endpoint);
    (endpoint.takenAddresses().isEmpty() ? addressless : addressed).add(number);
    if (first && endpoint instanceof Pod pod) {
      pods.add(number);
      labels.add(number, seen(pod.labels()));
      podsByName.computeIfAbsent(pod.namespace(), n -> new RoaringBitmap()).add(number);
      int namespace =
          namespaceNumbers.computeIfAbsent(
              new Namespace(pod.namespace(), pod.namespaceLabels()),
              n -> {
                namespaceLabels.add(podsByNamespace.size(), n.labels());
                podsByNamespace.add(new RoaringBitmap());
                return podsByNamespace.size() - 1;
              });
      podsByNamespace.get(namespace).add(number);
    }
  }

  private Look look(Endpoint endpoint) {
    // what has no known address is in the same blocks as all others of its kind
    List<Boolean> inBlocks =
        endpoint.takenAddresses().isEmpty()
            ? List.of()
            : blocks.stream().map(endpoint::isIn).toList();
    if (endpoint instanceof Pod pod) {
      Map<PortName, Integer> ports = new HashMap<>(pod.ports());
      ports.keySet().retainAll(mentions.portNames);
      return new Look(
          true, pod.namespace(), pod.namespaceLabels(), seen(pod.labels()), ports, inBlocks);
    }
    return new Look(false, "", Map.of(), Map.of(), Map.of(), inBlocks);
  }

  private Map<String, String> seen(Map<String, String> written) {
    Map<String, String> seen = new HashMap<>(written);
    seen.keySet().retainAll(mentions.labels);
    return seen;
  }

  private void addRanges() {
    for (Cidr family : List.of(Cidr.ALL_V4, Cidr.ALL_V6)) {
      TreeSet<BigInteger> starts = new TreeSet<>();
      starts.add(BigInteger.ZERO);
      for (Cidr block : blocks) {
        if (block.first().v6() == family.first().v6()) {
          starts.add(block.first().value());
          starts.add(block.last().value().add(BigInteger.ONE));
        }
      }
      BigInteger end = family.last().value().add(BigInteger.ONE);
      starts.remove(end);
      for (BigInteger start : starts) {
        BigInteger next = starts.higher(start);
        Address first = new Address(family.first().v6(), start);
        BigInteger last = (next == null ? end : next).subtract(BigInteger.ONE);
        rangeAt.put(first, members.size() + ranges.size());
        outside.add(members.size() + ranges.size());
        ranges.add(new AddressRange(first, new Address(first.v6(), last)));
      }
    }
  }

  int size() {
    return members.size() + ranges.size();
  }

  /** The number of what is known or outside. */
  int numberOf(Endpoint endpoint) {
    if (endpoint instanceof Outside address) {
      return rangeAt.floorEntry(address.address()).getValue();
    }
    Integer known = numberOf.get(endpoint);
    // a replica is like the others of its workload
    Integer number = known != null ? known : numbers.get(look(endpoint));
    if (number == null) {
      throw new IllegalArgumentException("not one of the endpoints: " + endpoint);
    }
    return number;
  }

  boolean isOutside(int number) {
    return number >= members.size();
  }

  /** The pods and hosts of a class; not for addresses. */
  List<Endpoint> members(int number) {
    return members.get(number);
  }

  AddressRange range(int number) {
    return ranges.get(number - members.size());
  }

  RoaringBitmap all() {
    return all;
  }

  RoaringBitmap pods() {
    return pods;
  }

  RoaringBitmap outside() {
    return outside;
  }

  RoaringBitmap inNamespace(String name) {
    return podsByName.getOrDefault(name, new RoaringBitmap());
  }

  RoaringBitmap withLabels(Selector selector) {
    return labels.matching(selector);
  }

  RoaringBitmap withNamespaceLabels(Selector selector) {
    return podsByNamespaceLabels.computeIfAbsent(
        selector,
        s -> {
          RoaringBitmap found = new RoaringBitmap();
          namespaceLabels
              .matching(s)
              .forEach((int namespace) -> found.or(podsByNamespace.get(namespace)));
          return found;
        });
  }

  RoaringBitmap inBlock(Cidr block) {
    RoaringBitmap found = new RoaringBitmap();
    addressed.forEach((int number) -> addIfIn(block, number, found));
    if (!addressless.isEmpty() && members.get(addressless.first()).get(0).isIn(block)) {
      found.or(addressless); // nothing tells them apart
    }
    found.add(
        (long) numberOf(new Outside(block.first())), numberOf(new Outside(block.last())) + 1L);
    return found;
  }

  private void addIfIn(Cidr block, int number, RoaringBitmap found) {
    if (members.get(number).get(0).isIn(block)) {
      found.add(number);
    }
  }

  /** The pods that declare a port name, by the number that it stands for. */
  Map<Integer, RoaringBitmap> withPort(PortName name) {
    Map<Integer, RoaringBitmap> found = new TreeMap<>();
    pods.forEach(
        (int number) -> {
          Integer port = ((Pod) members.get(number).get(0)).ports().get(name);
          if (port != null) {
            found.computeIfAbsent(port, p -> new RoaringBitmap()).add(number);
          }
        });
    return found;
  }
}
