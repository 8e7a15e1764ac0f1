package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** KP408: two Services of one deployment ask for the same port of every node. */
public final class NodePortCollision implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP408",
          "node-port-collision",
          Severity.ERROR,
          Confidence.PROVED,
          "two Services ask for the same nodePort");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  private record NodePort(int number, Protocol protocol) {}

  private record Claim(Service service, V1ServicePort port) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<NodePort, Claim> claims = new HashMap<>();
    for (Service service : cluster.services()) {
      if (!service.type().equals("NodePort") && !service.type().equals("LoadBalancer")) {
        continue; // KP412 speaks of a nodePort on other types
      }
      for (V1ServicePort port : service.ports()) {
        Integer number = port.getNodePort();
        Optional<Protocol> protocol = Protocol.of(port.getProtocol());
        if (number == null || number == 0 || protocol.isEmpty()) {
          continue; // 0 means "choose one"
        }
        NodePort nodePort = new NodePort(number, protocol.get());
        Claim first = claims.putIfAbsent(nodePort, new Claim(service, port));
        // twice in one Service is KP413, one Service written twice is KP011
        if (first != null && !first.service.qualifiedName().equals(service.qualifiedName())) {
          findings
              .report(
                  service,
                  cluster.at(port, "nodePort"),
                  "nodePort %d/%s is taken by %s".formatted(number, protocol.get(), first.service))
              .help("choose another port, or leave nodePort out to get a free one")
              .note(cluster.at(first.port, "nodePort"), first.service + " asks for it first");
        }
      }
    }
  }
}
