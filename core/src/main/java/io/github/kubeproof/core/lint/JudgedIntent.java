package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.proof.Verdict;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An intent with what became of it.
 *
 * @param because the lines that a proof rests on, or that decide about the witness against it
 * @param remark what else is to be known of the answer; empty for nothing
 * @param doubts what has a say about its flows that nobody knows: then nothing is proved, and only
 *     a flow that nothing of it touches refutes
 */
public record JudgedIntent(
    Intent intent, Verdict verdict, List<Place> because, String remark, List<String> doubts) {

  public JudgedIntent {
    because = List.copyOf(because);
    doubts = List.copyOf(doubts);
  }

  /** {@code proved}, {@code refuted} or {@code undecided}. */
  public String word() {
    return verdict instanceof Proved
        ? "proved"
        : verdict instanceof Refuted ? "refuted" : "undecided";
  }

  /** The flow against it. */
  public Optional<Flow> witness() {
    return verdict instanceof Refuted refuted ? Optional.of(refuted.witness()) : Optional.empty();
  }

  /** The flow against it, or why nobody knows, with what else is to be known; may be empty. */
  public String reason() {
    if (verdict instanceof Undecided undecided) {
      return undecided.why();
    }
    return witness()
        .map(flow -> Witnesses.sentence(flow) + (remark.isEmpty() ? "" : ": " + remark))
        .orElse(remark);
  }

  /** What its lines do, in words that go on with a line. */
  public String role() {
    return verdict instanceof Proved
        ? "rests on"
        : intent.kind() == Intent.Kind.DENY ? "let through by" : "stopped by";
  }

  /** The line to look at: the first that decides, or the intent where nothing was written. */
  public Place place() {
    return because.isEmpty() ? intent.place() : because.get(0);
  }

  /** The other lines that explain it, and the intent itself. */
  public List<Note> notes() {
    List<Note> notes = new ArrayList<>();
    because.stream().skip(1).forEach(place -> notes.add(new Note(place, role() + " this, too")));
    notes.add(new Note(intent.place(), "the intent: " + intent));
    return notes;
  }

  /**
   * The finding of a rule that it is violated.
   *
   * @throws IllegalStateException when it is not refuted
   */
  public Finding finding(RuleInfo rule) {
    Place place = place();
    return Finding.of(
        rule,
        place,
        message(),
        notes(),
        witness().orElseThrow(() -> new IllegalStateException("not refuted: " + intent)));
  }

  /** That nobody knows, and why; when it is undecided. */
  public String undecided() {
    return intent + " is undecided: " + reason();
  }

  /** What is wrong, when it is refuted. */
  String message() {
    return (intent.kind() == Intent.Kind.DENY
            ? "denied traffic gets through: "
            : "allowed traffic is stopped: ")
        + reason();
  }
}
