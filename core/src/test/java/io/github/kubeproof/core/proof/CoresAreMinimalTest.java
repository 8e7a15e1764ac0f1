package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.TierPolicy.Action;
import io.github.kubeproof.core.proof.TrafficDiff.State;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The lines that a proof rests on are enough, and none of them can be left away: tried out on
 * random policies, by saying the question again with only those lines keeping flows out.
 */
class CoresAreMinimalTest {

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  @Test
  void withoutAnyOfItsLinesAProofFails() {
    int lines = 0;
    int severalLines = 0;
    for (long seed = 0; seed < 60; seed++) {
      // a rule that passes both adds flows and keeps flows out, so no reading without it is weakest
      State state =
          States.of("a.yaml", RandomTiers.yaml(seed).replace("action: Pass", "action: Deny"));
      try (Prover prover =
          Prover.open(name -> Optional.ofNullable(state.inventory().namespaces().get(name)))) {
        for (Traffic question : questions(state.enforcement())) {
          if (prover.isEmpty(question) instanceof Proved proved) {
            Set<Place> because = new HashSet<>(proved.because());
            String where = "seed " + seed + ", " + because;
            assertThat(isEmpty(question, because, prover)).as(where).isTrue();
            for (Place line : because) {
              Set<Place> fewer = new HashSet<>(because);
              fewer.remove(line);
              assertThat(isEmpty(question, fewer, prover)).as(where + " - " + line).isFalse();
            }
            lines += because.size();
            severalLines += because.size() > 1 ? 1 : 0;
          }
        }
      }
    }
    assertThat(lines).isGreaterThan(100);
    assertThat(severalLines).isGreaterThan(10);
  }

  /** Whether the pods of each policy are cut off on some ports, and whether each says it all. */
  private static List<Traffic> questions(Enforcement enforcement) {
    List<Traffic> questions = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      Traffic allowed = enforcement.allowed(direction);
      enforcement
          .policies()
          .forEach(
              policy -> {
                Traffic subject = policy.subject(direction);
                questions.add(subject.and(allowed));
                questions.add(Traffic.allOf(subject, allowed, port(Protocol.TCP, 22)));
                questions.add(Traffic.allOf(subject, allowed, port(Protocol.SCTP, 80)));
                questions.add(subject.and(port(Protocol.TCP, 80)).without(allowed));
              });
      enforcement
          .tiers()
          .forEach(
              tier -> {
                Traffic subject = tier.subject(direction);
                questions.add(Traffic.allOf(subject, allowed, port(Protocol.TCP, 80)));
                questions.add(Traffic.allOf(subject, allowed, port(Protocol.UDP, 80)));
              });
    }
    return questions;
  }

  private static Traffic port(Protocol protocol, int number) {
    return new Traffic.Ports(protocol, number, number);
  }

  private static boolean isEmpty(Traffic question, Set<Place> lines, Prover prover) {
    return prover.isEmpty(question.accept(new OnlyThese(lines))).isProved();
  }

  /** Takes away what keeps flows out, but for some lines. */
  private static final class OnlyThese extends Rewriting {
    private final Set<Place> lines;
    private boolean keepsOut;

    OnlyThese(Set<Place> lines) {
      this.lines = lines;
    }

    @Override
    public Traffic not(Traffic.Not traffic) {
      return new Traffic.Not(flipped(traffic.traffic()));
    }

    @Override
    public Traffic firstMatch(Traffic.FirstMatch traffic) {
      List<Traffic.Case> cases = new ArrayList<>();
      for (Traffic.Case step : traffic.cases()) {
        assertThat(step.action()).isNotEqualTo(Action.PASS);
        Traffic when =
            step.action() == Action.DENY ? flipped(step.when()) : step.when().accept(this);
        cases.add(new Traffic.Case(when, step.action()));
      }
      return new Traffic.FirstMatch(cases, traffic.otherwise().accept(this));
    }

    private Traffic flipped(Traffic traffic) {
      keepsOut = !keepsOut;
      Traffic read = traffic.accept(this);
      keepsOut = !keepsOut;
      return read;
    }

    @Override
    public Traffic written(Traffic.Written traffic) {
      Traffic read = traffic.traffic().accept(this);
      return keepsOut && !lines.contains(traffic.place()) ? Traffic.none() : read;
    }
  }
}
