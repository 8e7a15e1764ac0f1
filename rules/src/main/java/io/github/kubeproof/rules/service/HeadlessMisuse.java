package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;

/** KP414: a headless Service of a type that needs an address. */
public final class HeadlessMisuse implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP414",
          "headless-misuse",
          "a headless Service is of type NodePort or LoadBalancer, which need an address");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      boolean open = service.type().equals("NodePort") || service.type().equals("LoadBalancer");
      if (open && service.isHeadless()) {
        boolean listed = Lists.orEmpty(service.spec().getClusterIPs()).contains("None");
        findings
            .report(
                service,
                listed
                    ? service.resource().at("spec", "clusterIPs", 0)
                    : service.resource().at("spec", "clusterIP"),
                "a Service of type "
                    + service.type()
                    + " cannot be headless: what comes from outside is sent on to its clusterIP")
            .help("leave clusterIP out, or make the headless Service one of its own")
            .note(service.resource().at("spec", "type"), "the type of the Service");
      }
    }
  }
}
