package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.dns.PodResolver;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import io.kubernetes.client.openapi.models.V1PodDNSConfigOption;
import java.util.List;

/** KP610: an option ndots that resolvers do not read, or that keeps Services from being found. */
public final class UnsuitableNdots implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP610",
              "unsuitable-ndots",
              Severity.WARNING,
              Confidence.PROVED,
              "ndots is no number, or so small that names of Services are asked outside of the cluster")
          .fixable(Fixability.EITHER);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** resolv.conf(5): the value is silently capped to 15. */
  private static final int MOST = 15;

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      V1PodDNSConfig config = workload.podSpec().getDnsConfig();
      if (config == null) {
        continue;
      }
      for (V1PodDNSConfigOption option : Lists.orEmpty(config.getOptions())) {
        String name = option.getName() == null ? "" : option.getName();
        if (name.equals("ndots")) {
          String value = option.getValue() == null ? "" : option.getValue();
          check(workload, cluster.at(option, "value"), value, findings);
        } else if (name.startsWith("ndots:")) {
          findings
              .report(
                  workload,
                  cluster.at(option, "name"),
                  "the option is named \""
                      + name
                      + "\" as a whole, so it stands beside ndots:5, and"
                      + " nobody knows which one counts")
              .help("write name: ndots, value: \"" + name.substring(6) + "\"")
              .unsafeFix(
                  "write name: ndots, value: \"" + name.substring(6) + "\"",
                  "short names may be asked for in another order",
                  Edits.all(
                      List.of(
                          Edits.value(cluster.at(option, "name"), "ndots"),
                          Edits.addAfter(cluster.at(option, "name"), "value", name.substring(6)))));
        }
      }
    }
  }

  private static void check(Workload workload, Place at, String value, Findings findings) {
    if (!value.matches("[0-9]{1,9}")) {
      findings.report(
          workload,
          at,
          value.isEmpty()
              ? "ndots has no value, so resolvers ignore it"
              : "ndots \"" + value + "\" is no number: resolvers take it for 0, or ignore it");
      return;
    }
    int ndots = Integer.parseInt(value);
    if (ndots > MOST) {
      findings
          .report(workload, at, "resolvers read an ndots of " + value + " as " + MOST)
          .severity(Severity.INFO)
          .fix("write " + MOST, Edits.value(at, String.valueOf(MOST)));
      return;
    }
    if (PodResolver.sourceOf(workload.podSpec()) == PodResolver.Source.CLUSTER) {
      Mention.of(workload).stream()
          .filter(mention -> isAskedOutside(mention, ndots))
          .findFirst()
          .ifPresent(
              mention ->
                  findings
                      .report(
                          workload,
                          at,
                          "with ndots "
                              + ndots
                              + " the name "
                              + mention.reference().host()
                              + " is first asked as it stands, outside of the cluster; musl asks no"
                              + " further")
                      .note(mention.place(), "a Service is named here")
                      .help("write the full name, or a greater ndots"));
    }
  }

  /** Whether the short name of a known Service has enough dots to be taken for a whole one. */
  private static boolean isAskedOutside(Mention mention, int ndots) {
    int dots = mention.reference().labels().size() - 1;
    String domain = mention.cluster().settings().domain();
    boolean isFull =
        mention.reference().isAbsolute() || mention.reference().host().endsWith(".svc." + domain);
    return mention.isCalled()
        && !isFull
        && dots >= ndots
        && (!mention.services().isEmpty() || mention.isApiServer());
  }
}
