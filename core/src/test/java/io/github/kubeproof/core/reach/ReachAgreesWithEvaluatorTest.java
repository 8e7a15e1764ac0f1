package io.github.kubeproof.core.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.cluster.Worlds;
import io.github.kubeproof.core.proof.RandomTiers;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The exact sets against the plain reading, on random policies of all tiers and random flows; more
 * with {@code -Doracle.clusters=N}.
 */
class ReachAgreesWithEvaluatorTest {

  private static final int CLUSTERS = Integer.getInteger("kubeproof.oracle.clusters", 100);
  private static final int FLOWS = 500;

  private static final List<Address> ADDRESSES =
      List.of(
          Address.of("10.0.0.1"),
          Address.of("10.1.0.1"),
          Address.of("10.1.1.1"),
          Address.of("128.0.0.1"),
          Address.of("fd00::1"),
          Address.of("fd01::1"));

  @Test
  void everyFlowIsInBothOrInNone() {
    int judged = 0;
    int allowed = 0;
    for (long seed = 0; seed < CLUSTERS; seed++) {
      Random random = new Random(seed);
      World world = Worlds.of(RandomTiers.yaml(seed));
      List<Policy> policies = new ArrayList<>();
      List<TierPolicy> tiers = new ArrayList<>();
      world.clusters().forEach(cluster -> policies.addAll(cluster.policies()));
      world.clusters().forEach(cluster -> tiers.addAll(cluster.tierPolicies()));
      Enforcement enforcement =
          Enforcement.of(
              policies,
              tiers,
              List.of(),
              random.nextBoolean() ? Blocks.PODS_TOO : Blocks.OUTSIDE_ONLY);
      assertThat(enforcement.gaps()).as("seed " + seed).isEmpty();
      List<Endpoint> endpoints = endpoints(random, world);
      Reach reach = new Reach(endpoints, enforcement);
      ADDRESSES.forEach(address -> endpoints.add(new Outside(address)));
      Traffic egress = enforcement.allowed(Direction.EGRESS);
      Traffic ingress = enforcement.allowed(Direction.INGRESS);
      Traffic both = enforcement.allowed();
      for (int i = 0; i < FLOWS; i++) {
        Flow flow =
            new Flow(
                any(random, endpoints),
                any(random, endpoints),
                any(random, List.of(Protocol.values())),
                78 + random.nextInt(5));
        String where = "seed " + seed + ", " + flow;
        boolean plain = FlowEvaluator.contains(both, flow);
        assertThat(reach.allows(flow)).as(where).isEqualTo(plain);
        boolean itself = FlowEvaluator.contains(new Traffic.ToItself(), flow);
        assertThat(holds(reach.egress(flow.from(), flow.to()), flow))
            .as(where)
            .isEqualTo(itself || FlowEvaluator.contains(egress, flow));
        assertThat(holds(reach.ingress(flow.from(), flow.to()), flow))
            .as(where)
            .isEqualTo(itself || FlowEvaluator.contains(ingress, flow));
        judged++;
        allowed += plain ? 1 : 0;
      }
    }
    assertThat(judged).isEqualTo(CLUSTERS * FLOWS);
    // both answers are common, so agreement says something
    assertThat(allowed).isBetween(judged / 10, judged * 9 / 10);
  }

  private static boolean holds(PortSet ports, Flow flow) {
    return ports.contains(flow.protocol(), flow.port());
  }

  private static List<Endpoint> endpoints(Random random, World world) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String namespace = any(random, List.of("one", "two", "three"));
      List<Address> addresses = random.nextBoolean() ? List.of() : List.of(any(random, ADDRESSES));
      endpoints.add(
          new Pod(
              namespace + "/p" + i,
              Pod.ONLY,
              namespace,
              world
                  .namespaceLabels(namespace)
                  .orElse(Map.of("kubernetes.io/metadata.name", namespace)),
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

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
