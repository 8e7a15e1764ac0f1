package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.intent.IntentFlows;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Prover;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.TrafficQuestions;
import io.github.kubeproof.core.proof.Verdict;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.List;

/**
 * Proves what somebody wants of the traffic, or finds what is against it: for every pod, label,
 * address and port that could exist, with all of an input taken to be deployed together.
 */
public final class IntentJudge {

  private final Enforcement enforcement;
  private final List<Gap> gaps;
  private final IntentFlows flows;
  private final Questions written;

  /**
   * A judge of the intents about an input.
   *
   * @param written where the questions go
   */
  public IntentJudge(Inventory inventory, Blocks blocks, Questions written) {
    Population population = Population.of(inventory);
    this.enforcement = Enforcement.of(inventory, blocks);
    this.gaps = enforcement.gaps(population.endpoints());
    this.flows = IntentFlows.of(inventory, population);
    this.written = written;
  }

  /**
   * What becomes of an intent.
   *
   * @throws io.github.kubeproof.core.source.UserError when the input lacks what it names
   */
  public JudgedIntent judge(Intent intent) {
    Traffic asked = flows.flows(intent);
    if (Natives.load() instanceof Natives.Loading.Unavailable unavailable) {
      return new JudgedIntent(intent, new Undecided(unavailable.reason()), List.of(), List.of());
    }
    try (Prover prover = Prover.open(name -> flows.namespaceLabels(intent, name), written)) {
      Verdict verdict = ask(intent, asked, prover);
      List<Gap> touching =
          gaps.stream()
              .filter(gap -> prover.hasFlowIn(List.of(asked, gap.flows())).orElse(true))
              .toList();
      if (!touching.isEmpty()) {
        verdict = withoutDoubt(intent, asked, verdict, touching, prover);
      }
      return new JudgedIntent(
          intent,
          verdict,
          because(verdict),
          touching.stream().map(gap -> gap.place() + ": " + gap.why()).toList());
    }
  }

  private Verdict ask(Intent intent, Traffic asked, Prover prover) {
    return intent.kind() == Intent.Kind.DENY
        ? TrafficQuestions.isBlocked(asked, enforcement, prover)
        : TrafficQuestions.isAllowed(asked, enforcement, prover);
  }

  /**
   * What nobody knows may open what is closed here, or close what is open: so nothing is proved,
   * and a flow against the intent must be one that nothing of it touches.
   */
  private Verdict withoutDoubt(
      Intent intent, Traffic asked, Verdict verdict, List<Gap> touching, Prover prover) {
    if (verdict instanceof Refuted) {
      Traffic doubtful = Traffic.anyOf(touching.stream().map(Gap::flows).toList());
      if (ask(intent, asked.without(doubtful), prover) instanceof Refuted sure) {
        return sure;
      }
    }
    return verdict instanceof Undecided ? verdict : new Undecided(touching.get(0).why());
  }

  private List<Place> because(Verdict verdict) {
    return verdict instanceof Proved proved
        ? proved.because()
        : verdict instanceof Refuted refuted
            ? TrafficQuestions.because(refuted.witness(), enforcement)
            : List.of();
  }
}
