package io.github.kubeproof.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Settings.NamedUnit;
import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssumptionsTest {

  private static final Assumptions ELSEWHERE =
      new Assumptions(
          Map.of("obs", Map.of("team", "obs"), "shop", Map.of("team", "assumed")),
          List.of(new Assumptions.Service("obs", "prometheus")),
          List.of(
              new Assumptions.Pods("shop", Map.of("app", "cache"), "Redis/cache"),
              new Assumptions.Pods("shop", Map.of("app", "it's"), "")));

  private static final String SERVICES =
      """
      apiVersion: v1
      kind: Namespace
      metadata: { name: shop, labels: { team: shop } }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: cache, namespace: shop }
      spec: { selector: { app: cache } }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: db, namespace: shop }
      spec: { selector: { app: db } }
      """;

  private static World world(Settings settings, Source... sources) {
    List<Document> documents = new ArrayList<>();
    for (Source source : sources) {
      documents.addAll(new YamlReader(Limits.DEFAULT).read(source).documents());
    }
    return World.of(Manifests.read(documents, 1), List.of(), settings).get(0);
  }

  @Test
  void whatIsAssumedIsFoundAndNeverSpokenOf() {
    World world = world(Settings.DEFAULT.withAssume(ELSEWHERE), new Source("shop.yaml", SERVICES));
    Cluster unit = world.clusters().get(0);
    Service cache = unit.services().get(0);
    Service db = unit.services().get(1);

    assertThat(world.clusters()).hasSize(1);
    assertThat(unit.workloads()).isEmpty();
    assertThat(cache.backends())
        .extracting(Workload::toString)
        .containsExactly("Pod shop/Redis/cache");
    assertThat(db.backends()).isEmpty();
    assertThat(world.workloadsNear(cache)).isEmpty();
    assertThat(world.workloads())
        .extracting(Workload::toString)
        .containsExactly("Pod shop/Redis/cache", "Pod shop/app=it's");
    assertThat(world.workloads()).noneMatch(pods -> pods.resource().isUnderstood());
    assertThat(world.services("obs", "prometheus")).hasSize(1);
    assertThat(world.services("obs", "grafana")).isEmpty();
  }

  @Test
  void theInputKnowsItsNamespacesBetter() {
    World world = world(Settings.DEFAULT.withAssume(ELSEWHERE), new Source("shop.yaml", SERVICES));

    assertThat(world.namespaceLabels("shop").orElseThrow()).containsEntry("team", "shop");
    assertThat(world.namespaceLabels("obs").orElseThrow())
        .containsEntry("team", "obs")
        .containsEntry("kubernetes.io/metadata.name", "obs");
    assertThat(world.namespaceLabels("dev")).isEmpty();
  }

  @Test
  void namedUnitsJoinFoldersAndMayBeClosed() {
    NamedUnit prod =
        new NamedUnit(
            "prod",
            List.of(Path.of("k8s/a").toAbsolutePath(), Path.of("k8s/b/x.yaml").toAbsolutePath()),
            true);
    World world =
        world(
            Settings.DEFAULT.withNamed(List.of(prod)),
            new Source("k8s/a/1.yaml", "k8s", SERVICES),
            new Source("k8s/b/x.yaml", "k8s", SERVICES.replace("shop", "x")),
            new Source("k8s/b/y.yaml", "k8s", SERVICES.replace("shop", "y")));

    assertThat(world.clusters()).extracting(Cluster::unit).containsExactly("k8s/b", "unit prod");
    assertThat(world.clusters())
        .extracting(cluster -> cluster.settings().closedWorld())
        .containsExactly(false, true);
    assertThat(world.clusters().get(1).services()).hasSize(4);
  }
}
