package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Settings.Platform;
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
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves what somebody wants of the traffic, or finds what is against it: for every pod, label,
 * address and port that could exist, with all of an input taken to be deployed together.
 */
public final class IntentJudge {

  /** How many objects are named for which a controller forwards. */
  private static final int MOST_TOLD = 5;

  private final Enforcement enforcement;
  private final Platform platform;
  private final List<Gap> gaps;
  private final List<Gap> gapsOfNodes;
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
    this.platform = inventory.platform();
    this.gaps = enforcement.gaps(population.endpoints());
    // what addresses nodes have is free, so it is no gap
    Endpoint node = new Endpoint.Host("a node", List.of(Cidr.ALL_V4.first()));
    this.gapsOfNodes = new ArrayList<>(enforcement.gaps(List.of(node)));
    gapsOfNodes.removeAll(gaps);
    this.flows = IntentFlows.of(inventory, population);
    this.written = written;
  }

  /**
   * What becomes of an intent. Where none of those that it speaks of has a way to what it names,
   * nothing gets through: so it is proved that they are kept out, with a remark. One that speaks of
   * no flow for another reason says nothing, and is undecided.
   *
   * @throws io.github.kubeproof.core.source.UserError when the input lacks what it names
   */
  public JudgedIntent judge(Intent intent) {
    Traffic asked = flows.flows(intent);
    if (Natives.load() instanceof Natives.Loading.Unavailable unavailable) {
      return plain(intent, new Undecided(unavailable.reason()));
    }
    try (Prover prover = Prover.open(name -> flows.namespaceLabels(intent, name), written)) {
      return withoutWay(intent, asked, prover).orElseGet(() -> judge(intent, asked, prover));
    }
  }

  private JudgedIntent judge(Intent intent, Traffic asked, Prover prover) {
    Verdict verdict = ask(intent, asked, prover);
    if (verdict.isProved() && isSurelyEmpty(asked, prover)) {
      return plain(
          intent,
          new Undecided(
              "there is no flow for it or against it; what a pod sends to itself does not count"));
    }
    List<Gap> touching = new ArrayList<>(touching(gaps, asked, prover));
    Traffic ofNodes = asked.and(Endpoints.isNode(End.FROM, platform));
    touching.addAll(touching(gapsOfNodes, ofNodes, prover));
    if (!touching.isEmpty()) {
      verdict = withoutDoubt(intent, asked, verdict, touching, prover);
    }
    return new JudgedIntent(
        intent,
        verdict,
        because(verdict),
        verdict.isProved() ? forwarded(intent, prover) : wayIn(intent, verdict),
        touching.stream().map(gap -> gap.place() + ": " + gap.why()).toList());
  }

  private static List<Gap> touching(List<Gap> gaps, Traffic asked, Prover prover) {
    return gaps.stream()
        .filter(gap -> prover.hasFlowIn(List.of(asked, gap.flows())).orElse(true))
        .toList();
  }

  private static JudgedIntent plain(Intent intent, Verdict verdict) {
    return new JudgedIntent(intent, verdict, List.of(), "", List.of());
  }

  private static boolean isSurelyEmpty(Traffic traffic, Prover prover) {
    return !prover.hasFlowIn(List.of(traffic)).orElse(true);
  }

  /**
   * What is known where some have no way to a Service, or all; nothing that is unknown opens one.
   */
  private Optional<JudgedIntent> withoutWay(Intent intent, Traffic asked, Prover prover) {
    Optional<Place> service = flows.service(intent);
    if (service.isEmpty()) {
      return Optional.empty();
    }
    Traffic missing = flows.withoutWay(intent);
    boolean deny = intent.kind() == Intent.Kind.DENY;
    if (deny && !isSurelyEmpty(asked, prover)) {
      return Optional.empty();
    }
    Verdict verdict = prover.isEmpty(missing);
    if (verdict.isProved()) {
      return Optional.empty();
    }
    if (verdict instanceof Undecided) {
      return Optional.of(plain(intent, verdict));
    }
    List<Place> because = List.of(service.get());
    return Optional.of(
        new JudgedIntent(
            intent,
            deny ? new Proved(because) : verdict,
            because,
            (deny ? "there is no way from " + intent.from() : "there is no such way")
                + " to "
                + intent.to()
                + " on "
                + intent.ports()
                + "; "
                + flows.waysIn(intent),
            List.of()));
  }

  /** What gets in for clients by the pods of controllers, of which nothing was asked. */
  private String forwarded(Intent intent, Prover prover) {
    List<String> objects = new ArrayList<>();
    int more = 0;
    for (Map.Entry<String, Traffic> one : flows.forwarded(intent).entrySet()) {
      if (objects.size() == MOST_TOLD) {
        more++;
      } else if (!TrafficQuestions.isBlocked(one.getValue(), enforcement, prover).isProved()) {
        objects.add(one.getKey());
      }
    }
    return objects.isEmpty()
        ? ""
        : "not asked about is what the pods of a controller forward for "
            + String.join(", ", objects)
            + (more > 0 ? " and perhaps " + more + " more" : "");
  }

  /** How the client of a witness gets in from outside of the cluster. */
  private String wayIn(Intent intent, Verdict verdict) {
    if (!(verdict instanceof Refuted refuted)) {
      return "";
    }
    Endpoint from = refuted.witness().from();
    List<String> words = new ArrayList<>();
    if (from instanceof Endpoint.Host && intent.from().isOutside()) {
      words.add("it forwards for a client, whose address policies do not see");
    }
    boolean isTold = !words.isEmpty() || from instanceof Endpoint.Outside;
    if (isTold && flows.service(intent).isPresent()) {
      words.add(flows.waysIn(intent));
    }
    return String.join("; ", words);
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
