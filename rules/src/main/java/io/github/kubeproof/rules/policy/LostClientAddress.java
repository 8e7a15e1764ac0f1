package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.AddressSpace;
import io.github.kubeproof.core.traffic.PolicySet;
import io.github.kubeproof.rules.policy.WideBlocks.Block;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** KP422: blocks of clients that no policy ever sees. */
public final class LostClientAddress implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP422",
          "lost-client-address",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "policies admit clients by their address, which the Service replaces by that of a node");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Load balancers that send to the pods themselves, past the nodes. */
  private static final Set<String> DIRECT =
      Set.of(
          "cloud.google.com/neg",
          "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type",
          "service.beta.kubernetes.io/aws-load-balancer-type");

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      if (replacesAddresses(service) && cluster.world().mayBeGuarded(service)) {
        check(service, findings);
      }
    }
  }

  private static boolean replacesAddresses(Service service) {
    boolean outside = service.type().equals("LoadBalancer") || service.type().equals("NodePort");
    V1ObjectMeta meta = service.model().getMetadata();
    return outside
        && !"Local".equals(service.spec().getExternalTrafficPolicy())
        && service.selector().isPresent()
        && service.resource().isUnderstood()
        && Lists.orEmpty(meta == null ? null : meta.getAnnotations()).keySet().stream()
            .noneMatch(DIRECT::contains);
  }

  private static void check(Service service, Findings findings) {
    List<Alternative> alternatives = service.cluster().alternatives(service);
    List<Block> lost =
        alternatives.stream().flatMap(alternative -> lost(service, alternative).stream()).toList();
    if (lost.isEmpty() || lost.size() < alternatives.size()) {
      return;
    }
    Block block = lost.get(0);
    boolean written = service.spec().getExternalTrafficPolicy() != null;
    findings
        .report(
            service,
            service.cluster().at(service.spec(), written ? "externalTrafficPolicy" : "type"),
            "clients in %s come to the pods with the address of a node, so %s does not admit them"
                .formatted(block.model().getCidr(), block.rule().rule().policy()))
        .note(block.place().then("cidr"), "it admits the addresses of clients")
        .help("set externalTrafficPolicy: Local, which keeps the addresses of clients");
  }

  /** A block of clients that a policy of some backends relies on. */
  private static Optional<Block> lost(Service service, Alternative alternative) {
    Optional<PolicySet> policies = PolicySet.of(service, alternative);
    for (Workload workload : alternative.workloads()) {
      boolean behind =
          workload.namespace().equals(service.namespace())
              && !workload.onHostNetwork()
              && workload.matches(service.selector().orElseThrow());
      if (behind && policies.isPresent()) {
        List<Block> blocks =
            policies.get().isolating(workload, Direction.INGRESS).stream()
                .flatMap(policy -> WideBlocks.blocks(policy, Direction.INGRESS).stream())
                .toList();
        // whoever admits private addresses, or all, may well mean the nodes
        if (blocks.stream().noneMatch(LostClientAddress::mayHoldNodes)
            && policies.get().isolating(workload, Direction.INGRESS).stream()
                .flatMap(policy -> policy.rules(Direction.INGRESS).stream())
                .noneMatch(rule -> rule.rule().peers().isEmpty())) {
          return blocks.stream().findFirst();
        }
      }
    }
    return Optional.empty();
  }

  private static boolean mayHoldNodes(Block block) {
    return AddressSpace.PRIVATE.within().stream()
        .anyMatch(range -> range.contains(block.cidr()) || block.cidr().contains(range));
  }
}
