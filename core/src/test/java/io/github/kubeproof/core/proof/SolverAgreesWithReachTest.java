package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.reach.PortSet;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The solver against the exact sets, in closed worlds of random pods under random policies of all
 * tiers; more answers with {@code -Dsolver.answers=N}.
 */
class SolverAgreesWithReachTest {

  private static final int ANSWERS = Integer.getInteger("kubeproof.solver.answers", 4_000);

  private static final List<PortSet> PORTS =
      List.of(
          PortSet.of(Protocol.TCP, 80, 80),
          PortSet.of(Protocol.UDP, 80, 81),
          PortSet.of(Protocol.SCTP, 1, 65535));

  private static final List<Traffic> TO_PORTS =
      List.of(
          new Traffic.Ports(Protocol.TCP, 80, 80),
          new Traffic.Ports(Protocol.UDP, 80, 81),
          new Traffic.Ports(Protocol.SCTP, 1, 65535));

  private int answers;
  private int empty;

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  @Test
  void theSolverFindsAFlowExactlyWhereTheExactSetsHaveOne() {
    for (long seed = 0; answers < ANSWERS; seed++) {
      check(seed);
    }
    assertThat(answers).isGreaterThanOrEqualTo(ANSWERS);
    // both answers are common, so agreement says something
    assertThat(empty).isBetween(answers / 20, answers * 9 / 10);
  }

  private void check(long seed) {
    RandomCluster cluster = RandomCluster.of(seed);
    Reach reach = new Reach(cluster.endpoints(), cluster.enforcement());
    List<Endpoint> endpoints = new ArrayList<>(cluster.endpoints());
    RandomCluster.ADDRESSES.forEach(address -> endpoints.add(new Outside(address)));
    List<Pod> pods = endpoints.stream().flatMap(endpoint -> endpoint.asPod().stream()).toList();
    try (Prover prover = Prover.closed(cluster::namespaceLabels, pods)) {
      for (Pod pod : pods) {
        for (Direction direction : Direction.values()) {
          End end = End.guarded(direction);
          Traffic here = Endpoints.only(end, pod);
          Traffic allowed = here.and(cluster.enforcement().about(pod).allowed(direction));
          PortSet any = PortSet.NONE;
          for (Endpoint other : endpoints) {
            if (other.equals(pod)) {
              continue;
            }
            String where = "seed " + seed + ", " + direction + " of " + pod + " with " + other;
            PortSet ports =
                direction == Direction.EGRESS
                    ? reach.egress(pod, other)
                    : reach.ingress(other, pod);
            if (other instanceof Pod) {
              any = any.or(ports);
            }
            Traffic there = Endpoints.only(end.other(), other);
            compare(prover, List.of(allowed, there), ports, where);
            for (int i = 0; i < PORTS.size(); i++) {
              compare(
                  prover,
                  List.of(allowed, there, TO_PORTS.get(i)),
                  ports.and(PORTS.get(i)),
                  where + ", " + TO_PORTS.get(i));
            }
          }
          // in a closed world a pod that nobody names is one of these
          Traffic otherPod =
              new Traffic.IsPod(end.other()).without(Endpoints.only(end.other(), pod));
          compare(
              prover,
              List.of(allowed, otherPod),
              any,
              "seed " + seed + ", " + direction + " of " + pod + " with any pod");
        }
      }
    }
  }

  private void compare(Prover prover, List<Traffic> sets, PortSet exact, String where) {
    assertThat(prover.hasFlowIn(sets)).as(where).contains(!exact.isEmpty());
    answers++;
    empty += exact.isEmpty() ? 1 : 0;
  }
}
