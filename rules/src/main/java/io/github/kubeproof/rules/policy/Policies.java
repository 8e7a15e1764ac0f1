package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import java.util.ArrayList;
import java.util.List;

/** What the rules about policies have in common. */
final class Policies {

  private Policies() {}

  /**
   * The policies of a unit that say what they seem to say: understood in full, and accepted by the
   * API server.
   */
  static List<Meaning> of(Cluster cluster) {
    List<Meaning> meanings = new ArrayList<>();
    for (Policy policy : cluster.policies()) {
      if (policy.resource().isUnderstood()) {
        PolicySemantics.of(policy).ifPresent(meanings::add);
      }
    }
    return meanings;
  }

  /** The workloads of the unit whose pods a policy surely selects and guards. */
  static List<Workload> selected(Meaning meaning) {
    Policy policy = meaning.policy();
    return policy.cluster().workloads().stream()
        .filter(workload -> workload.namespace().equals(policy.namespace()))
        .filter(workload -> workload.matches(meaning.selector()) && !workload.onHostNetwork())
        .toList();
  }

  /**
   * Whether a Service of the unit offers the pods of a policy to the outside on purpose: of type
   * LoadBalancer or NodePort.
   */
  static boolean isPublished(Meaning meaning) {
    for (Service service : meaning.policy().cluster().services()) {
      boolean outside = service.type().equals("LoadBalancer") || service.type().equals("NodePort");
      if (outside
          && service.namespace().equals(meaning.policy().namespace())
          && service.selector().isPresent()
          && selected(meaning).stream().anyMatch(w -> w.matches(service.selector().get()))) {
        return true;
      }
    }
    return false;
  }
}
