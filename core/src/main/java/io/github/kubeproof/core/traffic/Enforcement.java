package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.TierPolicy.Tier;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the policies of all tiers enforce together.
 *
 * <p>For each direction: the Admin tier by priority and the order of rules, of which the first that
 * matches decides; what it passes on, or does not match, goes to the NetworkPolicies; where none of
 * them selects the pod in that direction, to the Baseline tier; and what nobody decides is allowed.
 *
 * @param policies the NetworkPolicies
 * @param tiers in the order in which they are asked, Admin before Baseline
 * @param networks whose pods are kept apart from all others, before any policy is asked
 * @param gaps what keeps the answers about some pods from being the whole truth
 * @see "network-policy-api v1alpha2, ClusterNetworkPolicySpec.Tier; networking/v1
 *     NetworkPolicySpec"
 */
public record Enforcement(
    List<Meaning> policies, List<TierMeaning> tiers, List<Network> networks, List<Gap> gaps) {

  public Enforcement {
    policies = List.copyOf(policies);
    tiers =
        tiers.stream().sorted((a, b) -> TierPolicy.ORDER.compare(a.policy(), b.policy())).toList();
    networks = List.copyOf(networks);
    gaps = List.copyOf(gaps);
  }

  /**
   * Something that has a say about the traffic of some pods, and of which nobody knows what.
   *
   * @param why a sentence
   * @param touched the pods it may touch
   * @param among the only flows of these pods that it may touch
   */
  public record Gap(Place place, String why, Peer.Pods touched, Traffic among) {

    /** One that may touch everything that some pods send and receive. */
    public Gap(Place place, String why, Peer.Pods touched) {
      this(place, why, touched, Traffic.all());
    }

    public boolean touches(Pod pod) {
      return touched.matches(pod.namespaceLabels(), pod.labels());
    }

    /** The flows about which the answers may not be the whole truth. */
    public Traffic flows() {
      return Traffic.anyOf(
              TierSemantics.pods(touched, End.FROM), TierSemantics.pods(touched, End.TO))
          .and(among);
    }
  }

  /** The pods whose answers may not be the whole truth, because something may touch them. */
  public Set<Pod> incomplete(Collection<? extends Endpoint> endpoints) {
    Set<Peer.Pods> touched = new LinkedHashSet<>();
    gaps(endpoints).forEach(gap -> touched.add(gap.touched()));
    Set<Pod> found = new LinkedHashSet<>();
    for (Endpoint endpoint : touched.isEmpty() ? List.<Endpoint>of() : endpoints) {
      if (endpoint instanceof Pod pod
          && touched.stream().anyMatch(t -> t.matches(pod.namespaceLabels(), pod.labels()))) {
        found.add(pod);
      }
    }
    return found;
  }

  /** NetworkPolicies alone. */
  public static Enforcement of(List<Meaning> policies) {
    return new Enforcement(policies, List.of(), List.of(), List.of());
  }

  /** What everything of an input enforces, with all that has a say in ways that nothing knows. */
  public static Enforcement of(Inventory inventory, Blocks blocks) {
    Enforcement all =
        of(inventory.policies(), inventory.tierPolicies(), inventory.unknown(), blocks)
            .in(inventory.networks());
    List<Gap> gaps = new ArrayList<>(all.gaps());
    gaps.addAll(Networks.gaps(inventory));
    gaps.addAll(OwnLabels.gaps(all, inventory));
    for (Policy rival : inventory.rivals()) {
      gaps.add(rival(rival.resource(), rival.toString(), inNamespace(rival.namespace())));
    }
    for (TierPolicy rival : inventory.tierRivals()) {
      gaps.add(rival(rival.resource(), rival.toString(), rival.subject()));
    }
    return new Enforcement(all.policies(), all.tiers(), all.networks(), gaps);
  }

  private static Gap rival(Resource resource, String policy, Peer.Pods touched) {
    return new Gap(
        resource.place(),
        policy + " stands in the input before, and says something else: here that counts",
        touched);
  }

  /**
   * What some policies enforce. Those that the API server refuses never take effect; each is a gap,
   * because whoever deploys it will mend it.
   *
   * @param unknown objects that have a say in ways that nothing here knows
   */
  public static Enforcement of(
      List<Policy> policies, List<TierPolicy> tiers, List<Resource> unknown, Blocks blocks) {
    List<Meaning> meanings = new ArrayList<>();
    List<TierMeaning> tierMeanings = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    for (Policy policy : policies) {
      Optional<Meaning> meaning = PolicySemantics.of(policy, blocks);
      meaning.ifPresent(meanings::add);
      if (meaning.isEmpty() || policy.isRefusedBesides()) {
        gaps.add(
            new Gap(
                policy.resource().place(),
                policy
                    + (meaning.isEmpty()
                        ? " is refused by the API server, so nobody knows what will be meant"
                        : " is refused by the API server as it is written: here it counts"),
                new Peer.Pods(
                    Selector.ofNamespace(policy.namespace()),
                    policy.podSelector().orElse(Selector.EVERYTHING))));
      }
    }
    for (TierPolicy policy : tiers) {
      Optional<TierMeaning> meaning = TierSemantics.of(policy);
      meaning.ifPresent(m -> addGaps(m, gaps));
      meaning.ifPresent(tierMeanings::add);
      if (meaning.isEmpty()) {
        gaps.add(
            new Gap(
                policy.resource().place(),
                policy + " is refused by the API server, so nobody knows what will be meant",
                Peer.Pods.ALL));
      }
    }
    addTies(tierMeanings, gaps);
    for (Resource resource : unknown) {
      gaps.add(
          new Gap(
              resource.place(),
              resource + " has a say, too, and is not modelled",
              touched(resource)));
    }
    return new Enforcement(meanings, tierMeanings, List.of(), gaps);
  }

  private static Peer.Pods touched(Resource unknown) {
    if (unknown.kind().equals("ClusterNetworkConnect")) {
      return new Peer.Pods(Network.ASKING, Selector.EVERYTHING);
    }
    return unknown.writtenNamespace().isEmpty()
        ? Peer.Pods.ALL
        : inNamespace(unknown.writtenNamespace());
  }

  /**
   * The same where some primary networks keep pods apart. Those that the API server refuses keep
   * nothing apart; each is a gap, as policies are.
   */
  public Enforcement in(List<Network> others) {
    List<Gap> all = new ArrayList<>(gaps);
    for (Network network : others) {
      if (network.isRefused()) {
        all.add(
            new Gap(
                network.place(),
                network + " is refused by the API server, so nobody knows what will be meant",
                new Peer.Pods(network.namespaces(), Selector.EVERYTHING)));
      }
    }
    return new Enforcement(
        policies, tiers, others.stream().filter(network -> !network.isRefused()).toList(), all);
  }

  private static Peer.Pods inNamespace(String name) {
    return new Peer.Pods(Selector.ofNamespace(name), Selector.EVERYTHING);
  }

  private static void addGaps(TierMeaning policy, List<Gap> gaps) {
    for (TierPolicy.Rule rule : policy.policy().rules()) {
      for (String gap : TierSemantics.gaps(rule)) {
        gaps.add(new Gap(rule.place(), policy.policy() + " " + gap, policy.policy().subject()));
      }
    }
  }

  /**
   * "The implementation can apply any of the matching policies": where two of one priority would do
   * different things, nobody knows which is asked first.
   */
  private static void addTies(List<TierMeaning> tiers, List<Gap> gaps) {
    for (int i = 0; i < tiers.size(); i++) {
      TierPolicy one = tiers.get(i).policy();
      for (TierPolicy other : tiers.subList(0, i).stream().map(TierMeaning::policy).toList()) {
        if (one.tier() == other.tier()
            && one.priority() == other.priority()
            && differ(one, other)) {
          one.subject()
              .and(other.subject())
              .ifPresent(
                  pods ->
                      gaps.add(
                          new Gap(
                              one.resource().place(),
                              one
                                  + " has the priority of "
                                  + other
                                  + ", so nobody knows which of them is asked first",
                              pods)));
        }
      }
    }
  }

  /** Whether the order of two policies can matter. */
  private static boolean differ(TierPolicy one, TierPolicy other) {
    return Stream.of(Direction.values())
        .anyMatch(
            direction -> {
              Set<TierPolicy.Action> ours = one.actions(direction);
              Set<TierPolicy.Action> theirs = other.actions(direction);
              return !ours.isEmpty()
                  && !theirs.isEmpty()
                  && (ours.size() > 1 || !ours.equals(theirs));
            });
  }

  /**
   * The gaps in what is known about some endpoints: also where a policy matches one of them by its
   * address, which is not known, and where there are hosts and networks that pods are kept apart
   * in.
   */
  public List<Gap> gaps(Collection<? extends Endpoint> endpoints) {
    List<Gap> all = new ArrayList<>(gaps);
    if (endpoints.stream().anyMatch(Endpoint.Host.class::isInstance)) {
      for (Network network : networks) {
        all.add(
            new Gap(
                network.place(),
                network
                    + " keeps nodes away, too, and pods on their network, but for what kubelet asks"
                    + " and nodes forward: here both get through",
                new Peer.Pods(network.namespaces(), Selector.EVERYTHING)));
      }
    }
    all.addAll(UnknownAddresses.gaps(this, endpoints));
    return all;
  }

  /** Whether it depends on the address of a node, which is not known, if a pod lets its flow in. */
  public boolean asksForAddress(Flow fromNode) {
    return UnknownAddresses.matter(this, fromNode);
  }

  /**
   * The flows that one end lets through: the destination for ingress, the source for egress. An end
   * that is no pod lets everything through.
   */
  public Traffic allowed(Direction direction) {
    return allowed(direction, List.of());
  }

  /**
   * The same, where other NetworkPolicies may join.
   *
   * @param joining what they allow counts, what they isolate does not
   */
  Traffic allowed(Direction direction, List<Meaning> joining) {
    List<Traffic> byPolicies = new ArrayList<>();
    Traffic unguarded = new Traffic.Not(Traffic.anyOf(isolating(direction)));
    byPolicies.add(
        tiers(Tier.BASELINE)
            ? unguarded.and(firstMatch(Tier.BASELINE, direction, Traffic.all()))
            : unguarded);
    for (Meaning policy : policies) {
      if (policy.isolates(direction) && !policy.rules(direction).isEmpty()) {
        byPolicies.add(allowedByRules(policy, direction));
      }
    }
    for (Meaning policy : joining) {
      if (!policy.rules(direction).isEmpty()) {
        byPolicies.add(policy.allowedByRules(direction));
      }
    }
    Traffic allowed =
        tiers(Tier.ADMIN)
            ? firstMatch(Tier.ADMIN, direction, Traffic.anyOf(byPolicies))
            : Traffic.anyOf(byPolicies);
    return networks.isEmpty() ? allowed : within(direction).and(allowed);
  }

  /** The same tiers and networks with other NetworkPolicies, and nothing of what is not known. */
  public Enforcement with(List<Meaning> others) {
    return new Enforcement(others, tiers, networks, List.of());
  }

  /** What policies alone do, wherever pods are. */
  public Enforcement onOneNetwork() {
    return new Enforcement(policies, tiers, List.of(), gaps);
  }

  /** The flows that networks do not keep from the end that a direction guards, whoever asks. */
  public Traffic within(Direction direction) {
    if (networks.isEmpty()) {
      return Traffic.all();
    }
    return new Traffic.Not(
        Traffic.anyOf(
            networks.stream()
                .<Traffic>map(
                    network ->
                        new Traffic.Written(network.place(), Networks.apart(network, direction)))
                .toList()));
  }

  /**
   * The flows that the Admin tier lets one end let through, were all that it does not decide in a
   * set or out of it: what is the same for both, it decides alone.
   */
  public Traffic admin(Direction direction, Traffic otherwise) {
    return firstMatch(Tier.ADMIN, direction, otherwise);
  }

  /** Where policies isolate pods, with the place of each. */
  private List<Traffic> isolating(Direction direction) {
    List<Traffic> isolating = new ArrayList<>();
    for (Meaning policy : policies) {
      if (policy.isolates(direction)) {
        isolating.add(new Traffic.Written(policy.place(), policy.subject(direction)));
      }
    }
    return isolating;
  }

  private static Traffic allowedByRules(Meaning policy, Direction direction) {
    List<Traffic> rules = new ArrayList<>();
    for (RuleMeaning rule : policy.rules(direction)) {
      rules.add(new Traffic.Written(rule.place(), rule.allowed()));
    }
    return Traffic.allOf(policy.subject(direction), Traffic.anyOf(rules));
  }

  private boolean tiers(Tier tier) {
    return tiers.stream().anyMatch(policy -> policy.policy().tier() == tier);
  }

  private Traffic firstMatch(Tier tier, Direction direction, Traffic otherwise) {
    List<Traffic.Case> cases = new ArrayList<>();
    for (TierMeaning policy : tiers) {
      if (policy.policy().tier() == tier) {
        cases.addAll(policy.cases(direction));
      }
    }
    return cases.isEmpty() ? otherwise : new Traffic.FirstMatch(cases, otherwise);
  }

  /**
   * The flows that get through: both ends must let them. What a pod sends to itself is never
   * stopped.
   */
  public Traffic allowed() {
    return Traffic.anyOf(
        new Traffic.ToItself(),
        Traffic.allOf(allowed(Direction.EGRESS), allowed(Direction.INGRESS)));
  }

  /**
   * Where it was written what one end does with a flow: the network that keeps it away, the rule of
   * a tier, the rule of a NetworkPolicy that allows it, or what isolates the pod when none does;
   * empty where nothing was written about it.
   */
  public Optional<Place> decides(Direction direction, Flow flow) {
    for (Network network : networks) {
      if (FlowEvaluator.contains(Networks.apart(network, direction), flow)) {
        return Optional.of(network.place());
      }
    }
    Optional<TierMeaning.Decision> admin = decides(Tier.ADMIN, direction, flow);
    if (admin.isPresent() && admin.get().action() != TierPolicy.Action.PASS) {
      return Optional.of(admin.get().place());
    }
    Optional<Place> isolating = Optional.empty();
    for (Meaning policy : policies) {
      if (policy.isolates(direction) && FlowEvaluator.contains(policy.subject(direction), flow)) {
        for (RuleMeaning rule : policy.rules(direction)) {
          if (FlowEvaluator.contains(rule.allowed(), flow)) {
            return Optional.of(rule.place());
          }
        }
        isolating = isolating.isPresent() ? isolating : Optional.of(policy.place());
      }
    }
    return isolating.isPresent()
        ? isolating
        : decides(Tier.BASELINE, direction, flow).map(TierMeaning.Decision::place);
  }

  private Optional<TierMeaning.Decision> decides(Tier tier, Direction direction, Flow flow) {
    return tiers.stream()
        .filter(policy -> policy.policy().tier() == tier)
        .flatMap(policy -> policy.decides(direction, flow).stream())
        .findFirst();
  }

  /**
   * What of it can matter for a pod: with it at the guarded end of a direction, both say the same.
   */
  public Enforcement about(Pod pod) {
    return new Enforcement(
        policies.stream()
            .filter(policy -> policy.policy().namespace().equals(pod.namespace()))
            .filter(policy -> policy.selector().matches(pod.labels()))
            .toList(),
        tiers.stream()
            .filter(
                policy -> policy.policy().subject().matches(pod.namespaceLabels(), pod.labels()))
            .toList(),
        networks.stream()
            .filter(network -> network.namespaces().matches(pod.namespaceLabels()))
            .toList(),
        gaps.stream().filter(gap -> gap.touches(pod)).toList());
  }
}
