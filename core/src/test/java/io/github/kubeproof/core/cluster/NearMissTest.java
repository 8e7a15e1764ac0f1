package io.github.kubeproof.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.source.Source;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearMissTest {

  private static String service(String selector) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: asking, namespace: shop }
    spec: { selector: { %s }, ports: [ { port: 80 } ] }
    """
        .formatted(selector);
  }

  private static String deployment(String name, String labels) {
    return """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: %1$s, namespace: shop }
    spec:
      selector: { matchLabels: { %2$s } }
      template:
        metadata:
          labels: { %2$s }
        spec: { containers: [ { name: c, image: i } ] }
    """
        .formatted(name, labels);
  }

  private static Optional<NearMiss> nearMiss(String... manifests) {
    return nearMiss(Worlds.of(String.join("", manifests)));
  }

  private static Optional<NearMiss> nearMiss(World world) {
    Service asking = world.servicesNamed("asking").get(0);
    return NearMiss.of(asking, asking.selector().orElseThrow(), workload -> true);
  }

  @Test
  void aMisspeltValueIsASlip() {
    NearMiss miss = nearMiss(service("app: cart"), deployment("carts", "app: carts")).orElseThrow();

    assertThat(miss.isSlip()).isTrue();
    assertThat(miss).hasToString("Deployment shop/carts is labelled app=carts");
    assertThat(miss.wanted()).hasToString("app=cart");
    assertThat(miss.place().span().line()).isEqualTo(14);
  }

  @Test
  void aMisspeltKeyIsASlip() {
    NearMiss miss =
        nearMiss(
                service("app.kubernetes.io/nmae: web"),
                deployment("web", "app.kubernetes.io/name: web"))
            .orElseThrow();

    assertThat(miss.isSlip()).isTrue();
    assertThat(miss.label()).isEqualTo("app.kubernetes.io/name=web");
  }

  @Test
  void theOtherLabelsMustMatch() {
    assertThat(
            nearMiss(
                service("app: cart, tier: front"), deployment("carts", "app: carts, tier: back")))
        .isEmpty();
  }

  @Test
  void oneOfSeveralLabelsIsTheClosest() {
    NearMiss miss =
        nearMiss(service("app: web, tier: front"), deployment("web", "app: web, tier: back"))
            .orElseThrow();

    assertThat(miss.isSlip()).isFalse();
    assertThat(miss).hasToString("Deployment shop/web is labelled tier=back");
  }

  @Test
  void aLabelThatIsMissingAltogetherIsNamed() {
    NearMiss miss =
        nearMiss(service("app: web, tier: front"), deployment("web", "app: web")).orElseThrow();

    assertThat(miss.isSlip()).isFalse();
    assertThat(miss).hasToString("Deployment shop/web has no label tier");
  }

  @Test
  void theSameValueUnderAnotherKeyIsTheClosest() {
    NearMiss miss = nearMiss(service("app: web"), deployment("web", "name: web")).orElseThrow();

    assertThat(miss.isSlip()).isFalse();
    assertThat(miss.label()).isEqualTo("name=web");
  }

  @Test
  void aNameInASeriesIsNone() {
    assertThat(nearMiss(service("app: worker-2"), deployment("one", "app: worker-1"))).isEmpty();
  }

  @Test
  void twoLabelsThatMayBeMeantAreNone() {
    assertThat(
            nearMiss(
                service("app: carts"),
                deployment("a", "app: cards"),
                deployment("b", "app: parts")))
        .isEmpty();
  }

  @Test
  void aWorkloadThatIsNotFreeIsMarked() {
    World world = Worlds.of(service("app: cart") + deployment("carts", "app: carts"));
    Service asking = world.servicesNamed("asking").get(0);

    assertThat(NearMiss.of(asking, Selector.ofLabels(Map.of("app", "cart")), workload -> false))
        .hasValueSatisfying(
            miss -> {
              assertThat(miss.isSlip()).isTrue();
              assertThat(miss.isFree()).isFalse();
            });
  }

  @Test
  void aUnitThatIsNotDeployedTogetherIsNotLookedAt() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            new Source("a/service.yaml", ".", service("app: cart")),
            new Source(
                "b/all.yaml", ".", service("app: carts") + deployment("carts", "app: carts")));
    Service asking =
        world.clusters().stream()
            .filter(unit -> unit.unit().equals("a"))
            .findFirst()
            .orElseThrow()
            .services()
            .get(0);

    assertThat(NearMiss.of(asking, asking.selector().orElseThrow(), workload -> true)).isEmpty();
  }

  @Test
  void aUnitOfTheSameNamespaceIsLookedAt() {
    World world =
        Worlds.of(
            Settings.DEFAULT,
            new Source("a/service.yaml", ".", service("app: cart")),
            new Source("b/carts.yaml", ".", deployment("carts", "app: carts")));

    assertThat(nearMiss(world)).get().extracting(NearMiss::isSlip).isEqualTo(true);
  }
}
