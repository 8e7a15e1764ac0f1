package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1IngressRule;

/** KP510: a rule of an Ingress that takes requests for every host, or for all of a domain. */
public final class CatchAllHost implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP510",
          "catch-all-host",
          Severity.INFO,
          Confidence.PROVED,
          "a rule of an Ingress takes the requests for every host, or for all of a domain");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Ingress ingress : Ingress.of(cluster)) {
      for (V1IngressRule rule : ingress.rules()) {
        String host = rule.getHost() == null ? "" : rule.getHost();
        if (host.isEmpty() && rule.getHttp() != null) {
          findings
              .report(
                  ingress.route(),
                  cluster.at(rule),
                  "a rule without a host takes the requests for every host of the controller")
              .help("name the hosts that are meant");
        } else if (host.startsWith("*.")) {
          findings
              .report(
                  ingress.route(),
                  cluster.at(rule, "host"),
                  host + " takes the requests for every name of " + host.substring(2))
              .help("name the hosts that are meant, unless they are made on the fly");
        }
      }
    }
  }
}
