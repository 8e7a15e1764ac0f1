package io.github.kubeproof.core.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.proof.RandomCluster;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Given;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The exact sets against the plain reading, on random policies of all tiers and random flows; more
 * with {@code -Doracle.clusters=N}.
 */
class ReachAgreesWithEvaluatorTest {

  private static final int CLUSTERS = Integer.getInteger("kubeproof.oracle.clusters", 100);
  private static final int FLOWS = 500;

  @Test
  void everyFlowIsInBothOrInNone() {
    int judged = 0;
    int allowed = 0;
    for (long seed = 0; seed < CLUSTERS; seed++) {
      Random random = new Random(seed);
      RandomCluster cluster = RandomCluster.of(seed);
      Enforcement enforcement = cluster.enforcement();
      assertThat(enforcement.gaps()).as("seed " + seed).isEmpty();
      List<Endpoint> endpoints = new ArrayList<>(cluster.endpoints());
      Reach reach = new Reach(endpoints, enforcement);
      RandomCluster.ADDRESSES.forEach(address -> endpoints.add(new Outside(address)));
      Traffic egress = enforcement.allowed(Direction.EGRESS);
      Traffic ingress = enforcement.allowed(Direction.INGRESS);
      Traffic both = enforcement.allowed();
      for (int i = 0; i < FLOWS; i++) {
        Flow flow =
            new Flow(
                RandomCluster.any(random, endpoints),
                RandomCluster.any(random, endpoints),
                RandomCluster.any(random, List.of(Protocol.values())),
                78 + random.nextInt(5));
        String where = "seed " + seed + ", " + flow;
        boolean plain = FlowEvaluator.contains(both, flow);
        assertThat(reach.allows(flow)).as(where).isEqualTo(plain);
        if (i % 50 == 0) {
          assertThat(holds(Reach.ports(flow.from(), flow.to(), enforcement), flow))
              .as(where)
              .isEqualTo(plain);
        }
        boolean itself = FlowEvaluator.contains(new Traffic.ToItself(), flow);
        assertThat(holds(reach.egress(flow.from(), flow.to()), flow))
            .as(where)
            .isEqualTo(itself || FlowEvaluator.contains(egress, flow));
        assertThat(holds(reach.ingress(flow.from(), flow.to()), flow))
            .as(where)
            .isEqualTo(itself || FlowEvaluator.contains(ingress, flow));
        if (!itself) {
          for (End end : End.values()) {
            Traffic rest = Given.rest(both, end, flow.end(end));
            assertThat(FlowEvaluator.contains(rest, flow)).as(where).isEqualTo(plain);
            for (Traffic part : ofItsKind(both, end, flow.end(end))) {
              assertThat(FlowEvaluator.contains(part, flow)).as(where).isEqualTo(plain);
            }
          }
          assertThat(mayUse(reach, flow)).as(where).isEqualTo(plain && isInTheCluster(flow.to()));
        }
        judged++;
        allowed += plain ? 1 : 0;
      }
    }
    assertThat(judged).isEqualTo(CLUSTERS * FLOWS);
    // both answers are common, so agreement says something
    assertThat(allowed).isBetween(judged / 10, judged * 9 / 10);
  }

  /** What remains when only the kind of an end is known. */
  private static List<Traffic> ofItsKind(Traffic traffic, End end, Endpoint endpoint) {
    if (endpoint instanceof Pod pod) {
      return List.of(
          Given.podIn(traffic, end, pod.namespace(), pod.namespaceLabels()),
          Given.podElsewhere(traffic, end, Set.of("nowhere")));
    }
    return endpoint instanceof Outside ? List.of(Given.outside(traffic, end)) : List.of();
  }

  private static boolean isInTheCluster(Endpoint endpoint) {
    return !(endpoint instanceof Outside);
  }

  private static boolean mayUse(Reach reach, Flow flow) {
    List<Endpoint> pods = isInTheCluster(flow.to()) ? List.of(flow.to()) : List.of();
    List<Endpoint> sources = List.of(flow.from());
    boolean outside = !isInTheCluster(flow.from());
    return !reach.users(sources, outside, pods, flow.protocol(), flow.port()).isEmpty();
  }

  private static boolean holds(PortSet ports, Flow flow) {
    return ports.contains(flow.protocol(), flow.port());
  }
}
