package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
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

/** KP203: a policy whose ingress rules keep nobody out. */
public final class AllowAllIngress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP203",
          "allow-all-ingress",
          Severity.WARNING,
          Confidence.PROVED,
          "a policy admits every source on every port");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      List<RuleMeaning> rules = policy.rules(Direction.INGRESS);
      Optional<RuleMeaning> empty =
          rules.stream()
              .filter(rule -> rule.rule().peers().isEmpty() && rule.rule().ports().isEmpty())
              .findFirst();
      if (empty.isPresent()) {
        report(
            policy,
            empty.get().place(),
            "an ingress rule without from and ports admits every source on every port",
            connectivity,
            findings);
      } else if (mayAdmitEverything(rules)) {
        checkUnion(policy, rules, connectivity, findings);
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

  private static void checkUnion(
      Meaning policy, List<RuleMeaning> rules, Connectivity connectivity, Findings findings) {
    Place place = policy.policy().resource().at("spec", "ingress");
    List<Traffic> written =
        rules.stream().<Traffic>map(r -> new Traffic.Written(r.place(), r.allowed())).toList();
    boolean speaksOfIpv6 =
        WideBlocks.blocks(policy, Direction.INGRESS).stream()
            .anyMatch(block -> block.cidr().first().v6());
    // whoever writes 0.0.0.0/0 alone has a cluster without IPv6
    Traffic everything = policy.subject(Direction.INGRESS);
    if (!speaksOfIpv6) {
      everything = everything.without(AddressSpace.IPV6.at(End.FROM));
    }
    Optional<Proved> proved =
        connectivity.proveContained(everything, Traffic.anyOf(written), place);
    if (proved.isEmpty()) {
      return;
    }
    List<Place> because = proved.get().because();
    String subject = because.size() == 1 ? "this ingress rule" : "the ingress rules together";
    Draft draft =
        report(
            policy,
            because.size() == 1 ? because.get(0) : place,
            subject + (because.size() == 1 ? " admits" : " admit") + " every source on every port",
            connectivity,
            findings);
    if (because.size() > 1) {
      because.forEach(rule -> draft.note(rule, "a part of it"));
    }
  }

  private static Draft report(
      Meaning policy, Place place, String message, Connectivity connectivity, Findings findings) {
    Draft draft =
        findings
            .report(
                policy.policy(), place, message + ", so " + policy.policy() + " keeps nobody out")
            .help("say from whom and on which ports, or delete the policy");
    Traffic allowed =
        Traffic.anyOf(policy.rules(Direction.INGRESS).stream().map(RuleMeaning::allowed).toList());
    connectivity
        .witness(policy.sample(Direction.INGRESS).and(allowed), place)
        .ifPresent(draft::witness);
    return draft;
  }
}
