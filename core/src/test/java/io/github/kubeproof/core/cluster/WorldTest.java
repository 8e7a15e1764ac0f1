package io.github.kubeproof.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Settings.UnitMode;
import io.github.kubeproof.core.source.Source;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorldTest {

  private static String deployment(String namespace, String name) {
    return """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: %2$s, namespace: %1$s }
    spec:
      selector: { matchLabels: { app: %2$s } }
      template:
        metadata: { labels: { app: %2$s } }
        spec: { containers: [ { name: c, image: i } ] }
    """
        .formatted(namespace, name);
  }

  private static String policy(String namespace, String name) {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: { name: %2$s, namespace: %1$s }
    spec: { podSelector: {} }
    """
        .formatted(namespace, name);
  }

  private static String withoutNamespace(String yaml) {
    return yaml.replace(", namespace: shop", "");
  }

  private static Source file(String name, String yaml) {
    return new Source(name, ".", yaml);
  }

  private static Cluster unit(World world, String name) {
    return world.clusters().stream().filter(c -> c.unit().equals(name)).findFirst().orElseThrow();
  }

  private static List<List<String>> alternatives(World world, String unit) {
    Cluster cluster = unit(world, unit);
    Member member =
        Stream.concat(cluster.workloads().stream(), cluster.policies().stream())
            .findFirst()
            .orElseThrow();
    return cluster.alternatives(member).stream()
        .map(alternative -> alternative.units().stream().map(Cluster::unit).toList())
        .toList();
  }

  @Test
  void unitsThatDefineTheSameObjectAreAlternatives() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            file("complete/all.yaml", deployment("shop", "carts") + deployment("shop", "orders")),
            file("manifests/carts.yaml", deployment("shop", "carts")),
            file("policies/deny.yaml", policy("shop", "deny")));
    assertThat(alternatives(world, "policies"))
        .containsExactlyInAnyOrder(
            List.of("complete", "policies"), List.of("manifests", "policies"));
    assertThat(alternatives(world, "complete")).containsExactly(List.of("complete", "policies"));
  }

  @Test
  void aNeighbourhoodSplitsWhereTheWaysToTheSameObjectPart() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            file("one/app/carts.yaml", deployment("shop", "carts")),
            file("one/policies/deny.yaml", policy("shop", "deny")),
            file("two/app/carts.yaml", deployment("shop", "carts")),
            file("two/policies/allow.yaml", policy("shop", "allow")),
            file("both/policies/dns.yaml", policy("shop", "dns")));
    assertThat(alternatives(world, "one/app"))
        .containsExactly(List.of("both/policies", "one/app", "one/policies"));
    assertThat(alternatives(world, "both/policies"))
        .containsExactlyInAnyOrder(
            List.of("both/policies", "one/app", "one/policies"),
            List.of("both/policies", "two/app", "two/policies"));
  }

  @Test
  void objectsWhoseNamespaceIsNotCertainSplitNothing() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            file("one/app/carts.yaml", deployment("shop", "carts")),
            file("one/cache/redis.yaml", withoutNamespace(deployment("shop", "redis"))),
            file("two/cache/redis.yaml", withoutNamespace(deployment("shop", "redis"))),
            file("two/policies/deny.yaml", policy("shop", "deny")));
    assertThat(alternatives(world, "one/app")).containsExactly(List.of("one/app", "two/policies"));
  }

  @Test
  void aPolicyNearbyMayJoinWhereANamespaceIsLeftOpen() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            file("app/deny.yaml", policy("shop", "deny")),
            file("base/dns.yaml", withoutNamespace(policy("shop", "dns"))),
            file("app/a/b/c/far.yaml", withoutNamespace(policy("shop", "far"))),
            file("blog/other.yaml", policy("blog", "other")));
    Cluster app = unit(world, "app");
    Policy deny = app.policies().get(0);
    assertThat(world.policiesThatMayJoin(deny, app.alternatives(deny).get(0)))
        .extracting(Policy::qualifiedName)
        .containsExactly("shop/dns");
  }

  @Test
  void tooManyAlternativesLeaveEachUnitAlone() {
    Source[] sources = new Source[10];
    for (int i = 0; i < 9; i++) {
      sources[i] = file("example-" + i + "/web.yaml", deployment("shop", "web"));
    }
    sources[9] = file("policies/deny.yaml", policy("shop", "deny"));
    World world = Worlds.of(Settings.DEFAULT, sources);
    assertThat(alternatives(world, "policies")).containsExactly(List.of("policies"));
    assertThat(World.MAX_ALTERNATIVES).isEqualTo(8);
  }

  @Test
  void anUncertainNamespaceJoinsNoOtherUnit() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            file("a/web.yaml", deployment("default", "web")),
            file("b/deny.yaml", policy("default", "deny")));
    assertThat(alternatives(world, "b")).containsExactly(List.of("b"));
  }

  @Test
  void aFolderOfExamplesIsSplitIntoItsFiles() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            file("examples/one.yaml", deployment("shop", "web")),
            file("examples/two.yaml", deployment("shop", "web")),
            file("app/web.yaml", deployment("blog", "web")),
            file("app/db.yaml", deployment("blog", "db")));
    assertThat(world.clusters())
        .extracting(Cluster::unit)
        .containsExactly("app", "examples/one.yaml", "examples/two.yaml");
  }

  @Test
  void theUserMaySayWhatAUnitIs() {
    Source one = file("app/one.yaml", deployment("shop", "web"));
    Source two = file("app/two.yaml", deployment("shop", "db"));
    assertThat(Worlds.of(Settings.DEFAULT.withUnits(UnitMode.FILE), one, two).clusters())
        .hasSize(2);
    assertThat(Worlds.of(Settings.DEFAULT.withUnits(UnitMode.ALL), one, two).clusters())
        .extracting(Cluster::unit)
        .containsExactly(".");
  }

  @Test
  void everythingThatIsGivenIsOneUnitNamedForTheFolderAroundIt() {
    Settings all = Settings.DEFAULT.withUnits(Settings.UnitMode.ALL);
    Source web = new Source("shop/web/web.yaml", "shop/web", deployment("shop", "web"));
    Source deny = new Source("shop/deny.yaml", "shop/deny.yaml", policy("shop", "deny"));
    assertThat(Worlds.of(all, web).clusters())
        .extracting(Cluster::unit)
        .containsExactly("shop/web");
    assertThat(Worlds.of(all, web, deny).clusters())
        .extracting(Cluster::unit)
        .containsExactly("shop");
    assertThat(Worlds.of(all, deny, file("web.yaml", deployment("shop", "web"))).clusters())
        .extracting(Cluster::unit)
        .containsExactly("");
  }

  @Test
  void aMissingNamespaceMayBeAny() {
    World world =
        Worlds.of(
            """
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { selector: { app: web }, ports: [ { port: 80 } ] }
            """
                + deployment("shop", "web"));
    assertThat(unit(world, "").services().get(0).backends())
        .extracting(Workload::toString)
        .containsExactly("Deployment shop/web");
  }

  @Test
  void writtenNamespacesAreKeptApart() {
    World world =
        Worlds.of(
            """
            apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: blog }
            spec: { selector: { app: web }, ports: [ { port: 80 } ] }
            """
                + deployment("shop", "web"));
    assertThat(unit(world, "").services().get(0).backends()).isEmpty();
  }

  @Test
  void labelsThatControllersAddMayMatch() {
    World world =
        Worlds.of(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: { name: db, namespace: shop }
            spec:
              serviceName: db
              selector: { matchLabels: { app: db } }
              template:
                metadata: { labels: { app: db } }
                spec: { containers: [ { name: c, image: i } ] }
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: { name: load, namespace: shop }
            spec: { template: { spec: { restartPolicy: Never, containers: [ { name: c, image: i } ] } } }
            """);
    Workload db = unit(world, "").workloads().get(0);
    Workload load = unit(world, "").workloads().get(1);
    Selector pod0 =
        Selector.ofLabels(Map.of("statefulset.kubernetes.io/pod-name", "db-0", "app", "db"));
    assertThat(db.mayMatch(pod0)).isTrue();
    assertThat(db.matches(pod0)).isFalse();
    assertThat(
            db.mayMatch(Selector.ofLabels(Map.of("statefulset.kubernetes.io/pod-name", "web-0"))))
        .isFalse();
    assertThat(load.matches(Selector.ofLabels(Map.of("batch.kubernetes.io/job-name", "load"))))
        .isTrue();
    assertThat(load.mayMatch(Selector.ofLabels(Map.of("job-name", "other")))).isFalse();
  }

  @Test
  void portsOfSidecarsCountAndThoseOfInitContainersDoNot() {
    World world =
        Worlds.of(
            """
            apiVersion: v1
            kind: Pod
            metadata: { name: web, namespace: shop }
            spec:
              initContainers:
                - { name: proxy, image: i, restartPolicy: Always, ports: [ { name: http, containerPort: 81 } ] }
                - { name: setup, image: i, ports: [ { name: setup, containerPort: 82 } ] }
              containers:
                - { name: c, image: i, ports: [ { name: dns, containerPort: 53, protocol: UDP } ] }
            """);
    Workload web = unit(world, "").workloads().get(0);
    assertThat(web.portNamed("http", Protocol.TCP)).contains(81);
    assertThat(web.portNamed("setup", Protocol.TCP)).isEmpty();
    assertThat(web.portNamed("dns", Protocol.UDP)).contains(53);
    assertThat(web.portNamed("dns", Protocol.TCP)).isEmpty();
  }

  @Test
  void theLabelsOfANamespaceAreKnownWhereItIsDefinedOnce() {
    String defined =
        "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { env: %s } }\n";
    assertThat(Worlds.of(defined.formatted("prod")).namespaceLabels("shop"))
        .contains(Map.of("env", "prod", "kubernetes.io/metadata.name", "shop"));
    assertThat(Worlds.of(defined.formatted("prod")).namespaceLabels("blog")).isEmpty();
    World contradictory =
        Worlds.of(
            Settings.DEFAULT,
            file("a/ns.yaml", defined.formatted("prod")),
            file("b/ns.yaml", defined.formatted("dev")));
    assertThat(contradictory.namespaceLabels("shop")).isEmpty();
  }
}
