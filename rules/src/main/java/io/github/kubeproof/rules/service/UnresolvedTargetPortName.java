package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Optional;

/** KP401: a targetPort is a name that no container port of the selected pods has. */
public final class UnresolvedTargetPortName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP401",
              "unresolved-target-port-name",
              Severity.ERROR,
              Confidence.PROVED,
              "a targetPort is a name that no container port of the selected pods has")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      boolean named = service.ports().stream().anyMatch(port -> name(port).isPresent());
      List<Workload> backends = named ? ContainerPorts.behind(service) : List.of();
      for (V1ServicePort port : service.ports()) {
        Optional<String> name = name(port);
        Optional<Protocol> protocol = Protocol.of(port.getProtocol());
        if (!backends.isEmpty() && name.isPresent() && protocol.isPresent()) {
          check(service, port, new Named(name.get(), protocol.get()), backends, findings);
        }
      }
    }
  }

  /** The targetPort where it is a name; what can be none is refused by the API server: KP005. */
  private static Optional<String> name(V1ServicePort port) {
    IntOrString target = Service.target(port);
    return target == null || target.isInteger()
        ? Optional.empty()
        : Optional.of(target.getStrValue()).filter(name -> Names.flawOfPort(name).isEmpty());
  }

  /** How kubelet and the endpoints controller look a port up: by name and protocol. */
  private record Named(String name, Protocol protocol) {

    boolean isIn(Workload pods) {
      return pods.portNamed(name, protocol).isPresent()
          || ContainerPorts.isPatchedIn(
              pods, port -> port.string("name").filter(name::equals).isPresent());
    }
  }

  private static void check(
      Service service,
      V1ServicePort port,
      Named target,
      List<Workload> backends,
      Findings findings) {
    if (backends.stream().anyMatch(target::isIn)) {
      return;
    }
    Optional<Protocol> other =
        backends.stream()
            .flatMap(pods -> pods.ports().stream())
            .filter(declared -> declared.name().equals(target.name))
            .map(PodPort::protocol)
            .findFirst();
    List<Workload> shown = ContainerPorts.nearest(service, backends);
    String pods = ContainerPorts.name(shown);
    String message =
        other
            .map(
                found ->
                    "this port is %s, but port %s of %s is %s"
                        .formatted(target.protocol, target.name, pods, found))
            .orElseGet(() -> "no container port of " + pods + " is named " + target.name);
    String help =
        other
            .map(found -> "set protocol to " + found + ", or open the container port for both")
            .orElse(
                shown.get(0).ports().isEmpty()
                    ? "declare a container port of that name, or target a number"
                    : "target one of " + ContainerPorts.list(shown.get(0).ports()));
    Findings.Draft draft =
        findings.report(service, service.cluster().at(port, "targetPort"), message).help(help);
    List<String> slips =
        shown.stream()
            .flatMap(workload -> workload.ports().stream())
            .map(PodPort::name)
            .filter(name -> Spelling.isSlip(target.name, name))
            .distinct()
            .toList();
    if (slips.size() == 1) {
      draft.unsafeFix(
          "target " + slips.get(0),
          "the Service sends its traffic to that port",
          Edits.value(service.cluster().at(port, "targetPort"), slips.get(0)));
    }
    ContainerPorts.note(draft, shown);
  }
}
