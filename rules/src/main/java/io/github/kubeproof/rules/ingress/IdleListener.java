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
import io.github.kubeproof.core.source.Spelling;
import java.util.List;

/** KP521: a listener that no route attaches to, though others of its Gateway have some. */
public final class IdleListener implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP521",
          "idle-listener",
          Severity.INFO,
          Confidence.HEURISTIC,
          "no route attaches to a listener, though others of its Gateway have some");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Gateway> gateways = Gateway.of(cluster);
    List<ParentRef> all = gateways.isEmpty() ? List.of() : ParentRef.gateways(cluster.world());
    for (Gateway gateway : gateways) {
      List<ParentRef> parents = all.stream().filter(parent -> parent.isMeant(gateway)).toList();
      if (all.stream().anyMatch(parent -> isMisspelt(parent, gateway))) {
        continue; // which of the listeners its route would attach to is not known
      }
      boolean closed = cluster.settings().closedWorld();
      for (Listener listener : gateway.listeners()) {
        boolean idle =
            (closed || !parents.isEmpty())
                && parents.stream().noneMatch(p -> attaches(p, listener, gateway))
                && parents.stream().noneMatch(p -> isToldOf(p, listener, gateway));
        if (idle) {
          findings
              .report(
                  gateway.resource(),
                  listener.place().then("name"),
                  "no route of the input attaches to listener " + listener.name())
              .help("remove it, or name it in the parentRefs of a route that it takes");
        }
      }
    }
  }

  /** Whether the name of another Gateway, which the route names, is a slip away. */
  private static boolean isMisspelt(ParentRef parent, Gateway gateway) {
    return parent.namespace().equals(gateway.namespace())
        && Spelling.isSlip(parent.name(), gateway.resource().name());
  }

  /**
   * Whether a route is for a listener, or perhaps for it, and attaches to none: it is what to mend,
   * and spoken of by other rules (KP514, KP517).
   */
  private static boolean isToldOf(ParentRef parent, Listener listener, Gateway gateway) {
    List<Listener> named = gateway.listeners(parent);
    return named.isEmpty()
        || (named.contains(listener)
            && named.stream().noneMatch(other -> attaches(parent, other, gateway)));
  }

  private static boolean attaches(ParentRef parent, Listener listener, Gateway gateway) {
    boolean certain = parent.route().namespaceIsWritten();
    return gateway.listeners(parent).contains(listener)
        && (!certain || listener.refusal(parent.route(), gateway.namespace()).isEmpty());
  }
}
