package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** KP413: two ports of one Service that cannot be told apart. */
public final class DuplicateServicePort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP413",
          "duplicate-service-port",
          "two ports of a Service have the same number, name or nodePort, or one has no name");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      List<V1ServicePort> ports = service.ports();
      if (ports.size() > 1) {
        checkNames(cluster, service, ports, findings);
        checkNumbers(cluster, service, ports, findings);
        // on other types a nodePort is the fault (KP412)
        if (service.type().equals("NodePort") || service.type().equals("LoadBalancer")) {
          checkNodePorts(cluster, service, ports, findings);
        }
      }
    }
  }

  private static void checkNames(
      Cluster cluster, Service service, List<V1ServicePort> ports, Findings findings) {
    Map<String, V1ServicePort> seen = new HashMap<>();
    for (V1ServicePort port : ports) {
      String name = port.getName();
      if (name == null || name.isEmpty()) {
        findings
            .report(
                service,
                cluster.at(port, "name"),
                "port " + number(port) + " has no name, but needs one beside other ports")
            .help("give each port a name, as in name: http");
        continue;
      }
      V1ServicePort before = seen.putIfAbsent(name, port);
      if (before != null) {
        findings
            .report(
                service,
                cluster.at(port, "name"),
                "port name \"" + name + "\" is taken by port " + number(before) + " already")
            .help("give it another name, also if the protocols differ")
            .note(cluster.at(before, "name"), "the first port of this name");
      }
    }
  }

  private static void checkNumbers(
      Cluster cluster, Service service, List<V1ServicePort> ports, Findings findings) {
    record Key(Protocol protocol, int number) {}
    Map<Key, V1ServicePort> seen = new HashMap<>();
    for (V1ServicePort port : ports) {
      Optional<Protocol> protocol = Protocol.of(port.getProtocol());
      if (protocol.isEmpty() || port.getPort() == null) {
        continue;
      }
      V1ServicePort before = seen.putIfAbsent(new Key(protocol.get(), port.getPort()), port);
      if (before != null) {
        findings
            .report(
                service,
                cluster.at(port, "port"),
                "port " + port.getPort() + "/" + protocol.get() + " stands twice in " + service)
            .help("remove one of them, or give it another number")
            .note(cluster.at(before, "port"), "the first one");
      }
    }
  }

  /**
   * Two ports may share a nodePort only if they are one number in two protocols, as in DNS; not for
   * two numbers, whatever their protocols (core service storage, alloc.go).
   */
  private static void checkNodePorts(
      Cluster cluster, Service service, List<V1ServicePort> ports, Findings findings) {
    Map<Integer, V1ServicePort> seen = new HashMap<>();
    for (V1ServicePort port : ports) {
      if (port.getNodePort() == null || port.getNodePort() == 0) {
        continue;
      }
      V1ServicePort before = seen.putIfAbsent(port.getNodePort(), port);
      if (before != null && !Objects.equals(before.getPort(), port.getPort())) {
        findings
            .report(
                service,
                cluster.at(port, "nodePort"),
                "nodePort "
                    + port.getNodePort()
                    + " is taken by port "
                    + number(before)
                    + " already")
            .help("choose another nodePort, or leave it out to get one")
            .note(cluster.at(before, "nodePort"), "the first port with this nodePort");
      }
    }
  }

  private static String number(V1ServicePort port) {
    return port.getPort() == null ? "without a number" : port.getPort().toString();
  }
}
