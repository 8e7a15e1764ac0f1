package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where policies tell pods and nodes apart by their addresses, which manifests do not show, and the
 * blocks that these are from, if the user gives them, do not settle it.
 */
final class UnknownAddresses {

  private UnknownAddresses() {}

  static List<Gap> gaps(Enforcement enforcement, Collection<? extends Endpoint> endpoints) {
    List<Gap> all = new ArrayList<>();
    List<Endpoint> unaddressedHosts = unaddressed(endpoints, Endpoint.Host.class);
    List<Endpoint> hosts = samples(unaddressedHosts);
    List<Endpoint> pods = samples(unaddressed(endpoints, Endpoint.Pod.class));
    List<Endpoint> both = Stream.of(hosts, pods).flatMap(List::stream).toList();
    for (TierMeaning tier : enforcement.tiers()) {
      for (TierPolicy.Rule rule : tier.policy().rules()) {
        if (!both.stream().allMatch(end -> TierSemantics.isSureOf(rule, end))) {
          all.add(
              new Gap(
                  rule.place(),
                  tier.policy() + " matches pods by their addresses, too, and " + taken(both),
                  tier.policy().subject()));
        }
      }
    }
    for (Meaning policy : enforcement.policies()) {
      for (Direction direction : Direction.values()) {
        End other = End.guarded(direction).other();
        add(policy, direction, hosts, "nodes", oneOf(unaddressedHosts, other), all);
        if (policy.blocks() == Blocks.PODS_TOO) {
          add(policy, direction, pods, "pods", new Traffic.IsPod(other), all);
        }
      }
    }
    return all;
  }

  /**
   * Whether what a pod lets in from a node depends on the node's address, which is not known: that
   * is tried with an address on each side of every border of the blocks that bear on the pod.
   */
  static boolean matter(Enforcement enforcement, Flow fromNode) {
    if (!(fromNode.to() instanceof Endpoint.Pod pod) || !fromNode.from().addresses().isEmpty()) {
      return false;
    }
    Enforcement about = enforcement.about(pod);
    Traffic allowed = about.allowed(Direction.INGRESS);
    boolean some = false;
    boolean all = true;
    for (Address address : addresses(about, fromNode.from().ranges())) {
      Endpoint node = new Endpoint.Host(fromNode.from().toString(), List.of(address));
      boolean lets =
          FlowEvaluator.contains(
              allowed, new Flow(node, pod, fromNode.protocol(), fromNode.port()));
      some |= lets;
      all &= lets;
    }
    return some && !all;
  }

  /**
   * One on each side of every border, of those that a node may have; IPv4 where nothing is said.
   */
  private static Set<Address> addresses(Enforcement about, List<Cidr> ranges) {
    List<Cidr> within =
        ranges.isEmpty()
            ? AddressSpace.PRIVATE.within().stream().filter(block -> !block.first().v6()).toList()
            : ranges;
    Set<Address> borders = new LinkedHashSet<>();
    within.forEach(range -> borders.add(range.first()));
    List<Cidr> blocks = new ArrayList<>();
    about.policies().stream()
        .flatMap(policy -> policy.rules(Direction.INGRESS).stream())
        .forEach(rule -> blocks.addAll(PolicySemantics.blocks(rule.rule())));
    about.tiers().stream()
        .flatMap(tier -> tier.rules(Direction.INGRESS).stream())
        .forEach(rule -> blocks.addAll(TierSemantics.blocks(rule.rule())));
    for (Cidr block : blocks) {
      borders.add(block.first());
      block.last().next().ifPresent(borders::add);
    }
    borders.removeIf(address -> within.stream().noneMatch(range -> range.contains(address)));
    return borders;
  }

  private static List<Endpoint> unaddressed(
      Collection<? extends Endpoint> endpoints, Class<? extends Endpoint> type) {
    return endpoints.stream()
        .filter(endpoint -> type.isInstance(endpoint) && endpoint.addresses().isEmpty())
        .<Endpoint>map(endpoint -> endpoint)
        .toList();
  }

  /** One for each sort of addresses that some endpoints may have. */
  private static List<Endpoint> samples(Collection<? extends Endpoint> unaddressed) {
    Map<List<Cidr>, Endpoint> samples = new LinkedHashMap<>();
    unaddressed.forEach(endpoint -> samples.putIfAbsent(endpoint.ranges(), endpoint));
    return List.copyOf(samples.values());
  }

  private static String taken(List<Endpoint> ends) {
    return ends.stream().anyMatch(end -> end.ranges().isEmpty())
        ? "some are not known: these are taken to be IPv4, and in no smaller block"
        : "its blocks hold only some that they may have: these are taken to have the first one";
  }

  /** What the user can say in the configuration, who has not said it. */
  private static String remedy(String what, List<Endpoint> ends) {
    return ends.stream().allMatch(end -> end.ranges().isEmpty())
        ? " (cluster." + (what.equals("nodes") ? "nodeCIDRs" : "podCIDRs") + " tells their blocks)"
        : "";
  }

  private static Traffic oneOf(List<Endpoint> hosts, End end) {
    return Traffic.anyOf(
        hosts.stream().<Traffic>map(host -> new Traffic.IsThis(end, host)).toList());
  }

  private static void add(
      Meaning policy,
      Direction direction,
      List<Endpoint> ends,
      String what,
      Traffic others,
      List<Gap> gaps) {
    policy.rules(direction).stream()
        .filter(rule -> !ends.stream().allMatch(end -> PolicySemantics.isSureOf(rule.rule(), end)))
        .findFirst()
        .ifPresent(
            rule ->
                gaps.add(
                    new Gap(
                        rule.place(),
                        policy.policy()
                            + " matches "
                            + what
                            + " by their addresses, and "
                            + taken(ends)
                            + remedy(what, ends),
                        new Peer.Pods(
                            Selector.ofNamespace(policy.policy().namespace()), policy.selector()),
                        policy.subject(direction).and(others))));
  }
}
