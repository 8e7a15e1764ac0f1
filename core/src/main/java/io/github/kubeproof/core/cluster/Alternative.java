package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Units that may be deployed together: no two of them define the same object. */
public record Alternative(List<Cluster> units) {

  public Alternative {
    units = List.copyOf(units);
  }

  public List<Policy> policies() {
    return all(Cluster::policies);
  }

  public List<TierPolicy> tierPolicies() {
    return all(Cluster::tierPolicies);
  }

  public List<Workload> workloads() {
    return all(Cluster::workloads);
  }

  /**
   * The objects that decide about traffic to and from the pods of a namespace in ways that nothing
   * here knows, so nobody can say that something is blocked.
   */
  public List<Resource> otherPolicies(String namespace) {
    return all(Cluster::otherPolicies).stream()
        .filter(
            resource ->
                resource.writtenNamespace().isEmpty()
                    || resource.writtenNamespace().equals(namespace))
        .toList();
  }

  public List<Service> services() {
    return all(Cluster::services);
  }

  private <T> List<T> all(Function<Cluster, List<T>> part) {
    List<T> all = new ArrayList<>();
    for (Cluster unit : units) {
      all.addAll(part.apply(unit));
    }
    return all;
  }
}
