package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.Settings.Environments;
import io.github.kubeproof.core.cluster.TierPolicy.Action;
import io.github.kubeproof.core.cluster.TierPolicy.Peer;
import io.github.kubeproof.core.cluster.TierPolicy.Tier;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.lint.Witnesses;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierRuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.github.kubeproof.rules.policy.OtherEnvironments.Opening;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** KP210: pods of production that pods of another environment may call. */
public final class CrossEnvironmentExposure implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP210",
              "cross-environment-exposure",
              Severity.WARNING,
              Confidence.PROVED,
              "pods of another environment may call pods of production")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Set<String> production = production(cluster.world());
    if (!speaksOf(production, cluster)) {
      return;
    }
    OtherEnvironments others = OtherEnvironments.of(cluster.world());
    for (Meaning policy : Policies.of(cluster)) {
      if (policy.policy().namespaceIsWritten()
          && production.contains(policy.policy().namespace())
          && cluster.world().patchesOf(policy.policy()).isEmpty()) {
        for (RuleMeaning rule : policy.rules(Direction.INGRESS)) {
          check(policy, rule, others, connectivity, findings);
        }
      }
    }
    Bare.besideOthers(cluster, Direction.INGRESS).stream()
        .filter(bare -> production.contains(bare.namespace()))
        .flatMap(bare -> bare.listening().stream())
        .forEach(bare -> check(bare, others, connectivity, findings));
    checkTiers(cluster, production, others, connectivity, findings);
  }

  private static boolean speaksOf(Set<String> production, Cluster cluster) {
    return !production.isEmpty()
        && (!cluster.tierPolicies().isEmpty()
            || Stream.of(cluster.policies(), cluster.workloads())
                .flatMap(List::stream)
                .anyMatch(member -> production.contains(member.namespace())));
  }

  /** The namespaces that say that they are production; none where nobody told how they say it. */
  private static Set<String> production(World world) {
    Environments environments = world.settings().environments();
    Set<String> production = new TreeSet<>();
    for (String name : environments.key().isEmpty() ? Set.<String>of() : world.namespaceNames()) {
      if (world.namespaceLabels(name).filter(environments::isProduction).isPresent()) {
        production.add(name);
      }
    }
    return production;
  }

  /** What a rule of a NetworkPolicy lets in gets in, whatever other NetworkPolicies there are. */
  private static void check(
      Meaning policy,
      RuleMeaning rule,
      OtherEnvironments others,
      Connectivity connectivity,
      Findings findings) {
    Traffic in =
        Traffic.allOf(
            policy.subject(Direction.INGRESS),
            rule.allowed(),
            others.tiers().admin(Direction.INGRESS, Traffic.all()));
    List<Workload> selected =
        policy.policy().cluster().world().workloadsNear(policy.policy()).stream()
            .filter(workload -> workload.namespace().equals(policy.policy().namespace()))
            .filter(workload -> workload.matches(policy.selector()))
            .toList();
    others
        .witness(new Opening(in, selected, false, asked(rule)), connectivity, rule.place())
        .ifPresent(witness -> report(policy, rule, witness, others.environments(), findings));
  }

  private static List<Requirement> asked(RuleMeaning rule) {
    return rule.rule().peers().stream()
        .flatMap(peer -> Selector.of(peer.getNamespaceSelector()).stream())
        .flatMap(selector -> selector.requirements().stream())
        .toList();
  }

  private static void report(
      Meaning policy,
      RuleMeaning rule,
      Flow witness,
      Environments environments,
      Findings findings) {
    Cluster cluster = policy.policy().cluster();
    String namespace = policy.policy().namespace();
    String key = environments.key();
    String value = cluster.world().namespaceLabels(namespace).orElseThrow().get(key);
    Place place = rule.place();
    List<List<Edit>> edits = new ArrayList<>();
    for (V1NetworkPolicyPeer peer : rule.rule().peers()) {
      if (peer.getNamespaceSelector() != null) {
        Place selector = cluster.at(peer, "namespaceSelector");
        boolean letsIn =
            PolicySemantics.peer(peer, End.FROM, namespace)
                .filter(from -> FlowEvaluator.contains(from, witness))
                .isPresent();
        place = letsIn && place.equals(rule.place()) ? selector : place;
        if (!isOnlyFor(environments, Selector.of(peer.getNamespaceSelector()).orElseThrow())) {
          edits.add(asking(peer, selector, key, String.valueOf(value)));
        }
      }
    }
    Draft draft =
        findings
            .report(
                policy.policy(),
                place,
                "pods of another environment may call production: " + Witnesses.sentence(witness))
            .witness(witness)
            .help(
                rule.rule().peers().isEmpty()
                    ? "say under from who may call it: a namespaceSelector with "
                        + key
                        + "="
                        + value
                    : "let in only namespaces with "
                        + key
                        + "="
                        + value
                        + ", or take the peer out");
    note(draft, namespace, cluster.world(), environments);
    draft.unsafeFix(
        "ask for " + key + ": " + value,
        "of other namespaces only pods of those with " + key + "=" + value + " still get in",
        Edits.all(edits));
  }

  private static boolean isOnlyFor(Environments environments, Selector namespaces) {
    return namespaces.requirements().stream()
        .anyMatch(
            requirement ->
                requirement.key().equals(environments.key())
                    && requirement.operator() == Operator.IN
                    && environments.production().containsAll(requirement.values()));
  }

  /** What lets a peer ask for a label of the namespace, unless it says something of it already. */
  private static List<Edit> asking(
      V1NetworkPolicyPeer peer, Place selector, String key, String value) {
    Selector asked = Selector.of(peer.getNamespaceSelector()).orElseThrow();
    Map<String, String> labels =
        Lists.orEmpty(Objects.requireNonNull(peer.getNamespaceSelector()).getMatchLabels());
    // who is named one by one was meant, so that nobody would be left
    boolean says =
        asked.requirements().stream()
            .anyMatch(one -> one.key().equals(key) || one.key().equals(World.NAMESPACE_NAME));
    if (says || asked.isEverything()) {
      return says ? List.of() : Edits.fill(selector, "matchLabels", Map.of(key, value));
    }
    return labels.isEmpty()
        ? List.of()
        : Edits.addAfter(
            selector.then("matchLabels", new TreeSet<>(labels.keySet()).first()), key, value);
  }

  private static void check(
      Bare bare, OtherEnvironments others, Connectivity connectivity, Findings findings) {
    Traffic in = others.tiers().allowed(Direction.INGRESS);
    others
        .witness(new Opening(in, bare.workloads(), true, List.of()), connectivity, bare.place())
        .ifPresent(
            witness -> {
              Workload first = bare.workloads().get(0);
              Draft draft =
                  findings
                      .report(
                          first,
                          bare.place(),
                          "no policy keeps other environments out of %s: %s"
                              .formatted(bare, Witnesses.sentence(witness)))
                      .witness(witness)
                      .help(
                          "add a policy with podSelector: {} to namespace "
                              + bare.namespace()
                              + " that lets in namespaces with "
                              + others.environments()
                              + " only");
              note(draft, bare.namespace(), first.cluster().world(), others.environments());
            });
  }

  /** What the Admin tier accepts gets in, whatever NetworkPolicies say. */
  private static void checkTiers(
      Cluster cluster,
      Set<String> production,
      OtherEnvironments others,
      Connectivity connectivity,
      Findings findings) {
    List<Traffic> there = new ArrayList<>();
    production.forEach(name -> there.add(new Traffic.InNamespace(End.TO, name)));
    List<Workload> known =
        cluster.world().workloads().stream()
            .filter(workload -> production.contains(workload.namespace()))
            .toList();
    List<Traffic> earlier = new ArrayList<>();
    for (TierMeaning policy : others.tiers().tiers()) {
      for (TierRuleMeaning rule : policy.rules(Direction.INGRESS)) {
        Traffic matched = policy.subject(Direction.INGRESS).and(rule.matched());
        if (policy.policy().tier() == Tier.ADMIN
            && rule.rule().action() == Action.ALLOW
            && policy.policy().cluster().equals(cluster)
            && policy.policy().resource().isUnderstood()) {
          Traffic in = Traffic.allOf(matched.without(Traffic.anyOf(earlier)), Traffic.anyOf(there));
          others
              .witness(
                  new Opening(in, known, false, asked(rule)), connectivity, rule.rule().place())
              .ifPresent(
                  witness ->
                      findings
                          .report(
                              policy.policy().resource(),
                              rule.rule().place(),
                              "pods of another environment may call production: "
                                  + Witnesses.sentence(witness))
                          .witness(witness)
                          .help("narrow the rule to namespaces with " + others.environments()));
        }
        earlier.add(matched);
      }
    }
  }

  private static List<Requirement> asked(TierRuleMeaning rule) {
    return rule.rule().peers().stream()
        .filter(Peer.Pods.class::isInstance)
        .flatMap(peer -> ((Peer.Pods) peer).namespaces().requirements().stream())
        .toList();
  }

  private static void note(Draft draft, String namespace, World world, Environments environments) {
    for (Resource definition : world.namespaceDefinitions(namespace)) {
      draft.note(
          definition.at("metadata", "labels", environments.key()),
          "namespace " + namespace + " is production");
    }
  }
}
