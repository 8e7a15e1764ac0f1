package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1StatefulSetSpec;
import java.util.List;
import java.util.Optional;

/** KP615: a StatefulSet whose pods get no names, as its Service is missing or another. */
public final class MissingGoverningService implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP615",
          "missing-governing-service",
          Severity.INFO,
          Confidence.HEURISTIC,
          "the Service that gives the pods of a StatefulSet their names is missing, not headless, or selects others");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Workload workload : cluster.workloads()) {
      workload
          .resource()
          .as(V1StatefulSet.class)
          .map(V1StatefulSet::getSpec)
          .filter(spec -> spec.getServiceName() != null && !spec.getServiceName().isEmpty())
          .filter(spec -> cluster.world().patchesOf(workload).isEmpty())
          .ifPresent(spec -> check(workload, spec, findings));
    }
  }

  private static void check(Workload workload, V1StatefulSetSpec spec, Findings findings) {
    String name = spec.getServiceName();
    List<Service> services = HeadlessService.named(name, workload);
    Optional<String> fault = HeadlessService.flaw(name, workload);
    if (fault.isEmpty()) {
      return;
    }
    Optional<String> slip = services.isEmpty() ? slip(workload, name) : Optional.empty();
    Optional<Mention> user = user(workload, name);
    Findings.Draft draft =
        findings
            .report(
                workload,
                workload.cluster().at(spec, "serviceName"),
                "the pods of "
                    + workload
                    + " have no names: "
                    + fault.get()
                    + slip.map(meant -> "; did you mean " + meant + "?").orElse(""))
            .severity(slip.isPresent() || user.isPresent() ? Severity.WARNING : Severity.INFO);
    user.ifPresent(
        mention -> draft.note(mention.place(), "calls the pod " + mention.reference().host()));
    services.stream()
        .findFirst()
        .ifPresent(
            service -> draft.note(service.resource().at("metadata", "name"), service + " is here"));
  }

  private static Optional<String> slip(Workload workload, String name) {
    List<String> near =
        workload.cluster().services().stream()
            .filter(service -> service.mayShareNamespace(workload) && service.isHeadless())
            .map(Service::name)
            .filter(other -> Spelling.isSlip(name, other))
            .distinct()
            .toList();
    return near.size() == 1 ? Optional.of(near.get(0)) : Optional.empty();
  }

  /** Where one of the pods is called by its name. */
  private static Optional<Mention> user(Workload workload, String service) {
    return Mention.of(workload.cluster()).stream()
        .filter(mention -> mention.isCalled() && mention.isPodOf(workload, service))
        .findFirst();
  }
}
