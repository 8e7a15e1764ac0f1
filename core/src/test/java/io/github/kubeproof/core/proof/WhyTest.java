package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.proof.Why.Answer;
import io.github.kubeproof.core.proof.Why.Reason;
import io.github.kubeproof.core.proof.Why.Side;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import io.github.kubeproof.core.traffic.Population;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WhyTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: db, namespace: shop }
      spec:
        selector: { matchLabels: { app: db } }
        template:
          metadata: { labels: { app: db, "on": "true" } }
          spec: { containers: [ { name: c, image: i } ] }
      ---
      """;

  private static final String DENY_ALL =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: deny-all, namespace: shop }
      spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
      ---
      """;

  private static final String DB =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: db, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: db, "on": "true" } }
        ingress:
          - { from: [ { podSelector: { matchLabels: { app: batch } } } ] }
          - { from: [ { podSelector: { matchLabels: { app: web } } } ] }
          - { from: [ { podSelector: {} } ], ports: [ { port: 5432 } ] }
      ---
      """;

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  private static Inventory read(String yaml) {
    return Inventory.of(
        new YamlReader(Limits.DEFAULT).read(new Source("test.yaml", yaml)), Settings.DEFAULT, 1);
  }

  private record Answered(Side side, Optional<Opening> opening) {
    List<String> words() {
      return side.because().stream().map(Reason::words).toList();
    }
  }

  /** What web's traffic to db at port 5432 meets. */
  private static Answered ask(String policies, Direction direction) {
    Inventory inventory = read(PODS + policies);
    Population population = Population.of(inventory);
    Flow flow =
        new Flow(
            population.find("shop/web").orElseThrow(),
            population.find("Deployment/shop/db").orElseThrow(),
            Protocol.TCP,
            5432);
    Enforcement enforcement =
        Enforcement.of(
            inventory.policies(), inventory.tierPolicies(), List.of(), Blocks.OUTSIDE_ONLY);
    try (Why why = new Why(inventory, enforcement, Blocks.OUTSIDE_ONLY, Questions.UNWRITTEN)) {
      Side side = why.side(direction, flow).orElseThrow();
      return new Answered(
          side, side.answer() == Answer.BLOCKED ? why.opening(side, flow) : Optional.empty());
    }
  }

  private static String tier(String action) {
    return """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: { name: admin }
        spec:
          priority: 5
          subject: { namespaces: {} }
          ingress:
            - { action: %s, from: [ { namespaces: {} } ] }
            - { action: Deny, from: [ { namespaces: {} } ] }
        ---
        """
        .formatted(action);
  }

  @Test
  void oneOfTwoRulesThatAllowItIsEnough() {
    Answered both = ask(DENY_ALL + DB, Direction.INGRESS);
    assertThat(both.side().answer()).isEqualTo(Answer.ALLOWED);
    assertThat(both.words()).hasSize(1);

    // without the one that was named, the other has to be
    String without = DENY_ALL + DB.replace("app: web", "app: other");
    assertThat(ask(without, Direction.INGRESS).words())
        .containsExactly("ingress rule 3 of policy shop/db allows it");
    assertThat(ask(without.replace("5432", "5433"), Direction.INGRESS).side().answer())
        .isEqualTo(Answer.BLOCKED);
  }

  @Test
  void oneOfTwoPoliciesThatIsolateItIsEnough() {
    String closed = DB.replace("app: web", "app: other").replace("5432", "5433");
    assertThat(ask(DENY_ALL + closed, Direction.INGRESS).words()).hasSize(1);
    assertThat(ask(closed, Direction.INGRESS).words())
        .containsExactly("policy shop/db isolates it");
    assertThat(ask(DENY_ALL, Direction.INGRESS).words())
        .containsExactly("policy shop/deny-all isolates it");
    assertThat(ask("", Direction.INGRESS).side())
        .isEqualTo(new Side(Direction.INGRESS, Answer.ALLOWED, List.of()));
  }

  @Test
  void theAdminTierIsNamedWhereItDecides() {
    assertThat(ask(tier("Allow") + DENY_ALL + DB, Direction.INGRESS).words())
        .containsExactly("ingress rule 1 of AdminNetworkPolicy admin accepts it");
    assertThat(ask(tier("Deny") + DENY_ALL, Direction.INGRESS).words()).hasSize(1);
    assertThat(ask(tier("Pass") + DENY_ALL, Direction.INGRESS).words())
        .containsExactly("policy shop/deny-all isolates it");
    assertThat(ask(tier("Pass") + DB.replace("app: web", "app: other"), Direction.INGRESS).words())
        .containsExactlyInAnyOrder(
            "ingress rule 1 of AdminNetworkPolicy admin passes it on",
            "ingress rule 3 of policy shop/db allows it");
  }

  @Test
  void aPolicyForAllPodsIsNotWidened() {
    Opening opening = ask(DENY_ALL, Direction.INGRESS).opening().orElseThrow();
    assertThat(opening)
        .isEqualTo(
            new Opening(
                "add a policy beside policy shop/deny-all",
                opening.place(),
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: db-from-web-5432-tcp
                  namespace: shop
                spec:
                  podSelector:
                    matchLabels:
                      app: db
                      "on": "true"
                  policyTypes:
                    - Ingress
                  ingress:
                    - from:
                        - podSelector:
                            matchLabels:
                              app: web
                      ports:
                        - protocol: TCP
                          port: 5432
                """,
                true,
                true));
    assertThat(ask(DENY_ALL + opening.yaml(), Direction.INGRESS).words())
        .containsExactly("ingress rule 1 of policy shop/db-from-web-5432-tcp allows it");
  }

  @Test
  void aPolicyForJustThesePodsIsAppendedTo() {
    String closed = DB.replace("app: web", "app: other").replace("5432", "5433");
    Opening opening = ask(DENY_ALL + closed, Direction.INGRESS).opening().orElseThrow();
    assertThat(opening.where()).isEqualTo("append to spec.ingress of policy shop/db");
    assertThat(opening.isExact()).isTrue();
  }

  @Test
  void theOtherDirectionIsOpenedByItself() {
    Opening opening = ask(DENY_ALL, Direction.EGRESS).opening().orElseThrow();
    assertThat(opening.yaml()).contains("name: web-to-db-5432-tcp", "- to:");
    assertThat(ask(DENY_ALL + opening.yaml(), Direction.EGRESS).side().answer())
        .isEqualTo(Answer.ALLOWED);
    assertThat(ask(DENY_ALL + opening.yaml(), Direction.INGRESS).side().answer())
        .isEqualTo(Answer.BLOCKED);
  }

  @Test
  void aRuleBeforeTheOneThatDeniesOpensNoMoreThanItsSubject() {
    String denying = tier("Deny");
    Opening wide = ask(denying, Direction.INGRESS).opening().orElseThrow();
    assertThat(wide.where()).contains("put before ingress rule 1 of AdminNetworkPolicy admin");
    assertThat(wide.opensNothingElse()).isFalse();
    assertThat(wide.closesNothing()).isTrue();

    String narrow =
        denying.replace(
            "subject: { namespaces: {} }",
            "subject: { pods: { namespaceSelector: { matchLabels:"
                + " { kubernetes.io/metadata.name: shop } },"
                + " podSelector: { matchLabels: { app: db, \"on\": \"true\" } } } }");
    assertThat(ask(narrow, Direction.INGRESS).opening().orElseThrow().isExact()).isTrue();
  }
}
