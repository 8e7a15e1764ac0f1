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
import java.util.List;
import java.util.Map;
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
                            + taken(ends),
                        new Peer.Pods(
                            Selector.ofNamespace(policy.policy().namespace()), policy.selector()),
                        policy.subject(direction).and(others))));
  }
}
