package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** KP410: a port of every node is claimed twice: by a Service, and by a pod or a health check. */
public final class HostPortOnNodePort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP410",
          "host-port-on-node-port",
          Severity.WARNING,
          Confidence.PROVED,
          "a nodePort is also the hostPort of a pod, or the healthCheckNodePort of a Service");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  private record Claim(String owner, Place place) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<HostPort.Key, Claim> claims = new HashMap<>();
    for (Service service : cluster.services()) {
      for (V1ServicePort port : service.ports()) {
        Optional<Protocol> protocol = Protocol.of(port.getProtocol());
        if (port.getNodePort() != null && port.getNodePort() > 0 && protocol.isPresent()) {
          claims.put(
              new HostPort.Key(port.getNodePort(), protocol.get()),
              new Claim("the nodePort of " + service, cluster.at(port, "nodePort")));
        }
      }
    }
    for (Service service : cluster.services()) {
      Integer number = service.spec().getHealthCheckNodePort();
      if (number != null && number > 0) {
        Place place = cluster.at(service.spec(), "healthCheckNodePort");
        Claim first = claims.get(new HostPort.Key(number, Protocol.TCP));
        if (first != null) {
          report(
              findings.report(service, place, message("healthCheckNodePort", number, first)),
              first);
        }
        claims.put(
            new HostPort.Key(number, Protocol.TCP),
            new Claim("the healthCheckNodePort of " + service, place));
      }
    }
    if (claims.isEmpty()) {
      return;
    }
    for (Workload workload : cluster.workloads()) {
      for (HostPort port : HostPort.of(workload)) {
        Claim first = claims.get(port.key());
        if (first != null) {
          report(
              findings.report(
                  workload, port.place(), message("port of the node", port.key().number(), first)),
              first);
        }
      }
    }
  }

  private static String message(String field, int number, Claim first) {
    return field + " " + number + " is " + first.owner + ", too";
  }

  private static void report(Findings.Draft draft, Claim first) {
    draft
        .note(first.place, first.owner)
        .help("choose another: on every node, one of the two does not get its traffic");
  }
}
