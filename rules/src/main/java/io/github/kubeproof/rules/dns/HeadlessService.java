package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import java.util.List;
import java.util.Optional;

/** The Service that gives the pods of a workload their names in DNS. */
final class HeadlessService {

  private HeadlessService() {}

  /** The Services of a name that may be in the namespace of a workload, in any unit. */
  static List<Service> named(String name, Workload workload) {
    return workload.cluster().world().services(workload.namespace(), name);
  }

  /** Why the pods of a workload get no names of a Service, if they get none. */
  static Optional<String> flaw(String name, Workload workload) {
    List<Service> services = named(name, workload);
    if (services.isEmpty()) {
      return Optional.of("there is no Service " + workload.namespace() + "/" + name);
    }
    if (services.stream().noneMatch(Service::isHeadless)) {
      return Optional.of(services.get(0) + " is not headless (clusterIP: None)");
    }
    // without a selector somebody makes the endpoints by hand
    boolean serves =
        services.stream()
            .filter(Service::isHeadless)
            .anyMatch(service -> service.selector().map(workload::mayMatch).orElse(true));
    return serves ? Optional.empty() : Optional.of(services.get(0) + " selects other pods");
  }
}
