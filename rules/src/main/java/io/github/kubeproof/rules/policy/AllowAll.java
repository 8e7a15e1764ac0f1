package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.AddressSpace;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.List;
import java.util.Optional;

/** Looks for policies whose rules of a direction close nothing. */
final class AllowAll {

  /** What is said of a direction. */
  private record Words(String alone, String one, String together, String consequence, String help) {

    static final Words INGRESS =
        new Words(
            "an ingress rule without from and ports admits every source on every port",
            "this ingress rule admits every source on every port",
            "the ingress rules together admit every source on every port",
            " keeps nobody out",
            "say from whom and on which ports, or delete the policy");

    static final Words EGRESS =
        new Words(
            "an egress rule without to and ports allows calls to everything",
            "this egress rule allows calls to everything",
            "the egress rules together allow calls to everything",
            " holds nothing back",
            "say whom the pods call and on which ports, or leave Egress out of policyTypes");
  }

  private final Direction direction;
  private final Words words;
  private final Connectivity connectivity;
  private final Findings findings;

  AllowAll(Direction direction, Connectivity connectivity, Findings findings) {
    this.direction = direction;
    this.words = direction == Direction.INGRESS ? Words.INGRESS : Words.EGRESS;
    this.connectivity = connectivity;
    this.findings = findings;
  }

  void check(Cluster cluster) {
    for (Meaning policy : Policies.of(cluster)) {
      List<RuleMeaning> rules = policy.rules(direction);
      Optional<RuleMeaning> empty =
          rules.stream()
              .filter(rule -> rule.rule().peers().isEmpty() && rule.rule().ports().isEmpty())
              .findFirst();
      if (empty.isPresent()) {
        report(policy, empty.get().place(), words.alone());
      } else if (mayAdmitEverything(rules)) {
        checkUnion(policy, rules);
      }
    }
  }

  /** Every pod, every address and every port must be let in by something. */
  private static boolean mayAdmitEverything(List<RuleMeaning> rules) {
    boolean anySource = rules.stream().anyMatch(rule -> rule.rule().peers().isEmpty());
    boolean pods =
        rules.stream()
            .flatMap(rule -> rule.rule().peers().stream())
            .anyMatch(peer -> peer.getNamespaceSelector() != null);
    boolean blocks =
        rules.stream()
            .flatMap(rule -> rule.rule().peers().stream())
            .anyMatch(peer -> peer.getIpBlock() != null);
    boolean ports =
        rules.stream()
            .anyMatch(
                rule ->
                    rule.rule().ports().isEmpty()
                        || rule.rule().ports().stream().anyMatch(p -> p.getPort() == null));
    return (anySource || (pods && blocks)) && ports;
  }

  private void checkUnion(Meaning policy, List<RuleMeaning> rules) {
    End other = End.guarded(direction).other();
    Place place = policy.policy().resource().at("spec", direction.key());
    List<Traffic> written =
        rules.stream().<Traffic>map(r -> new Traffic.Written(r.place(), r.allowed())).toList();
    boolean speaksOfIpv6 =
        WideBlocks.blocks(policy, direction).stream().anyMatch(block -> block.cidr().first().v6());
    // whoever writes 0.0.0.0/0 alone has a cluster without IPv6
    Traffic everything = policy.subject(direction);
    if (!speaksOfIpv6) {
      everything = everything.without(AddressSpace.IPV6.at(other));
    }
    Optional<Proved> proved =
        connectivity.proveContained(everything, Traffic.anyOf(written), place);
    if (proved.isEmpty()) {
      return;
    }
    List<Place> because = proved.get().because();
    Draft draft =
        report(
            policy,
            because.size() == 1 ? because.get(0) : place,
            because.size() == 1 ? words.one() : words.together());
    if (because.size() > 1) {
      because.forEach(rule -> draft.note(rule, "a part of it"));
    }
  }

  private Draft report(Meaning policy, Place place, String message) {
    Draft draft =
        findings
            .report(
                policy.policy(), place, message + ", so " + policy.policy() + words.consequence())
            .help(words.help());
    if (ContradictoryPolicyName.saysAllowAll(policy.policy().name())) {
      draft.severity(Severity.INFO); // it does what it says
    }
    Traffic allowed =
        Traffic.anyOf(policy.rules(direction).stream().map(RuleMeaning::allowed).toList());
    connectivity.witness(policy.sample(direction).and(allowed), place).ifPresent(draft::witness);
    return draft;
  }
}
