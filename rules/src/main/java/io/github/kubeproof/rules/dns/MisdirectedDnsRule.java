package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.traffic.AddressSpace;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** KP603: a rule that is meant for DNS, and reaches no DNS server. */
public final class MisdirectedDnsRule implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP603",
          "misdirected-dns-rule",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "a rule opens the port of DNS, but not to a DNS server");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** OpenShift's DNS pods listen on it; only their Service has port 53. */
  private static final int OPENSHIFT_PORT = 5353;

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      if (policy.isolates(Direction.EGRESS) && policy.resource().isUnderstood()) {
        for (Policy.Rule rule : policy.rules(Direction.EGRESS)) {
          check(rule, connectivity, findings);
        }
      }
    }
  }

  private static void check(Policy.Rule rule, Connectivity connectivity, Findings findings) {
    Optional<V1NetworkPolicyPort> port =
        rule.ports().stream().filter(MisdirectedDnsRule::isDns).findFirst();
    Optional<RuleMeaning> meaning = PolicySemantics.of(rule);
    if (port.isEmpty() || meaning.isEmpty() || rule.peers().isEmpty()) {
      return;
    }
    onlyServicePort(rule, port.get(), findings);
    Optional<Service> service = addressOf(rule);
    if (service.isPresent()) {
      findings
          .report(
              rule.policy(),
              rule.policy().cluster().at(rule.peers().get(0), "ipBlock", "cidr"),
              "policies never see the address of "
                  + service.get()
                  + ": it is exchanged for that of a pod first, and no pod has it")
          .note(
              service.get().cluster().at(service.get().spec(), "clusterIP"),
              "the address of the Service")
          .help("select the pods of " + service.get() + " instead");
      return;
    }
    Policy policy = rule.policy();
    boolean isMeantForServers =
        rule.peers().stream().anyMatch(MisdirectedDnsRule::isMeantForServers);
    boolean isForOthers = rule.peers().stream().anyMatch(peer -> selectsKnownPods(peer, policy));
    Traffic servers = servers(rule);
    if (isMeantForServers
        && !isForOthers
        && !servers.equals(Traffic.none())
        && connectivity
            .proveImpossible(
                Traffic.anyOf(servers, AddressSpace.PRIVATE.at(End.TO)).and(meaning.get().peers()),
                meaning.get().place())
            .isPresent()) {
      findings
          .report(
              policy,
              meaning.get().place().then("to"),
              "the rule opens port " + port.get().getPort() + ", but to no pod that serves DNS")
          .help(
              "select the pods labelled k8s-app=kube-dns in namespace kube-system, also where they"
                  + " are CoreDNS");
    }
  }

  private static boolean isDns(V1NetworkPolicyPort port) {
    return port.getPort() != null
        && port.getEndPort() == null
        && (port.getPort().isInteger()
            ? port.getPort().getIntValue() == 53 || port.getPort().getIntValue() == OPENSHIFT_PORT
            : port.getPort().getStrValue().startsWith("dns"));
  }

  private static Map<String, String> labels(@Nullable V1LabelSelector selector) {
    return selector == null ? Map.of() : Lists.orEmpty(selector.getMatchLabels());
  }

  private static boolean isMeantForServers(V1NetworkPolicyPeer peer) {
    return labels(peer.getPodSelector()).values().stream()
        .anyMatch(value -> value != null && value.toLowerCase(Locale.ROOT).contains("dns"));
  }

  /**
   * The servers that a rule may be meant for: those of the input, otherwise pods with one of the
   * usual labels whose key the rule asks for. Of other keys nobody knows the values.
   */
  private static Traffic servers(Policy.Rule rule) {
    Cluster cluster = rule.policy().cluster();
    List<Traffic> known = new ArrayList<>();
    for (Workload workload : cluster.world().workloads()) {
      if (DnsServers.USUAL_NAMESPACES.contains(workload.namespace())
          && DnsServers.areLabelled(workload.labels(), cluster)) {
        Endpoints.of(workload).asPod().ifPresent(pod -> known.add(new Traffic.IsThis(End.TO, pod)));
      }
    }
    if (!known.isEmpty()) {
      return Traffic.anyOf(known);
    }
    Set<String> keys = new HashSet<>();
    rule.peers().forEach(peer -> keys.addAll(labels(peer.getPodSelector()).keySet()));
    return Traffic.anyOf(
        cluster.settings().dns().selectors().stream()
            .filter(selector -> keys.containsAll(selector.keySet()))
            .<Traffic>map(selector -> new Traffic.PodLabels(End.TO, Selector.ofLabels(selector)))
            .toList());
  }

  /** Whether a peer picks pods of the input, which may well be a server of somebody's own. */
  private static boolean selectsKnownPods(V1NetworkPolicyPeer peer, Policy policy) {
    return peer.getPodSelector() != null
        && Selector.of(peer.getPodSelector())
            .filter(
                selector ->
                    policy.cluster().world().workloads().stream()
                        .anyMatch(workload -> workload.mayMatch(selector)))
            .isPresent();
  }

  /** The DNS Service whose address is all that a rule opens. */
  private static Optional<Service> addressOf(Policy.Rule rule) {
    if (rule.peers().size() != 1 || rule.peers().get(0).getIpBlock() == null) {
      return Optional.empty();
    }
    String cidr = String.valueOf(rule.peers().get(0).getIpBlock().getCidr());
    Cluster cluster = rule.policy().cluster();
    boolean hasCache =
        cluster.world().workloads().stream()
            .anyMatch(workload -> "node-local-dns".equals(workload.labels().get("k8s-app")));
    return hasCache // it answers at the Service's own address
        ? Optional.empty()
        : cluster.world().clusters().stream()
            .flatMap(unit -> unit.services().stream())
            .filter(service -> DnsServers.USUAL_NAMESPACES.contains(service.namespace()))
            .filter(
                service ->
                    cidr.matches(Pattern.quote(service.spec().getClusterIP() + "/") + "(32|128)"))
            .filter(
                service ->
                    DnsServers.areLabelled(Lists.orEmpty(service.spec().getSelector()), cluster))
            .findFirst();
  }

  private static void onlyServicePort(
      Policy.Rule rule, V1NetworkPolicyPort port, Findings findings) {
    boolean isOpenShift =
        rule.peers().stream()
            .allMatch(
                peer ->
                    "openshift-dns"
                        .equals(labels(peer.getNamespaceSelector()).get(World.NAMESPACE_NAME)));
    boolean hasPodPort =
        rule.ports().stream()
            .anyMatch(
                other ->
                    other.getPort() == null
                        || !other.getPort().isInteger()
                        || other.getPort().getIntValue() == OPENSHIFT_PORT
                        || other.getEndPort() != null);
    if (isOpenShift && !hasPodPort) {
      findings
          .report(
              rule.policy(),
              rule.policy().cluster().at(port, "port"),
              "the DNS pods of OpenShift listen on port 5353; 53 is the port of their Service, which"
                  + " policies never see")
          .help("open 5353/UDP and 5353/TCP");
    }
  }
}
