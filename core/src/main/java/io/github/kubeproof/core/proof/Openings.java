package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Population;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierRuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks for changes that let a blocked flow through. What is proposed was written down, read again
 * as any manifest is, and asked about beside the other policies.
 */
final class Openings {

  private final Enforcement enforcement;
  private final Blocks blocks;
  private final Prover prover;

  Openings(Enforcement enforcement, Blocks blocks, Prover prover) {
    this.enforcement = enforcement;
    this.blocks = blocks;
    this.prover = prover;
  }

  /** A change, and what would be enforced with it. */
  private record Candidate(String where, Place place, String yaml, Enforcement changed) {}

  Optional<Opening> find(Why.Side blocked, Flow flow) {
    Direction direction = blocked.direction();
    Optional<Pod> guarded = flow.end(End.guarded(direction)).asPod();
    if (guarded.isEmpty()) {
      return Optional.empty();
    }
    List<Opening> working = new ArrayList<>();
    for (Candidate candidate : candidates(blocked, flow, guarded.get())) {
      if (FlowEvaluator.contains(
          candidate.changed().about(guarded.get()).allowed(direction), flow)) {
        Opening opening = tried(candidate, direction, flow);
        if (opening.isExact()) {
          return Optional.of(opening);
        }
        working.add(opening);
      }
    }
    return working.stream().findFirst();
  }

  private List<Candidate> candidates(Why.Side blocked, Flow flow, Pod guarded) {
    List<Candidate> candidates = new ArrayList<>();
    for (Why.Reason reason : blocked.because()) {
      for (TierMeaning policy : enforcement.tiers()) {
        for (TierRuleMeaning rule : policy.rules()) {
          if (rule.rule().place().equals(reason.place())
              && rule.rule().action() == TierPolicy.Action.DENY) {
            before(policy, rule, flow).ifPresent(candidates::add);
          }
        }
      }
      for (Meaning policy : enforcement.policies()) {
        if (policy.place().equals(reason.place())) {
          candidates.addAll(joining(policy, blocked.direction(), flow, guarded));
        }
      }
    }
    return candidates;
  }

  /** A rule for one of the policies that isolate a pod, and a policy of its own. */
  private List<Candidate> joining(Meaning isolating, Direction direction, Flow flow, Pod guarded) {
    OpeningText text = new OpeningText(direction, flow);
    String document = text.policy(freeName(guarded.namespace(), direction, flow));
    Meaning joining = read(document);
    List<Meaning> policies = new ArrayList<>(enforcement.about(guarded).policies());
    policies.removeIf(policy -> !policy.isolates(direction));
    // the one that was named first
    policies.remove(isolating);
    policies.add(0, isolating);
    List<Candidate> candidates = new ArrayList<>();
    for (Meaning policy : policies) {
      candidates.add(
          new Candidate(
              "append to spec." + direction.key() + " of " + policy.policy(),
              policy.policy().resource().place().then("spec", direction.key()),
              text.rule(),
              with(policy, joining.rules())));
    }
    List<Meaning> all = new ArrayList<>(enforcement.policies());
    all.add(joining);
    candidates.add(
        new Candidate(
            "add a policy beside " + isolating.policy(),
            isolating.policy().resource().place(),
            document,
            enforcement.with(all)));
    return candidates;
  }

  private Enforcement with(Meaning policy, List<RuleMeaning> further) {
    List<RuleMeaning> rules = new ArrayList<>(policy.rules());
    rules.addAll(further);
    Meaning longer =
        new Meaning(
            policy.policy(),
            policy.place(),
            policy.selector(),
            policy.isolatesIngress(),
            policy.isolatesEgress(),
            rules,
            policy.blocks());
    List<Meaning> all = new ArrayList<>(enforcement.policies());
    all.replaceAll(other -> other.equals(policy) ? longer : other);
    return enforcement.with(all);
  }

