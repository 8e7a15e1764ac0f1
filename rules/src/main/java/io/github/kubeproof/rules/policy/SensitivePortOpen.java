package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.github.kubeproof.rules.policy.WideBlocks.Wide;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** KP212: a port that belongs to a database or to the cluster itself, open to anybody. */
public final class SensitivePortOpen implements Rule {

  private static final int WIDEST = 1000;

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP212",
          "sensitive-port-open",
          Severity.WARNING,
          Confidence.HEURISTIC,
          "a port that is usually a database's or the cluster's own is open to any source");

  /**
   * A port and who usually listens on it.
   *
   * @param images parts of image names that confirm it
   * @param onNodes whether it is usually listened on from the network of a node, which no policy
   *     guards
   */
  private record Usual(int port, String service, List<String> images, boolean onNodes) {}

  private static final List<Usual> USUAL =
      List.of(
          new Usual(22, "SSH", List.of("ssh"), false),
          new Usual(2379, "etcd's clients", List.of("etcd"), false),
          new Usual(2380, "etcd's peers", List.of("etcd"), false),
          new Usual(3306, "MySQL", List.of("mysql", "mariadb", "percona"), false),
          new Usual(5432, "PostgreSQL", List.of("postgres", "pgbouncer", "spilo"), false),
          new Usual(6379, "Redis", List.of("redis", "valkey"), false),
          new Usual(6443, "the Kubernetes API server", List.of("kube-apiserver", "k3s"), true),
          new Usual(9200, "Elasticsearch", List.of("elasticsearch", "opensearch"), false),
          new Usual(10250, "the kubelet", List.of("kubelet"), true),
          new Usual(11211, "Memcached", List.of("memcached"), false),
          new Usual(27017, "MongoDB", List.of("mongo"), false));

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (RuleMeaning rule : policy.rules(Direction.INGRESS)) {
        for (int i = 0; i < rule.rule().ports().size(); i++) {
          V1NetworkPolicyPort port = rule.rule().ports().get(i);
          Place place = rule.place().then("ports", i, "port");
          for (Usual usual : USUAL) {
            if (opens(port, usual, policy)) {
              check(policy, rule, usual, place, connectivity, findings);
            }
          }
        }
      }
    }
  }

  /** Whether a rule names one of the ports that this rule speaks of. */
  static boolean speaksOf(Meaning policy, RuleMeaning rule) {
    return rule.rule().ports().stream()
        .anyMatch(port -> USUAL.stream().anyMatch(usual -> opens(port, usual, policy)));
  }

  private static boolean opens(V1NetworkPolicyPort port, Usual usual, Meaning policy) {
    Traffic meaning = PolicySemantics.port(port).orElseThrow();
    if (meaning instanceof Traffic.Ports ports) {
      return ports.protocol() == Protocol.TCP
          && ports.first() <= usual.port()
          && usual.port() <= ports.last()
          && ports.last() - ports.first() < WIDEST; // KP211 speaks of wide ranges
    }
    return meaning instanceof Traffic.NamedPort named
        && named.name().protocol() == Protocol.TCP
        && Policies.selected(policy).stream()
            .map(workload -> workload.portNamed(named.name().name(), Protocol.TCP))
            .anyMatch(number -> number.isPresent() && number.get() == usual.port());
  }

  private static void check(
      Meaning policy,
      RuleMeaning rule,
      Usual usual,
      Place place,
      Connectivity connectivity,
      Findings findings) {
    Optional<Wide> wide =
        WideBlocks.of(policy, Direction.INGRESS, connectivity).stream()
            .filter(found -> found.rule().place().equals(rule.place()))
            .findFirst();
    if (!rule.rule().peers().isEmpty() && wide.isEmpty()) {
      return;
    }
    boolean confirmed = isConfirmed(policy, usual);
    Draft draft =
        findings
            .report(
                policy.policy(),
                place,
                "port "
                    + usual.port()
                    + " of "
                    + usual.service()
                    + " is open to "
                    + wide.map(w -> "the whole " + w.family() + " internet").orElse("every source"))
            .help("say under from who may call it")
            .severity(usual.onNodes() && !confirmed ? Severity.INFO : Severity.WARNING)
            .confidence(confirmed ? Confidence.PROVED : Confidence.HEURISTIC);
    wide.ifPresent(found -> draft.note(found.place(), "these addresses may call it"));
    connectivity
        .witness(
            Traffic.allOf(
                policy.sample(Direction.INGRESS),
                rule.allowed(),
                new Traffic.IsOutside(End.FROM),
                new Traffic.Ports(Protocol.TCP, usual.port(), usual.port())),
            place)
        .ifPresent(draft::witness);
  }

  /** Whether an image of a selected pod says that it is the usual service. */
  private static boolean isConfirmed(Meaning policy, Usual usual) {
    return Policies.selected(policy).stream()
        .map(Workload::podSpec)
        .flatMap(spec -> Lists.orEmpty(spec.getContainers()).stream())
        .map(V1Container::getImage)
        .anyMatch(
            image ->
                image != null
                    && usual.images().stream().anyMatch(image.toLowerCase(Locale.ROOT)::contains));
  }
}
