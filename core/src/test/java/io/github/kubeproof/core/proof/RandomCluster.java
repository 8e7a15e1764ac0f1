package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.cluster.Worlds;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Draws a cluster: the policies and networks of {@link RandomTiers}, and endpoints that they tell
 * apart.
 *
 * @param namespaces the labels of each
 * @param endpoints ten pods and two hosts
 */
public record RandomCluster(
    Map<String, Map<String, String>> namespaces,
    Enforcement enforcement,
    List<Endpoint> endpoints) {

  public static final List<Address> ADDRESSES =
      List.of(
          Address.of("10.0.0.1"),
          Address.of("10.1.0.1"),
          Address.of("10.1.1.1"),
          Address.of("128.0.0.1"),
          Address.of("fd00::1"),
          Address.of("fd01::1"));

  public RandomCluster {
    namespaces = Map.copyOf(namespaces);
    endpoints = List.copyOf(endpoints);
  }

  /** The cluster of a seed. */
  public static RandomCluster of(long seed) {
    Random random = new Random(seed);
    World world =
        Worlds.of(RandomNetworks.SETTINGS, new Source("test.yaml", ".", RandomTiers.yaml(seed)));
    List<Policy> policies = new ArrayList<>();
    List<TierPolicy> tiers = new ArrayList<>();
    world.clusters().forEach(cluster -> policies.addAll(cluster.policies()));
    world.clusters().forEach(cluster -> tiers.addAll(cluster.tierPolicies()));
    Enforcement enforcement =
        Enforcement.of(
                policies,
                tiers,
                List.of(),
                random.nextBoolean() ? Blocks.PODS_TOO : Blocks.OUTSIDE_ONLY)
            .in(RandomNetworks.of(world));
    Map<String, Map<String, String>> namespaces = new TreeMap<>();
    for (String name : List.of("one", "two", "three")) {
      Map<String, String> labels = new TreeMap<>(Map.of(World.NAMESPACE_NAME, name));
      if (random.nextBoolean()) {
        labels.put(Network.NAMESPACE_LABEL, "");
      }
      namespaces.put(name, world.namespaceLabels(name).orElse(labels));
    }
    return new RandomCluster(namespaces, enforcement, endpoints(random, namespaces));
  }

  /** The labels of a namespace: none but its name where there is no such one. */
  Optional<Map<String, String>> namespaceLabels(String name) {
    return Optional.of(namespaces.getOrDefault(name, Map.of(World.NAMESPACE_NAME, name)));
  }

  /** One of a list. */
  public static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static List<Endpoint> endpoints(
      Random random, Map<String, Map<String, String>> namespaces) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String namespace = any(random, List.of("one", "two", "three"));
      List<Address> addresses = random.nextBoolean() ? List.of() : List.of(any(random, ADDRESSES));
      endpoints.add(
          new Pod(
              namespace + "/p" + i,
              Pod.ONLY,
              namespace,
              Objects.requireNonNull(namespaces.get(namespace)),
              any(
                  random,
                  List.of(
                      Map.of(),
                      Map.of("app", "a"),
                      Map.of("app", ""),
                      Map.of("env", "a"),
                      Map.of("app", "", "env", "other"))),
              any(
                  random,
                  List.of(
                      Map.<PortName, Integer>of(),
                      Map.of(new PortName("web", Protocol.TCP), 80),
                      Map.of(
                          new PortName("web", Protocol.TCP),
                          82,
                          new PortName("web", Protocol.UDP),
                          80))),
              addresses));
    }
    endpoints.add(new Host("DaemonSet one/proxy", List.of()));
    endpoints.add(new Host("one/proxy-1", List.of(Address.of("10.0.0.1"))));
    return endpoints;
  }
}
