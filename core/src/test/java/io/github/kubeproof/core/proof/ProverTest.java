package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.cluster.Worlds;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProverTest {

  private static final String SHOP =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 8080 } ] } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: db, namespace: shop, labels: { app: db } }
      spec: { containers: [ { name: c, image: i } ] }
      """;

  private static final String DENY_ALL =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: deny-all, namespace: shop }
      spec: { podSelector: {} }
      """;

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  private static List<Meaning> policies(World world) {
    List<Meaning> policies = new ArrayList<>();
    world
        .clusters()
        .forEach(c -> c.policies().forEach(p -> policies.add(PolicySemantics.of(p).orElseThrow())));
    return policies;
  }

  private static Pod pod(World world, String name) {
    return world.workloads().stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .flatMap(workload -> Endpoints.of(workload).asPod())
        .orElseThrow();
  }

  @Test
  void aProofNamesThePoliciesThatItRestsOn() {
    World world = Worlds.of(SHOP + DENY_ALL);
    Traffic toWeb =
        Traffic.allOf(
            new Traffic.IsThis(End.TO, pod(world, "web")),
            new Traffic.Not(new Traffic.ToItself()),
            Enforcement.of(policies(world)).allowed());
    try (Prover prover = Prover.open(world::namespaceLabels)) {
      assertThat(prover.isEmpty(toWeb)).isInstanceOf(Proved.class);
      List<Place> because = ((Proved) prover.isEmpty(toWeb)).because();
      assertThat(because).extracting(Place::toString).containsExactly("test.yaml:14:9");
    }
  }

  @Test
  void aProofLeavesOutWhatItDoesNotNeed() {
    World world =
        Worlds.of(
            SHOP
                + DENY_ALL
                + DENY_ALL
                    .replace("deny-all", "twin")
                    .replace("{} }", "{ matchLabels: { app: web } } }"));
    Traffic toWeb =
        Traffic.allOf(
            new Traffic.IsThis(End.TO, pod(world, "web")),
            new Traffic.Not(new Traffic.ToItself()),
            Enforcement.of(policies(world)).allowed(Direction.INGRESS));
    try (Prover prover = Prover.open(world::namespaceLabels)) {
      assertThat(((Proved) prover.isEmpty(toWeb)).because()).hasSize(1);
    }
  }

  @Test
  void aWitnessIsThePlainestFlowThereIs() {
    World world = Worlds.of(SHOP);
    Traffic toWeb =
        Traffic.allOf(
            new Traffic.IsThis(End.TO, pod(world, "web")),
            Enforcement.of(policies(world)).allowed());
    try (Prover prover = Prover.open(world::namespaceLabels)) {
      Flow witness = ((Refuted) prover.isEmpty(toWeb)).witness();
      assertThat(witness).hasToString("203.0.113.1 -> Pod shop/web 1/TCP");
    }
  }

  @Test
  void aWitnessDoesNotDependOnWhatWasAskedBefore() {
    World world = Worlds.of(SHOP + DENY_ALL);
    Traffic question =
        Traffic.allOf(
            new Traffic.IsPod(End.FROM),
            new Traffic.PodLabels(End.FROM, Selector.ofLabels(Map.of("role", "x"))),
            new Traffic.Ports(Protocol.UDP, 5000, 6000),
            new Traffic.InBlock(End.TO, Cidr.of("10.0.0.0/8")),
            new Traffic.IsOutside(End.TO));
    Flow alone;
    try (Prover prover = Prover.open(world::namespaceLabels)) {
      alone = ((Refuted) prover.isEmpty(question)).witness();
    }
    try (Prover prover = Prover.open(world::namespaceLabels)) {
      prover.isEmpty(Enforcement.of(policies(world)).allowed());
      prover.isEmpty(new Traffic.Ports(Protocol.TCP, 70, 80));
      assertThat(((Refuted) prover.isEmpty(question)).witness()).hasToString(alone.toString());
    }
    assertThat(alone.to()).hasToString("10.0.0.0");
    assertThat(alone.port()).isEqualTo(5000);
    assertThat(alone.protocol()).isEqualTo(Protocol.UDP);
  }

  @Test
  void aReasonDoesNotDependOnWhatWasAskedBefore() {
    String twin =
        DENY_ALL.replace("deny-all", "twin").replace("{} }", "{ matchLabels: { app: web } } }");
    World world = Worlds.of(SHOP + DENY_ALL + twin);
    Traffic in = Enforcement.of(policies(world)).allowed(Direction.INGRESS);
    Traffic toWeb = in.and(new Traffic.IsThis(End.TO, pod(world, "web")));
    Traffic toLabel =
        in.and(new Traffic.PodLabels(End.TO, Selector.ofLabels(Map.of("app", "web"))))
            .and(new Traffic.InNamespace(End.TO, "shop"));
    try (Prover prover = Prover.open(world::namespaceLabels);
        Prover other = Prover.open(world::namespaceLabels)) {
      Proved alone = (Proved) prover.isSurelyEmpty(toWeb);
      assertThat(other.isSurelyEmpty(toLabel)).isInstanceOf(Proved.class);
      assertThat(other.isSurelyEmpty(toWeb)).isEqualTo(alone);
      assertThat(alone.because()).hasSize(1);
    }
  }

  @Test
  void inAClosedWorldThereAreOnlyThePodsOfTheInput() {
    World world = Worlds.of(SHOP);
    Traffic fromOthers =
        Traffic.allOf(
            new Traffic.IsPod(End.FROM),
            new Traffic.PodLabels(End.FROM, Selector.ofLabels(Map.of("app", "cache"))));
    List<Pod> pods = List.of(pod(world, "web"), pod(world, "db"));
    try (Prover open = Prover.open(world::namespaceLabels);
        Prover closed = Prover.closed(world::namespaceLabels, pods)) {
      assertThat(open.isEmpty(fromOthers)).isInstanceOf(Refuted.class);
      assertThat(closed.isEmpty(fromOthers)).isEqualTo(new Proved(List.of()));
    }
  }

  @Test
  void twoReplicasAreTwoPods() {
    World world = Worlds.of(SHOP + DENY_ALL);
    Pod web = pod(world, "web");
    Traffic among =
        Traffic.allOf(new Traffic.IsThis(End.FROM, web), new Traffic.IsThis(End.TO, web));
    Traffic allowed = Enforcement.of(policies(world)).allowed();
    try (Prover prover = Prover.open(world::namespaceLabels)) {
      Flow toItself = ((Refuted) prover.isEmpty(among.and(allowed))).witness();
      assertThat(((Pod) toItself.from()).replica()).isEqualTo(((Pod) toItself.to()).replica());
      assertThat(
              prover.isEmpty(
                  Traffic.allOf(among, allowed, new Traffic.Not(new Traffic.ToItself()))))
          .isInstanceOf(Proved.class);
    }
  }

  @Test
  void theNameOfANamespaceIsOneOfItsLabels() {
    Traffic named =
        Traffic.allOf(
            new Traffic.InNamespace(End.TO, "prod"),
            new Traffic.Not(
                new Traffic.NamespaceLabels(
                    End.TO, Selector.ofLabels(Map.of("kubernetes.io/metadata.name", "prod")))));
    try (Prover prover = Prover.open(name -> Optional.empty())) {
      assertThat(prover.isEmpty(named)).isInstanceOf(Proved.class);
    }
  }

  @Test
  void oneNamespaceHasOneSetOfLabels() {
    Selector dev = Selector.ofLabels(Map.of("env", "dev"));
    Traffic contradiction =
        Traffic.allOf(
            new Traffic.InNamespace(End.FROM, "x"),
            new Traffic.InNamespace(End.TO, "x"),
            new Traffic.NamespaceLabels(End.FROM, dev),
            new Traffic.Not(new Traffic.NamespaceLabels(End.TO, dev)));
    try (Prover prover = Prover.open(name -> Optional.empty())) {
      assertThat(prover.isEmpty(contradiction)).isInstanceOf(Proved.class);
    }
  }

  @Test
  void aSolverThatGivesUpIsUndecided() {
    // two sets of blocks that cover the same addresses: easy to say, some work to see
    Traffic left = Traffic.none();
    Traffic right = Traffic.none();
    for (int i = 0; i < 200; i++) {
      left = Traffic.anyOf(left, new Traffic.InBlock(End.FROM, Cidr.of(i + ".0.0.0/8")));
      right = Traffic.anyOf(right, new Traffic.InBlock(End.FROM, Cidr.of(i + ".0.0.0/9")));
      right = Traffic.anyOf(right, new Traffic.InBlock(End.FROM, Cidr.of(i + ".128.0.0/9")));
    }
    try (Prover prover = Prover.limited(1)) {
      assertThat(prover.isEmpty(left.without(right))).isInstanceOf(Undecided.class);
    }
    try (Prover prover = Prover.limited(Prover.RESOURCE_LIMIT)) {
      assertThat(prover.isEmpty(left.without(right))).isEqualTo(new Proved(List.of()));
    }
  }
}
