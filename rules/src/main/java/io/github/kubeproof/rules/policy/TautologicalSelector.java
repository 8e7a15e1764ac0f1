package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Operator;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP209: selectors with conditions, which nevertheless leave no pod out. */
public final class TautologicalSelector implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP209",
          "tautological-selector",
          Severity.WARNING,
          Confidence.PROVED,
          "the selectors of a rule have conditions, but leave no pod out");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** A peer that selects pods, by conditions on them or on their namespaces. */
  private record Peer(Place place, Selector pods, Optional<Selector> namespaces, Traffic flows) {

    boolean isPlain() {
      return pods.isEverything() && namespaces.map(Selector::isEverything).orElse(true);
    }

    boolean isOfOwnNamespace() {
      return namespaces.isEmpty();
    }

    /** Whether it holds for some pod because a label is absent, or for every namespace there is. */
    boolean mayBeHalfOfAll() {
      return isNegative(pods) || namespaces.map(Peer::isNegative).orElse(false);
    }

    private static boolean isNegative(Selector selector) {
      return selector.requirements().stream()
          .anyMatch(
              requirement ->
                  requirement.operator() == Operator.NOT_IN
                      || requirement.operator() == Operator.DOES_NOT_EXIST
                      || (requirement.operator() == Operator.EXISTS
                          && requirement.key().equals(World.NAMESPACE_NAME)));
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (Direction direction : Direction.values()) {
        for (RuleMeaning rule : policy.rules(direction)) {
          List<Peer> peers = peers(rule);
          if (peers.stream().anyMatch(Peer::mayBeHalfOfAll)) {
            check(rule, peers, connectivity, findings);
          }
        }
      }
    }
  }

  private static List<Peer> peers(RuleMeaning rule) {
    Direction direction = rule.rule().direction();
    End end = End.guarded(direction).other();
    List<Peer> peers = new ArrayList<>();
    List<V1NetworkPolicyPeer> models = rule.rule().peers();
    for (int i = 0; i < models.size(); i++) {
      V1NetworkPolicyPeer model = models.get(i);
      if (model.getIpBlock() == null) {
        Optional<Selector> namespaces =
            model.getNamespaceSelector() == null
                ? Optional.empty()
                : Selector.of(model.getNamespaceSelector());
        peers.add(
            new Peer(
                rule.place().then(direction.peersKey(), i),
                Selector.of(model.getPodSelector()).orElseThrow(),
                namespaces,
                PolicySemantics.peer(model, end, rule.rule().policy().namespace()).orElseThrow()));
      }
    }
    return peers;
  }

  private static void check(
      RuleMeaning rule, List<Peer> peers, Connectivity connectivity, Findings findings) {
    End end = End.guarded(rule.rule().direction()).other();
    String namespace = rule.rule().policy().namespace();
    List<Traffic> written =
        peers.stream().<Traffic>map(p -> new Traffic.Written(p.place(), p.flows())).toList();
    Traffic allowed = Traffic.anyOf(written);
    Optional<Proved> everywhere =
        connectivity.proveContained(new Traffic.IsPod(end), allowed, rule.place());
    if (everywhere.isPresent()) {
      report(rule, peers, everywhere.get(), "every pod of every namespace", findings);
      return;
    }
    // peers that all name namespaces speak of other ones: that their own is among them says little
    connectivity
        .proveContained(new Traffic.InNamespace(end, namespace), allowed, rule.place())
        .filter(proved -> needed(peers, proved).stream().anyMatch(Peer::isOfOwnNamespace))
        .ifPresent(
            proved -> report(rule, peers, proved, "every pod of namespace " + namespace, findings));
  }

  private static List<Peer> needed(List<Peer> peers, Proved proved) {
    return peers.stream().filter(peer -> proved.because().contains(peer.place())).toList();
  }

  private static void report(
      RuleMeaning rule, List<Peer> peers, Proved proved, String whom, Findings findings) {
    List<Peer> needed = needed(peers, proved);
    if (needed.stream().anyMatch(Peer::isPlain)) {
      return; // an empty selector says openly that it takes all
    }
    boolean one = needed.size() == 1;
    Draft draft =
        findings
            .report(
                rule.rule().policy(),
                one ? needed.get(0).place() : rule.place().then(rule.rule().direction().peersKey()),
                (one ? "this peer selects " : "these peers together select ")
                    + whom
                    + ", whatever its labels")
            .help(
                one
                    ? "write {} if all are meant"
                    : "a pod that one peer leaves out is taken by another: put conditions that must"
                        + " hold together into one peer");
    if (!one) {
      for (Peer peer : needed) {
        String pods = peer.pods().isEverything() ? "" : "pods with " + peer.pods();
        String namespaces =
            peer.namespaces()
                .filter(selector -> !selector.isEverything())
                .map(selector -> (pods.isEmpty() ? "" : " in ") + "namespaces with " + selector)
                .orElse("");
        draft.note(peer.place(), "takes " + pods + namespaces);
      }
    }
  }
}
