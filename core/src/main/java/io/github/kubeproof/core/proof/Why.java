package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierRuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why an end lets a flow through, or does not, and what would have to change.
 *
 * <p>Owns a solver; used by one thread, closed by whoever made it.
 */
public final class Why implements AutoCloseable {

  private final Enforcement enforcement;
  private final Openings openings;
  private final Prover prover;

  /** What an end does with a flow. */
  public enum Answer {
    ALLOWED,
    BLOCKED,
    /** The solver gave no answer. */
    UNDECIDED
  }

  /**
   * A piece that decides.
   *
   * @param words a sentence about it: {@code policy shop/db isolates it}
   */
  public record Reason(Place place, String words) {}

  /**
   * What one end does with a flow.
   *
   * @param because pieces that suffice for the answer, whatever else is written, and none of which
   *     can be left away; empty for what is allowed because nothing is written about it
   */
  public record Side(Direction direction, Answer answer, List<Reason> because) {
    public Side {
      because = List.copyOf(because);
    }
  }

  /**
   * @param enforcement of the policies of the inventory
   * @param blocks what blocks mean in it
   * @param written where its questions go
   */
  public Why(Inventory inventory, Enforcement enforcement, Blocks blocks, Questions written) {
    this.enforcement = enforcement;
    this.prover = Prover.open(name -> Optional.of(inventory.namespaceLabels(name)), written);
    this.openings = new Openings(enforcement, blocks, prover);
  }

  /**
   * What the end that a direction guards does; empty where it is no pod, so nothing is enforced.
   */
  public Optional<Side> side(Direction direction, Flow flow) {
    return flow.end(End.guarded(direction))
        .asPod()
        .map(pod -> side(direction, flow, enforcement.about(pod)));
  }

  private Side side(Direction direction, Flow flow, Enforcement about) {
    boolean allowed = FlowEvaluator.contains(about.allowed(direction), flow);
    Traffic deciding = deciding(direction, flow, about);
    Verdict verdict =
        prover.isImpossible(List.of(only(flow), allowed ? new Traffic.Not(deciding) : deciding));
    if (verdict instanceof Refuted refuted) {
      throw new IllegalStateException(
          "the solver has another answer than the evaluator about "
              + direction.key()
              + " of "
              + flow
              + ": "
              + refuted.witness());
    }
    if (verdict instanceof Undecided) {
      return new Side(direction, Answer.UNDECIDED, List.of());
    }
    List<Reason> reasons = new ArrayList<>();
    for (Place place : ((Proved) verdict).because()) {
      reasons.add(new Reason(place, words(place, about)));
    }
    return new Side(direction, allowed ? Answer.ALLOWED : Answer.BLOCKED, reasons);
  }

  /**
   * A set that has the flow just when the end lets it through: what networks keep apart, or what
   * the Admin tier says alone, where it decides, because nobody asks the others then, although they
   * may say the same.
   */
  private static Traffic deciding(Direction direction, Flow flow, Enforcement about) {
    if (!FlowEvaluator.contains(about.within(direction), flow)) {
      return about.within(direction);
    }
    Traffic closed = about.admin(direction, Traffic.none());
    Traffic open = about.admin(direction, Traffic.all());
    if (FlowEvaluator.contains(closed, flow)) {
      return closed;
    }
    return FlowEvaluator.contains(open, flow) ? about.allowed(direction) : open;
  }

  /** Just one flow. */
  static Traffic only(Flow flow) {
    return Traffic.allOf(
        Endpoints.only(End.FROM, flow.from()),
        Endpoints.only(End.TO, flow.to()),
        new Traffic.Ports(flow.protocol(), flow.port(), flow.port()));
  }

  private static String words(Place place, Enforcement about) {
    for (Network network : about.networks()) {
      if (network.place().equals(place)) {
        return network + " keeps its pods apart from those of other networks";
      }
    }
    for (Meaning policy : about.policies()) {
      if (policy.place().equals(place)) {
        return policy.policy() + " isolates it";
      }
      for (RuleMeaning rule : policy.rules()) {
        if (rule.place().equals(place)) {
          return rule.rule() + " allows it";
        }
      }
    }
    for (TierMeaning policy : about.tiers()) {
      for (TierRuleMeaning rule : policy.rules()) {
        if (rule.rule().place().equals(place)) {
          return rule.rule().direction().key()
              + " rule "
              + (rule.rule().index() + 1)
              + " of "
              + policy.policy()
              + does(rule.rule().action());
        }
      }
    }
    throw new IllegalStateException("no policy is written at " + place);
  }

  private static String does(TierPolicy.Action action) {
    return switch (action) {
      case ALLOW -> " accepts it";
      case DENY -> " denies it";
      case PASS -> " passes it on";
    };
  }

  /**
   * The smallest change that makes an end let a flow through which it blocks: the first that opens
   * nothing else, or else the first that opens it at all; empty where there is none. As no policy
   * names a node, that for a node is a rule for everybody, at the port.
   */
  public Optional<Opening> opening(Side blocked, Flow flow) {
    return openings.find(blocked, flow);
  }

  /** Names of what flows have at their ends. */
  static String name(Endpoint endpoint) {
    String id = endpoint.toString();
    return id.substring(id.lastIndexOf('/') + 1);
  }

  @Override
  public void close() {
    prover.close();
  }
}
