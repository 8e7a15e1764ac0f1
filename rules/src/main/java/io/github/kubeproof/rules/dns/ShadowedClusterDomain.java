package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.dns.ServerBlock;
import io.github.kubeproof.core.dns.ServerBlock.Directive;
import io.github.kubeproof.core.dns.Token;
import io.github.kubeproof.core.dns.ZoneAddress;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** KP622: a Corefile in which the names of the cluster do not get to the plugin that knows them. */
public final class ShadowedClusterDomain implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP622",
          "shadowed-cluster-domain",
          Severity.WARNING,
          Confidence.PROVED,
          "names do not get to the plugin of the Corefile that knows them");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (CorefileText file : CorefileText.in(cluster)) {
      if (file.isTemplate() || !file.corefile().faults().isEmpty()) {
        continue;
      }
      List<ServerBlock> blocks = file.corefile().blocks();
      for (ServerBlock block : blocks) {
        for (Directive kubernetes : block.all("kubernetes")) {
          shadows(file, block, kubernetes, findings);
          reverse(file, block, kubernetes, findings);
        }
        swallowed(file, block, findings);
      }
      boolean isWhole =
          !file.corefile().isOpen()
              && !blocks.isEmpty()
              && blocks.stream().noneMatch(b -> b.isOpen());
      boolean isClusterDns =
          file.map().name().equals("coredns")
              && file.map().writtenNamespace().equals("kube-system")
              && file.place().path().toString().endsWith("Corefile");
      if (isWhole && isClusterDns && blocks.stream().noneMatch(b -> b.has("kubernetes"))) {
        file.report(
            blocks.get(0).keys().get(0),
            "no server block has the plugin kubernetes, so no name of the cluster is answered",
            findings);
      }
    }
  }

  private static boolean isReverse(String zone) {
    return ZoneAddress.isBelow(zone, "in-addr.arpa.") || ZoneAddress.isBelow(zone, "ip6.arpa.");
  }

  /** The longest zone of a block that a name belongs to; absent when it is none of the block's. */
  private static Optional<ZoneAddress> owner(ServerBlock block, String name) {
    return block.zones().stream()
        .filter(zone -> ZoneAddress.isBelow(name, zone.zone()))
        .max(Comparator.comparing(zone -> zone.zone().length()));
  }

  private static void shadows(
      CorefileText file, ServerBlock block, Directive kubernetes, Findings findings) {
    for (String domain : block.zonesOf(kubernetes)) {
      if (isReverse(domain)) {
        continue;
      }
      String service = "name.namespace.svc." + domain;
      Optional<ZoneAddress> here = owner(block, service);
      if (here.isEmpty()) {
        file.report(
            kubernetes.at(),
            "kubernetes answers for " + domain + ", but its server block never sees such names",
            findings);
        continue;
      }
      for (ServerBlock other : file.corefile().blocks()) {
        Optional<ZoneAddress> there = owner(other, service);
        boolean takes =
            !other.equals(block)
                && there.isPresent()
                && there.get().port() == here.get().port()
                && there.get().transport().equals(here.get().transport())
                && there.get().zone().length() > here.get().zone().length();
        boolean isPlain =
            !other.has("kubernetes")
                && !other.isOpen()
                && !other.has("view")
                && !block.has("view")
                && other.binds().equals(block.binds());
        if (takes && isPlain) {
          Token key = there.orElseThrow().key();
          file.report(
                  key,
                  "server block "
                      + key.text()
                      + " takes the names of "
                      + domain
                      + " away from the plugin kubernetes: the longest zone wins",
                  findings)
              .help("name the zone more narrowly, or add kubernetes " + domain + " to this block");
        }
      }
    }
  }

  /** Addresses outside of the cluster have names, too, and kubernetes does not know them. */
  private static void reverse(
      CorefileText file, ServerBlock block, Directive kubernetes, Findings findings) {
    List<Token> zones = kubernetes.args();
    boolean takesAll =
        zones.stream().anyMatch(zone -> zone.text().matches("(in-addr|ip6)\\.arpa\\.?"));
    if (takesAll && block.has("forward") && kubernetes.property("fallthrough").isEmpty()) {
      file.report(
              kubernetes.at(),
              "kubernetes takes all reverse zones and has no fallthrough, so addresses outside of"
                  + " the cluster have no name",
              findings)
          .severity(Severity.INFO)
          .help("add fallthrough in-addr.arpa ip6.arpa");
    }
  }

  /** Entries of hosts for all names: without fallthrough the others do not exist. */
  private static void swallowed(CorefileText file, ServerBlock block, Findings findings) {
    for (Directive hosts : block.all("hosts")) {
      boolean ofAll = hosts.args().size() <= 1;
      boolean others = block.has("forward") || block.has("kubernetes");
      if (ofAll && others && hosts.property("fallthrough").isEmpty()) {
        file.report(
                hosts.at(),
                "hosts has no fallthrough, so every other name of the block does not exist: what"
                    + " stands behind it is never asked",
                findings)
            .help("add fallthrough to the block of hosts");
      }
    }
  }
}
