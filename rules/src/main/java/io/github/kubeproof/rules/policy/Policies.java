package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.ApiServerCall;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
    return meaning.policy().cluster().services().stream()
        .anyMatch(
            service ->
                isPublished(service)
                    && service.namespace().equals(meaning.policy().namespace())
                    && isBehind(meaning, service));
  }

  private static boolean isPublished(Service service) {
    return service.type().equals("LoadBalancer") || service.type().equals("NodePort");
  }

  private static boolean isBehind(Meaning meaning, Service service) {
    return service.selector().isPresent()
        && selected(meaning).stream().anyMatch(pods -> pods.mayMatch(service.selector().get()));
  }

  /**
   * Whether something in the whole neighbourhood may lead to the pods of a policy from where no
   * policy can name the source: a published Service, an Ingress or route, or a webhook or API that
   * the API server calls.
   */
  static boolean isCalledFromOutside(Meaning meaning) {
    Policy policy = meaning.policy();
    World world = policy.cluster().world();
    Set<String> called = new HashSet<>();
    for (Cluster unit : world.clusters()) {
      unit.routes().stream()
          .flatMap(route -> route.backends().stream())
          .forEach(backend -> called.add(backend.service()));
      ApiServerCall.in(new Alternative(List.of(unit))).forEach(call -> called.add(call.name()));
      unit.services().stream()
          .filter(Policies::isPublished)
          .forEach(service -> called.add(service.name()));
    }
    return called.stream()
        .flatMap(name -> world.services(policy.namespace(), name).stream())
        .anyMatch(service -> isBehind(meaning, service));
  }
}
