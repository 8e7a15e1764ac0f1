package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Gateway;
import io.github.kubeproof.core.cluster.Gateway.Listener;
import io.github.kubeproof.core.cluster.ParentRef;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Spelling;
import java.util.List;

/** KP514: a route names a Gateway, or a listener of it, that does not exist. */
public final class UnresolvedParentRef implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP514",
          "unresolved-parent-ref",
          Severity.WARNING,
          Confidence.PROVED,
          "a route names a Gateway, or a listener of it, that does not exist");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<ParentRef> parents =
        cluster.routes().stream().flatMap(r -> ParentRef.gateways(r).stream()).toList();
    if (parents.isEmpty()) {
      return;
    }
    List<Gateway> gateways = Gateway.of(cluster.world());
    for (ParentRef parent : parents) {
      List<Gateway> meant = gateways.stream().filter(parent::isMeant).toList();
      if (meant.isEmpty()) {
        checkName(parent, gateways, findings);
      } else if (meant.stream().allMatch(g -> g.listeners(parent).isEmpty())
          && meant.stream().allMatch(g -> g.resource().isUnderstood())) {
        report(parent, meant.get(0), findings);
      }
    }
  }

  private static void checkName(ParentRef parent, List<Gateway> gateways, Findings findings) {
    List<Gateway> slips =
        gateways.stream()
            .filter(g -> g.namespace().equals(parent.namespace()))
            .filter(g -> Spelling.isSlip(parent.name(), g.resource().name()))
            .toList();
    String message = "there is no Gateway " + parent.namespace() + "/" + parent.name();
    if (!slips.isEmpty()) {
      Resource near = slips.get(0).resource();
      findings
          .report(
              parent.route(),
              parent.place().then("name"),
              message + "; did you mean " + near.name() + "?")
          .confidence(Confidence.HEURISTIC)
          .note(near.at("metadata", "name"), slips.get(0) + " is one slip away");
    } else if (parent.route().cluster().settings().closedWorld()) {
      findings.report(parent.route(), parent.place().then("name"), message);
    }
  }

  private static void report(ParentRef parent, Gateway gateway, Findings findings) {
    List<String> names = gateway.listeners().stream().map(Listener::name).toList();
    boolean lacksName = gateway.lacksName(parent);
    String hint = lacksName ? Spelling.hint(parent.listener(), names) : "";
    findings
        .report(
            parent.route(),
            parent.place().then(lacksName ? "sectionName" : "port"),
            gateway + " has no " + gateway.missing(parent) + hint)
        .note(
            gateway.resource().at("spec", "listeners"),
            "its listeners: " + String.join(", ", names))
        .help("name one of its listeners, or none for all of them");
  }
}
