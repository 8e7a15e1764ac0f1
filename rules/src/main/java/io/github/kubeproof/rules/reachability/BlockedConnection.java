package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.HostReference.ServiceName;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.Optional;

/** KP104: a program is told to call a Service, and a policy at one of the two ends stops it. */
public final class BlockedConnection implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP104",
          "blocked-connection",
          Severity.WARNING,
          Confidence.PROVED,
          "a program is told to call a Service, and the policies of one end stop it");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    boolean guarded =
        cluster.world().clusters().stream()
            .anyMatch(unit -> !unit.policies().isEmpty() || !unit.tierPolicies().isEmpty());
    if (!guarded) {
      return;
    }
    List<Mention> configMaps = Mention.ofConfigMaps(cluster);
    for (Workload workload : cluster.workloads()) {
      for (Mention mention : Mention.readBy(workload, configMaps)) {
        call(workload, mention).ifPresent(call -> check(call, mention, connectivity, findings));
      }
    }
  }

  /** The call that a mention stands for; empty where it names no port of just one Service. */
  private static Optional<Call> call(Workload workload, Mention mention) {
    Optional<Integer> port = mention.reference().calledPort();
    boolean ofPod =
        mention
            .reference()
            .service(mention.namespace(), mention.cluster().settings().domain())
            .map(ServiceName::pod)
            .filter(pod -> !pod.isEmpty())
            .isPresent();
    if (port.isEmpty() || ofPod || !mention.isCalled() || mention.isApiServer()) {
      return Optional.empty();
    }
    List<Service> services = mention.services().stream().filter(workload::isDeployedWith).toList();
    // clients of a headless Service connect to the ports of its pods
    if (services.size() != 1 || services.get(0).isHeadless()) {
      return Optional.empty();
    }
    Service service = services.get(0);
    boolean guarded =
        workload.cluster().world().mayBeGuarded(workload)
            || service.cluster().world().mayBeGuarded(service);
    return guarded
        ? service.ports().stream()
            .filter(candidate -> port.get().equals(candidate.getPort()))
            .filter(candidate -> !"UDP".equals(candidate.getProtocol()))
            .findFirst()
            .map(candidate -> new Call(workload, service, candidate))
        : Optional.empty();
  }

  /** Whether a rule of the policies that stop it names the port of the Service by number. */
  private static boolean opensPortOfService(Call call, Call.Stop stop) {
    Integer port = call.port().getPort();
    IntOrString target = Service.target(call.port());
    boolean same = target != null && target.isInteger() && target.getIntValue().equals(port);
    return !same
        && stop.isolating().stream()
            .flatMap(policy -> policy.rules(stop.side()).stream())
            .flatMap(rule -> rule.rule().ports().stream())
            .map(V1NetworkPolicyPort::getPort)
            .anyMatch(
                written ->
                    written != null && written.isInteger() && written.getIntValue().equals(port));
  }

  private static void check(
      Call call, Mention mention, Connectivity connectivity, Findings findings) {
    Optional<Call.Stop> stop = call.stop(connectivity, mention.place());
    if (stop.isEmpty()) {
      return;
    }
    boolean out = stop.get().side() == Direction.EGRESS;
    boolean closedToAll =
        !out
            && !stop.get().isolating().isEmpty()
            && stop.get().isolating().stream().allMatch(p -> p.rules(Direction.INGRESS).isEmpty());
    if (closedToAll || opensPortOfService(call, stop.get())) {
      return; // KP101 and KP313 tell the reason
    }
    String number = String.valueOf(call.port().getPort());
    Draft draft =
        findings
            .report(
                mention.resource(),
                mention.place(),
                mention.span(),
                call.from()
                    + " is told to call port "
                    + number
                    + " of "
                    + call.to()
                    + ", but "
                    + stop.get().policy()
                    + (out ? " does not let it out" : " does not let it in"))
            .help(
                out
                    ? "let it out to the port of the pods with an egress rule"
                    : "let it in on the port of the pods with an ingress rule");
    for (Meaning policy : stop.get().isolating()) {
      draft.note(
          policy.place(),
          policy.policy() + " isolates " + (out ? "its pods" : "the pods of " + call.to()));
    }
  }
}
