package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.rules.manifest.Variables;
import io.kubernetes.client.openapi.models.V1HostAlias;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** KP628: a name of a host that no host may have. */
public final class InvalidHostname implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP628",
          "invalid-hostname",
          "the hostname, the subdomain or a host alias of a pod is no DNS name");

  /** What a Linux host may have (core validation.go, validateHostnameOverride). */
  private static final int LONGEST_OVERRIDE = 64;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  // core validation.go, ValidatePodSpec and ValidateHostAliases
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      V1PodSpec pod = workload.podSpec();
      label(workload, "hostname", pod.getHostname(), findings);
      label(workload, "subdomain", pod.getSubdomain(), findings);
      String override = pod.getHostnameOverride();
      if (override != null) {
        checkOverride(workload, override, findings);
      }
      for (V1HostAlias alias : Lists.orEmpty(pod.getHostAliases())) {
        List<String> names = Lists.orEmpty(alias.getHostnames());
        for (int i = 0; i < names.size(); i++) {
          Place place = cluster.at(alias, "hostnames", i);
          Variables.reportFlaw(
              workload.resource(),
              place,
              "host",
              names.get(i),
              Names.flawOfDnsName(names.get(i)),
              findings);
        }
      }
      workload
          .resource()
          .as(V1StatefulSet.class)
          .map(V1StatefulSet::getSpec)
          .map(spec -> spec.getServiceName())
          .filter(name -> !name.isEmpty())
          .ifPresent(
              name ->
                  Variables.reportFlaw(
                      workload.resource(),
                      workload.resource().at("spec", "serviceName"),
                      "serviceName",
                      name,
                      Names.flawOfDnsLabel(name),
                      findings));
    }
  }

  private static void label(
      Workload workload, String field, @Nullable String text, Findings findings) {
    if (text != null && !text.isEmpty()) {
      Place place = workload.cluster().at(workload.podSpec(), field);
      Variables.reportFlaw(
          workload.resource(), place, field, text, Names.flawOfDnsLabel(text), findings);
    }
  }

  private static void checkOverride(Workload workload, String override, Findings findings) {
    V1PodSpec pod = workload.podSpec();
    Place place = workload.cluster().at(pod, "hostnameOverride");
    for (String other : List.of("hostNetwork", "setHostnameAsFQDN")) {
      Boolean set = other.equals("hostNetwork") ? pod.getHostNetwork() : pod.getSetHostnameAsFQDN();
      if (Boolean.TRUE.equals(set)) {
        findings
            .report(workload, place, "hostnameOverride and " + other + " exclude each other")
            .note(workload.cluster().at(pod, other), "decides about the hostname, too");
      }
    }
    Optional<String> flaw =
        override.length() > LONGEST_OVERRIDE
            ? Optional.of("is longer than " + LONGEST_OVERRIDE + " characters")
            : Names.flawOfDnsName(override);
    Variables.reportFlaw(workload.resource(), place, "hostnameOverride", override, flaw, findings);
  }
}