  private Optional<Candidate> before(TierMeaning policy, TierRuleMeaning denying, Flow flow) {
    Direction direction = denying.rule().direction();
    if (direction == Direction.INGRESS && !(flow.from() instanceof Pod)) {
      return Optional.empty(); // the tiers have no such peers
    }
    OpeningText text = new OpeningText(direction, flow);
    Enforcement read = enforced(text.tierPolicy(policy.policy()));
    List<TierRuleMeaning> rules = new ArrayList<>(policy.rules());
    rules.addAll(rules.indexOf(denying), read.tiers().get(0).rules());
    TierMeaning longer = new TierMeaning(policy.policy(), rules);
    List<TierMeaning> all = new ArrayList<>(enforcement.tiers());
    all.replaceAll(other -> other.equals(policy) ? longer : other);
    return Optional.of(
        new Candidate(
            "put before "
                + direction.key()
                + " rule "
                + (denying.rule().index() + 1)
                + " of "
                + policy.policy(),
            denying.rule().place(),
            text.tierRule(policy.policy()),
            new Enforcement(enforcement.policies(), all, enforcement.networks(), List.of())));
  }

  private Meaning read(String document) {
    return enforced(document).policies().get(0);
  }

  /** What a document says, read as all manifests are. */
  private Enforcement enforced(String document) {
    Inventory inventory =
        Inventory.of(
            new YamlReader(Limits.DEFAULT).read(new Source("opening.yaml", document)),
            Settings.DEFAULT,
            1);
    Enforcement read =
        Enforcement.of(inventory.policies(), inventory.tierPolicies(), List.of(), blocks);
    if (!inventory.problems().isEmpty()
        || read.gaps().stream().anyMatch(gap -> gap.why().contains("refused"))
        || read.policies().size() + read.tiers().size() != 1) {
      throw new IllegalStateException(
          "what was to open a flow cannot be read: " + inventory.problems() + "\n" + document);
    }
    return read;
  }

  private Opening tried(Candidate candidate, Direction direction, Flow flow) {
    Traffic before = enforcement.allowed(direction);
    Traffic after = candidate.changed().allowed(direction);
    return new Opening(
        candidate.where(),
        candidate.place(),
        candidate.yaml(),
        prover
            .isImpossible(List.of(after, new Traffic.Not(before), new Traffic.Not(meant(flow))))
            .isProved(),
        prover.isImpossible(List.of(before, new Traffic.Not(after))).isProved());
  }

  /** The flows that are to be opened: labels are all that policies know pods by. */
  private static Traffic meant(Flow flow) {
    List<Traffic> parts = new ArrayList<>();
    for (End end : End.values()) {
      Endpoint endpoint = flow.end(end);
      if (endpoint instanceof Pod pod) {
        parts.add(new Traffic.InNamespace(end, pod.namespace()));
        parts.add(new Traffic.PodLabels(end, Selector.ofLabels(Population.writtenLabels(pod))));
      } else {
        parts.add(Endpoints.only(end, endpoint));
      }
    }
    parts.add(new Traffic.Ports(flow.protocol(), flow.port(), flow.port()));
    return Traffic.allOf(parts);
  }

  private String freeName(String namespace, Direction direction, Flow flow) {
    String wanted =
        (Why.name(flow.end(End.guarded(direction)))
                + (direction == Direction.INGRESS ? "-from-" : "-to-")
                + Why.name(flow.end(End.guarded(direction).other()))
                + "-"
                + flow.port()
                + "-"
                + flow.protocol())
            .toLowerCase(Locale.ROOT);
    String name =
        wanted
            .substring(Math.max(0, wanted.length() - 240))
            .replaceAll("[^a-z0-9.]+", "-")
            .replaceAll("-*[.][.-]*", ".")
            .replaceAll("^[.-]+", "");
    String free = name;
    for (int i = 2; isTaken(namespace, free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private boolean isTaken(String namespace, String name) {
    return enforcement.policies().stream()
        .map(Meaning::policy)
        .anyMatch(p -> p.namespace().equals(namespace) && p.name().equals(name));
  }
}
