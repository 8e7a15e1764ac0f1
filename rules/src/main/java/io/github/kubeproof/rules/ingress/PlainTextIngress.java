package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP508: an Ingress without a certificate. */
public final class PlainTextIngress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP508",
              "plain-text-ingress",
              Severity.INFO,
              Confidence.PROVED,
              "an Ingress names no certificate")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Ingress ingress : Ingress.of(cluster)) {
      if (ingress.tls().isEmpty() && !ingress.rules().isEmpty()) {
        findings
            .report(
                ingress.route(),
                ingress.route().resource().at("spec", "tls"),
                "this Ingress names no certificate, so its hosts may be served in plain text")
            .help("list its hosts under tls, unless the controller has a certificate for all");
      }
    }
  }
}
