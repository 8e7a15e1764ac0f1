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
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * KP432: the name or the appProtocol of a port says TCP, its protocol UDP, or the other way round.
 */
public final class ContradictoryPortName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP432",
          "contradictory-port-name",
          Severity.INFO,
          Confidence.HEURISTIC,
          "the name or the appProtocol of a port contradicts its protocol");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Protocols that run over TCP and over nothing else. */
  private static final Pattern TCP =
      Pattern.compile(
          "(http|http2|grpc|grpc-web|mysql|postgres|postgresql|redis|mongo|mongodb|ssh)");

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      for (V1ServicePort port : service.ports()) {
        boolean datagrams = Protocol.of(port.getProtocol()).equals(Optional.of(Protocol.UDP));
        String application = port.getAppProtocol() == null ? "" : port.getAppProtocol();
        boolean contradicts =
            application.isEmpty()
                ? isTcp(port.getName())
                : isTcp(application) || application.startsWith("kubernetes.io/");
        if (datagrams && contradicts) {
          boolean named = application.isEmpty();
          findings
              .report(
                  service,
                  cluster.at(port, "protocol"),
                  "the port is UDP, but its %s %s runs over TCP"
                      .formatted(
                          named ? "name" : "appProtocol", named ? port.getName() : application))
              .help("set protocol to TCP, or rename the port");
        }
      }
    }
  }

  private static boolean isTcp(@Nullable String name) {
    return name != null && TCP.matcher(name).matches();
  }
}
