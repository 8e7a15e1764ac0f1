package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Natives.Loading.Unavailable;
import io.github.kubeproof.core.proof.Prover;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.Verdict;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers a rule's questions about traffic: for every pod, label, address and port that could
 * exist, or in a closed world for every pod of the input.
 *
 * <p>What could not be decided is remembered and told to the reader of the report, so a rule need
 * not speak of it. Used by one thread; the solver is started at the first question.
 */
public final class Connectivity implements AutoCloseable {

  private final Cluster cluster;
  private final Set<String> gaps = new LinkedHashSet<>();
  private final List<Notice> notices = new ArrayList<>();
  private String rule = "";
  private final Questions written;
  private final Intents intents;
  private @Nullable Prover prover;

  Connectivity(Cluster cluster, Questions written, Intents intents) {
    this.cluster = cluster;
    this.written = written;
    this.intents = intents;
  }

  /**
   * Whether there is no flow in a set.
   *
   * @param about where the question comes from, for the reader who is told that it could not be
   *     decided
   * @return the proof that there is none; absent when there is one, and when nobody knows
   */
  public Optional<Proved> proveEmpty(Traffic traffic, Place about) {
    return ask(traffic, about, Prover::isSurelyEmpty) instanceof Proved proved
        ? Optional.of(proved)
        : Optional.empty();
  }

  /**
   * Whether there can be no flow in a set, whatever pods exist: also in a closed world, where
   * {@link #proveEmpty} speaks of the pods of the input alone.
   */
  public Optional<Proved> proveImpossible(Traffic traffic, Place about) {
    return proveImpossible(List.of(traffic), about);
  }

  /**
   * Whether there can be no flow that is in all of some sets. Asked again with the same objects, a
   * set costs little.
   */
  public Optional<Proved> proveImpossible(List<Traffic> sets, Place about) {
    return ask(sets, about, Prover::isImpossible) instanceof Proved proved
        ? Optional.of(proved)
        : Optional.empty();
  }

  /**
   * Whether every flow of one set is in another, whatever pods exist; absent when one is not, and
   * when nobody knows.
   */
  public Optional<Proved> proveContained(Traffic inner, Traffic outer, Place about) {
    return proveImpossible(inner.without(outer), about);
  }

  /**
   * A flow of a set, the plainest there is and the same one on every run; absent when there is
   * none, and when nobody knows.
   *
   * @param about where the question comes from, for the reader who is told that it could not be
   *     decided
   */
  public Optional<Flow> witness(Traffic traffic, Place about) {
    return ask(traffic, about, Prover::isEmpty) instanceof Refuted refuted
        ? Optional.of(refuted.witness())
        : Optional.empty();
  }

  /**
   * The intents of the user of a kind that a flow violates, where this unit is to speak of it: each
   * is told in one unit, judged with everything of the input.
   */
  public List<JudgedIntent> violated(Intent.Kind kind) {
    return intents.refutedIn(cluster, kind);
  }

  private <T> Verdict ask(T asked, Place about, BiFunction<Prover, T, Verdict> question) {
    if (Natives.load() instanceof Unavailable unavailable) {
      gaps.add("no question about traffic was decided: " + unavailable.reason());
      return new Undecided(unavailable.reason());
    }
    if (prover == null) {
      prover = start();
    }
    Verdict verdict = question.apply(prover, asked);
    if (verdict instanceof Undecided undecided) {
      notices.add(
          new Notice(
              about.source(), about.span(), rule + " is undecided here: " + undecided.why(), true));
    }
    return verdict;
  }

  private Prover start() {
    World world = cluster.world();
    if (!cluster.settings().closedWorld()) {
      return Prover.open(world::namespaceLabels, written);
    }
    List<Endpoint.Pod> pods = new ArrayList<>();
    for (Workload workload : world.workloads()) {
      Endpoints.of(workload).asPod().ifPresent(pods::add);
    }
    return Prover.closed(world::namespaceLabels, pods, written);
  }

  /** Whose questions come next. */
  void askedBy(RuleInfo info) {
    rule = info.id();
  }

  /** What concerns the whole run, each once. */
  Set<String> gaps() {
    return gaps;
  }

  List<Notice> notices() {
    return notices;
  }

  @Override
  public void close() {
    if (prover != null) {
      prover.close();
    }
  }
}
