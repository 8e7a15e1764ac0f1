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
import java.util.List;

/** KP517: no listener of the Gateway takes a route. */
public final class RefusedRoute implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP517",
          "refused-route",
          Severity.ERROR,
          Confidence.PROVED,
          "no listener of the Gateway that a route names takes the route");

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
      // who deploys a route without a namespace chooses one that is allowed
      if (!parent.route().namespaceIsWritten() || !parent.route().resource().isUnderstood()) {
        continue;
      }
      List<Gateway> meant = gateways.stream().filter(parent::isMeant).toList();
      boolean refused =
          !meant.isEmpty()
              && meant.stream().allMatch(gateway -> refuses(gateway, parent))
              && meant.stream().noneMatch(gateway -> gateway.listeners(parent).isEmpty());
      if (refused) {
        report(parent, meant.get(0), findings);
      }
    }
  }

  private static boolean refuses(Gateway gateway, ParentRef parent) {
    return gateway.resource().isUnderstood()
        && !gateway.resource().writtenNamespace().isEmpty()
        && gateway.listeners(parent).stream()
            .allMatch(l -> l.refusal(parent.route(), gateway.namespace()).isPresent());
  }

  private static void report(ParentRef parent, Gateway gateway, Findings findings) {
    List<Listener> listeners = gateway.listeners(parent);
    Listener first = listeners.get(0);
    Findings.Draft draft =
        findings
            .report(
                parent.route(),
                parent.place(),
                "%s does not take this route: listener %s %s"
                    .formatted(
                        gateway,
                        first.name(),
                        first.refusal(parent.route(), gateway.namespace()).orElseThrow()))
            .help("name another listener, or change allowedRoutes or hostname of this one");
    for (Listener listener : listeners.subList(0, Math.min(3, listeners.size()))) {
      draft.note(
          listener.place(),
          "listener "
              + listener.name()
              + " "
              + listener.refusal(parent.route(), gateway.namespace()).orElseThrow());
    }
  }
}
