package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.ForwardLoops;
import io.github.kubeproof.core.dns.PodResolver;
import io.github.kubeproof.core.dns.ServerBlock;
import io.github.kubeproof.core.dns.ServerBlock.Directive;
import io.github.kubeproof.core.dns.Token;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Optional;

/** KP621: a CoreDNS server that forwards queries to itself. */
public final class ForwardingLoop implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP621",
          "forwarding-loop",
          Severity.WARNING,
          Confidence.PROVED,
          "a CoreDNS server forwards queries to itself");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (CorefileText file : CorefileText.in(cluster)) {
      List<Workload> readers = file.readers(cluster);
      for (ForwardLoops.Loop loop :
          ForwardLoops.in(file.corefile(), (address, port) -> own(address, port, readers))) {
        if (!file.isTemplate(loop.upstream())) {
          report(file, loop, findings);
        }
      }
      readers.stream()
          .filter(reader -> reader.cluster() == cluster)
          .filter(reader -> DnsServers.areLabelled(reader.labels(), cluster))
          .filter(reader -> PodResolver.sourceOf(reader.podSpec()) == PodResolver.Source.CLUSTER)
          .findFirst()
          .ifPresent(reader -> overResolvConf(file, reader, findings));
    }
  }

  private static void report(CorefileText file, ForwardLoops.Loop loop, Findings findings) {
    file.report(
            loop.upstream(),
            "queries for zone "
                + loop.zone().zone()
                + " go round in circles: "
                + loop.upstream().text()
                + " is this server itself",
            findings)
        .help(
            loop.isFatal()
                ? "the plugin loop ends the server when it sees that: forward to another server"
                : "every query spins until it fails: forward to another server");
  }

  /** The port of the server that a port of its Service leads to. */
  private static Optional<Integer> own(String address, int number, List<Workload> readers) {
    for (Workload reader : readers) {
      for (Service service : reader.cluster().services()) {
        if (!address.equals(service.spec().getClusterIP())
            || service.selector().filter(reader::mayMatch).isEmpty()) {
          continue;
        }
        for (V1ServicePort port : service.ports()) {
          if (Integer.valueOf(number).equals(port.getPort())) {
            return Service.targetOn(reader, port);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The pod's own resolv.conf names the DNS of the cluster, which is this server. */
  private static void overResolvConf(CorefileText file, Workload reader, Findings findings) {
    for (ServerBlock block : file.corefile().blocks()) {
      for (Directive forward : block.all("forward")) {
        for (Token upstream : forward.args()) {
          if (upstream.text().equals("/etc/resolv.conf")) {
            file.report(
                    upstream,
                    "/etc/resolv.conf of "
                        + reader
                        + " names the cluster's DNS, which is this server: queries go round in"
                        + " circles",
                    findings)
                .note(
                    reader.cluster().at(reader.podSpec(), "dnsPolicy"),
                    "without dnsPolicy Default the pods ask the cluster's DNS")
                .help("set dnsPolicy: Default on the pods of CoreDNS");
          }
        }
      }
    }
  }
}
