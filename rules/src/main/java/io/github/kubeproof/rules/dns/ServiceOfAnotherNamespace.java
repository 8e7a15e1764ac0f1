package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.List;
import java.util.TreeSet;

/** KP614: a short name of a Service that lives in another namespace. */
public final class ServiceOfAnotherNamespace implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP614",
          "service-of-another-namespace",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a short name is looked up in the pod's own namespace, but the Service is in another");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      if (workload.namespaceIsWritten()) {
        Mention.of(workload).forEach(mention -> check(mention, workload, findings));
      }
    }
  }

  private static void check(Mention mention, Workload workload, Findings findings) {
    String host = mention.reference().host();
    boolean isShort = mention.reference().labels().size() == 1 && !mention.reference().isAbsolute();
    if (!isShort
        || !mention.isCalled()
        || !mention.services().isEmpty()
        || isKnown(host, workload)) {
      return;
    }
    List<Service> elsewhere =
        mention.cluster().world().servicesNamed(host).stream()
            .filter(Service::namespaceIsWritten)
            .toList();
    TreeSet<String> namespaces = new TreeSet<>();
    elsewhere.forEach(service -> namespaces.add(service.namespace()));
    if (namespaces.isEmpty()) {
      return;
    }
    boolean isCertain =
        namespaces.size() == 1
            && elsewhere.stream().anyMatch(service -> service.cluster().equals(mention.cluster()));
    Mentions.report(
            mention,
            "\""
                + host
                + "\" is looked up in namespace "
                + workload.namespace()
                + ", but Service "
                + host
                + " is in "
                + String.join(", ", namespaces),
            findings)
        .severity(isCertain ? Severity.WARNING : Severity.INFO)
        .note(elsewhere.get(0).resource().at("metadata", "name"), elsewhere.get(0) + " is here")
        .help("write " + host + "." + namespaces.first());
  }

  /** Whether the pods find the host otherwise: in a list of hosts, or with a search path. */
  private static boolean isKnown(String host, Workload workload) {
    boolean isAlias =
        Lists.orEmpty(workload.podSpec().getHostAliases()).stream()
            .anyMatch(alias -> Lists.orEmpty(alias.getHostnames()).contains(host));
    boolean searches =
        workload.podSpec().getDnsConfig() != null
            && !Lists.orEmpty(workload.podSpec().getDnsConfig().getSearches()).isEmpty();
    return isAlias || searches;
  }
}
