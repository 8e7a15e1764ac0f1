package io.github.kubeproof.core.proof;

import com.microsoft.z3.Context;
import io.github.kubeproof.core.proof.Session.Question;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about sets of flows with the solver. Owns native memory; used by one thread,
 * closed by whoever made it.
 *
 * <p>A question of yes or no is first met with a few guesses, and then asked in a session that
 * answers many. To look for the plainest witness, or for the smallest reason, takes dozens of small
 * steps, each the cheaper the less the solver has to keep in mind: so it gets a session of its own,
 * which also makes it independent of what was asked before.
 */
public final class Prover implements AutoCloseable {

  /**
   * How much work the solver may do for a question, in its own units: the same on every machine.
   */
  public static final int RESOURCE_LIMIT = 2_000_000;

  /**
   * After how many questions a session is given up for a new one: the solver has to satisfy all
   * that it was ever told, also what the question at hand does not assume.
   */
  private static final int MOST_QUESTIONS = 100;

  private Context context = new Context();
  private final Function<String, Optional<Map<String, String>>> namespaceLabels;
  private final @Nullable List<Pod> only;
  private final int resourceLimit;
  private final Questions written;
  private Session session;
  // other sessions in the same context, whose memory lives as long
  private int others;

  private Prover(
      Function<String, Optional<Map<String, String>>> namespaceLabels,
      @Nullable List<Pod> only,
      int resourceLimit,
      Questions written) {
    this.namespaceLabels = namespaceLabels;
    this.only = only;
    this.resourceLimit = resourceLimit;
    this.written = written;
    this.session = writtenSession();
  }

  /** For new questions. */
  private Session writtenSession() {
    return sessionIn(context, written);
  }

  private Session sessionIn(Context home, Questions to) {
    return new Session(home, namespaceLabels, only, resourceLimit, to);
  }

  /**
   * A prover for a world in which any pod may exist.
   *
   * @param namespaceLabels all labels of a namespace; empty when they are not known
   */
  public static Prover open(Function<String, Optional<Map<String, String>>> namespaceLabels) {
    return open(namespaceLabels, Questions.UNWRITTEN);
  }

  /**
   * A prover for a world in which any pod may exist.
   *
   * @param written where its questions go
   */
  public static Prover open(
      Function<String, Optional<Map<String, String>>> namespaceLabels, Questions written) {
    return new Prover(namespaceLabels, null, RESOURCE_LIMIT, written);
  }

  /** A prover for a world in which there are no pods but certain ones. */
  public static Prover closed(
      Function<String, Optional<Map<String, String>>> namespaceLabels, List<Pod> pods) {
    return closed(namespaceLabels, pods, Questions.UNWRITTEN);
  }

  /**
   * A prover for a world in which there are no pods but certain ones.
   *
   * @param written where its questions go
   */
  public static Prover closed(
      Function<String, Optional<Map<String, String>>> namespaceLabels,
      List<Pod> pods,
      Questions written) {
    return new Prover(namespaceLabels, List.copyOf(pods), RESOURCE_LIMIT, written);
  }

  static Prover limited(int resourceLimit) {
    return new Prover(name -> Optional.empty(), null, resourceLimit, Questions.UNWRITTEN);
  }

  /** Whether there is no flow in a set; the witness against it is the plainest there is. */
  public Verdict isEmpty(Traffic traffic) {
    Question question = ask(List.of(traffic), true);
    if (question.isUnknown()) {
      return new Undecided(question.reason());
    }
    if (!question.isSatisfiable()) {
      return new Proved(because(question, List.of(traffic), true));
    }
    // asked, and written, before
    return plainestIn(traffic, Questions.UNWRITTEN)
        .<Verdict>map(Refuted::new)
        .orElse(new Undecided("the solver gave up while it looked for the plainest witness"));
  }

  /**
   * The plainest flow in a set in which there is one.
   *
   * @return empty when the solver did not find one within its limits
   */
  public Optional<Flow> plainestIn(Traffic traffic) {
    return plainestIn(traffic, written);
  }

  private Optional<Flow> plainestIn(Traffic traffic, Questions to) {
    renewIfFull();
    others++;
    Question question = sessionIn(context, to).ask(List.of(traffic), true);
    return question.isSatisfiable()
        ? Optional.of(replayed(traffic, question.plainest()))
        : Optional.empty();
  }

  /**
   * Whether there is no flow in a set, for those who only want to know: a refutation has the first
   * witness that comes up.
   */
  public Verdict isSurelyEmpty(Traffic traffic) {
    return surely(List.of(traffic), true);
  }

  /**
   * Whether there is a flow that is in all of some sets, without a witness or a reason. Asked again
   * with the same objects, a set costs nothing: many small questions about one large set are best
   * asked so.
   *
   * @return empty when the solver gave no answer within its limits
   */
  public Optional<Boolean> hasFlowIn(List<Traffic> sets) {
    if (guess(sets, true).isPresent()) {
      return Optional.of(true);
    }
    Question question = ask(sets, true);
    if (question.isUnknown()) {
      return Optional.empty();
    }
    if (question.isSatisfiable()) {
      replayed(Traffic.allOf(sets), question.first());
    }
    return Optional.of(question.isSatisfiable());
  }

  /** Like {@link #isSurelyEmpty}, but for every pod that could exist, in a closed world too. */
  public Verdict isImpossible(Traffic traffic) {
    return isImpossible(List.of(traffic));
  }

  /**
   * Whether there can be no flow that is in all of some sets. Asked again with the same objects, a
   * set costs little.
   */
  public Verdict isImpossible(List<Traffic> sets) {
    return surely(sets, false);
  }

  private Verdict surely(List<Traffic> sets, boolean inItsWorld) {
    Optional<Flow> guess = guess(sets, inItsWorld);
    if (guess.isPresent()) {
      return new Refuted(guess.get());
    }
    Question question = ask(sets, inItsWorld);
    if (question.isUnknown()) {
      return new Undecided(question.reason());
    }
    return question.isSatisfiable()
        ? new Refuted(replayed(Traffic.allOf(sets), question.first()))
        : new Proved(because(question, sets, inItsWorld));
  }

  /** What is to be written down, the solver is asked about. */
  private Optional<Flow> guess(List<Traffic> sets, boolean inItsWorld) {
    boolean open = only == null || !inItsWorld;
    return open && !written.areWritten() ? Guess.in(sets, namespaceLabels) : Optional.empty();
  }

  private Question ask(List<Traffic> sets, boolean inItsWorld) {
    renewIfFull();
    return session.ask(sets, inItsWorld);
  }

  private void renewIfFull() {
    if (session.questions() + others >= MOST_QUESTIONS) {
      context.close();
      context = new Context();
      session = writtenSession();
      others = 0;
    }
  }

  /**
   * Of several smallest reasons, the one that is found must not depend on earlier questions: not on
   * what the solver has learnt, nor on the numbers that a context gives to formulas.
   */
  private List<Place> because(Question question, List<Traffic> sets, boolean inItsWorld) {
    if (question.hasOneReasonAtMost()) {
      return question.because();
    }
    try (Context fresh = new Context()) {
      return sessionIn(fresh, Questions.UNWRITTEN).ask(sets, inItsWorld).because();
    }
  }

  private static Flow replayed(Traffic traffic, Flow witness) {
    if (!FlowEvaluator.contains(traffic, witness)) {
      throw new IllegalStateException(
          "the solver's witness "
              + witness
              + " is not in the set that it was asked about: "
              + traffic);
    }
    return witness;
  }

  @Override
  public void close() {
    context.close();
  }
}
