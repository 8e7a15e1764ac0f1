package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Selector;
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
import java.util.Set;
import java.util.TreeSet;

/** KP406: two Services that do the same. */
public final class DuplicateService implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP406",
          "duplicate-service",
          Severity.INFO,
          Confidence.PROVED,
          "two Services of one namespace have the same selector and the same ports");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** What a Service does, whatever its name. */
  private record Job(String namespace, Selector selector, Set<String> ports) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<Job, Service> jobs = new HashMap<>();
    for (Service service : cluster.services()) {
      boolean plain = service.type().equals("ClusterIP") && !service.isHeadless();
      if (!plain || service.selector().isEmpty()) {
        continue;
      }
      Set<String> ports = new TreeSet<>();
      for (V1ServicePort port : service.ports()) {
        ports.add(port.getPort() + " " + port.getProtocol() + " " + Service.target(port));
      }
      Job job = new Job(service.namespace(), service.selector().get(), ports);
      Service first = jobs.putIfAbsent(job, service);
      if (first != null && !first.name().equals(service.name())) {
        findings
            .report(
                service,
                service.resource().at("metadata", "name"),
                service + " does the same as " + first + ": its selector and its ports are equal")
            .note(first.resource().at("metadata", "name"), first + " is here")
            .help("remove one, unless both names are in use");
      }
    }
  }
}
