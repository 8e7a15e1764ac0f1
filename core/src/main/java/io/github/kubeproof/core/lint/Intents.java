package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.intent.Intent;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The intents of the configuration, judged once for all units when the first rule asks. Mutable for
 * that reason, and safe for several threads.
 */
final class Intents {

  private final RuleChoices choices;
  private final Supplier<Inventory> input;
  private final List<Cluster> clusters;
  private final Questions written;
  private final List<Notice> notices = new ArrayList<>();
  private @Nullable List<JudgedIntent> refuted;

  /**
   * Intents that are still to be judged.
   *
   * @param input everything that was read
   */
  Intents(
      RuleChoices choices, Supplier<Inventory> input, List<Cluster> clusters, Questions written) {
    this.choices = choices;
    this.input = input;
    this.clusters = List.copyOf(clusters);
    this.written = written;
  }

  /**
   * The refuted intents of a kind whose place is in a unit; the first unit speaks of those that no
   * line of the input decides.
   */
  List<JudgedIntent> refutedIn(Cluster cluster, Intent.Kind kind) {
    return refuted().stream()
        .filter(intent -> intent.intent().kind() == kind && home(intent.place()).equals(cluster))
        .toList();
  }

  private Cluster home(Place place) {
    for (Cluster cluster : clusters) {
      for (Resource resource : cluster.resources()) {
        if (resource.place().document() == place.document()) {
          return cluster;
        }
      }
    }
    return clusters.get(0);
  }

  private synchronized List<JudgedIntent> refuted() {
    if (refuted == null) {
      refuted = judge();
    }
    return refuted;
  }

  private List<JudgedIntent> judge() {
    List<JudgedIntent> found = new ArrayList<>();
    if (choices.intents().isEmpty()) {
      return found;
    }
    if (!choices.complete()) {
      notices.add(
          Notice.ofRun(
              "the intents of the configuration are not judged, because only a part of what they"
                  + " are about is looked at: give the folder of the configuration, or use kubeproof"
                  + " prove"));
      return found;
    }
    Inventory inventory = input.get();
    if (!inventory.duplicates().isEmpty()) {
      Resource again = inventory.duplicates().get(0);
      notices.add(
          notice(
              again.place(),
              "intents are judged without this " + again + ", which stands elsewhere, too"));
    }
    IntentJudge judge = new IntentJudge(inventory, Blocks.OUTSIDE_ONLY, written);
    choices.intents().forEach(intent -> judge(intent, judge, found));
    return found;
  }

  private void judge(Intent intent, IntentJudge judge, List<JudgedIntent> found) {
    try {
      JudgedIntent judged = judge.judge(intent);
      if (judged.verdict() instanceof Refuted) {
        found.add(judged);
      } else if (judged.verdict() instanceof Undecided) {
        notices.add(notice(intent.place(), judged.undecided()));
      }
    } catch (UserError e) {
      notices.add(notice(intent.place(), intent + " cannot be judged: " + e.getMessage()));
    }
  }

  private static Notice notice(Place place, String message) {
    return new Notice(place.source(), place.span(), message, true);
  }

  /** What could not be judged; to be asked for when all rules have run. */
  synchronized List<Notice> notices() {
    return List.copyOf(notices);
  }
}
