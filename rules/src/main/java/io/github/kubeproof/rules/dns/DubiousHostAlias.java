package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.HostReference;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.kubernetes.client.openapi.models.V1HostAlias;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** KP618: entries for /etc/hosts that hide a Service, or hide each other. */
public final class DubiousHostAlias implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP618",
          "dubious-host-alias",
          Severity.WARNING,
          Confidence.PROVED,
          "an entry of hostAliases hides a Service, or stands there twice");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      Map<String, V1HostAlias> byAddress = new HashMap<>();
      for (V1HostAlias alias : Lists.orEmpty(workload.podSpec().getHostAliases())) {
        V1HostAlias before =
            alias.getIp() == null ? null : byAddress.putIfAbsent(alias.getIp(), alias);
        if (before != null) {
          findings
              .report(
                  workload,
                  cluster.at(alias, "ip"),
                  "the address " + alias.getIp() + " has an entry already")
              .note(cluster.at(before, "ip"), "the first entry")
              .help("list all hostnames of an address in one entry");
        }
        shadows(workload, alias, findings);
      }
    }
  }

  private static void shadows(Workload workload, V1HostAlias alias, Findings findings) {
    Cluster cluster = workload.cluster();
    List<String> names = Lists.orEmpty(alias.getHostnames());
    for (int i = 0; i < names.size(); i++) {
      Optional<Service> hidden =
          HostReference.in("http://" + names.get(i)).stream()
              .flatMap(
                  host -> host.service(workload.namespace(), cluster.settings().domain()).stream())
              .filter(name -> name.pod().isEmpty())
              .flatMap(name -> cluster.world().services(name.namespace(), name.name()).stream())
              .filter(
                  service -> !String.valueOf(service.spec().getClusterIP()).equals(alias.getIp()))
              .findFirst();
      if (hidden.isPresent()) {
        findings
            .report(
                workload,
                cluster.at(alias, "hostnames", i),
                "the entry \""
                    + names.get(i)
                    + "\" hides "
                    + hidden.get()
                    + ": programs of the pod get "
                    + alias.getIp()
                    + " instead")
            .note(hidden.get().resource().at("metadata", "name"), hidden.get() + " is here");
      }
    }
  }
}
