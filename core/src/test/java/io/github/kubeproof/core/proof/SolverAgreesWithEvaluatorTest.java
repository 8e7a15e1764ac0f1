package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.cluster.Worlds;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The solver against the plain reading, on random policies and networks for which every sort of
 * flow can be tried out: it finds a flow exactly where there is one. {@code mvn -Djqwik.tries=2000}
 * tries more.
 */
class SolverAgreesWithEvaluatorTest {

  private static final AllFlows FLOWS = new AllFlows();

  @BeforeContainer
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  @Property
  void aSetIsProvedEmptyExactlyWhenNoFlowIsInIt(@ForAll long seed) {
    World world =
        Worlds.of(
            RandomNetworks.SETTINGS,
            new Source("test.yaml", ".", RandomPolicies.yaml(seed) + RandomNetworks.yaml(seed)));
    List<Meaning> policies = new ArrayList<>();
    world
        .clusters()
        .forEach(
            cluster ->
                cluster.policies().forEach(p -> policies.add(PolicySemantics.of(p).orElseThrow())));
    try (Prover prover = Prover.open(world::namespaceLabels)) {
      for (Traffic question : questions(policies, RandomNetworks.of(world))) {
        Verdict verdict = prover.isEmpty(question);
        // what is guessed without the solver must be possible, too
        assertThat(prover.isSurelyEmpty(question).isProved())
            .as("seed " + seed + ", " + question)
            .isEqualTo(verdict.isProved());
        if (verdict instanceof Refuted) {
          continue; // its witness has been replayed by the prover itself
        }
        assertThat(verdict).isInstanceOf(Proved.class);
        Optional<Flow> flow = FLOWS.find(question);
        assertThat(flow).as("seed " + seed + ", " + question).isEmpty();
      }
    }
  }

  /**
   * What rules ask: is something let through, is one rule inside the others, is an exception of any
   * use.
   */
  private static List<Traffic> questions(List<Meaning> policies, List<Network> networks) {
    Enforcement enforcement = Enforcement.of(policies).in(networks);
    List<Traffic> questions = new ArrayList<>();
    questions.add(enforcement.allowed());
    // pods of networks, and what they can reach but should not
    questions.add(
        enforcement
            .within(Direction.EGRESS)
            .without(enforcement.within(Direction.INGRESS))
            .and(enforcement.allowed(Direction.EGRESS)));
    for (Direction direction : Direction.values()) {
      List<Traffic> allowed = new ArrayList<>();
      for (Meaning policy : policies) {
        questions.add(policy.subject(direction).and(enforcement.allowed(direction)));
        questions.add(policy.subject(direction).without(enforcement.allowed(direction)));
        for (RuleMeaning rule : policy.rules(direction)) {
          Traffic traffic = policy.subject(direction).and(rule.allowed());
          questions.add(traffic);
          for (String except : List.of("10.1.0.0/16", "10.1.0.0/24", "fd00::/16")) {
            End peer = End.guarded(direction).other();
            questions.add(traffic.and(new Traffic.InBlock(peer, Cidr.of(except))));
          }
          questions.add(traffic.without(Traffic.anyOf(allowed)));
          questions.add(Traffic.anyOf(allowed).without(traffic));
          allowed.add(traffic);
        }
      }
    }
    return questions;
  }
}
