package io.github.kubeproof.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.proof.TrafficDiff.Answer;
import io.github.kubeproof.core.proof.TrafficDiff.Difference;
import io.github.kubeproof.core.proof.TrafficDiff.Effect;
import io.github.kubeproof.core.proof.TrafficDiff.Subject;
import io.github.kubeproof.core.source.Place;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrafficDiffTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: db, namespace: shop, labels: { app: db } }
      spec: { containers: [ { name: c, image: i } ] }
      """;

  private static final String DB =
      PODS
          + """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: db, namespace: shop }
          spec:
            podSelector: { matchLabels: { app: db } }
            ingress:
              - from: [ { podSelector: { matchLabels: { app: web } } } ]
                ports: [ { port: 5432 } ]
          """;

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  private static Subject subject(TrafficDiff diff, String name) {
    return diff.subjects().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static Difference only(Answer answer) {
    assertThat(answer.differences()).hasSize(1);
    return answer.differences().get(0);
  }

  @Test
  void labelsSaidAsExpressionsAreProvedEqual() {
    String other =
        DB.replace(
            "podSelector: { matchLabels: { app: web } }",
            "podSelector: { matchExpressions: [ { key: app, operator: In, values: [ web, web ] },"
                + " { key: app, operator: Exists } ] }");
    assertThat(other).isNotEqualTo(DB);
    TrafficDiff diff = States.diff(DB, other);
    assertThat(diff.whole().relation()).isEqualTo(Relation.EQUAL);
    assertThat(diff.subjects()).hasSize(4).allMatch(Subject::isEqual);
  }

  @Test
  void anotherPortOpensAndClosesAndNamesTheLinesOfBothSides() {
    TrafficDiff diff = States.diff(DB, DB.replace("5432", "5433"));
    assertThat(diff.whole().relation()).isEqualTo(Relation.INCOMPARABLE);
    Answer ingress = subject(diff, "Pod shop/db").ingress();
    assertThat(ingress.relation()).isEqualTo(Relation.INCOMPARABLE);
    Difference opened = ingress.differences().get(0);
    assertThat(opened.opened()).isTrue();
    assertThat(opened.effect()).isEqualTo(Effect.REAL);
    assertThat(opened.witness()).hasToString("Pod shop/web -> Pod shop/db 5433/TCP");
    assertThat(opened.before()).extracting(Place::toString).containsExactly("old.yaml:15:3");
    assertThat(opened.after()).extracting(Place::toString).containsExactly("new.yaml:17:7");
    assertThat(subject(diff, "Pod shop/web").isEqual()).isTrue();
    assertThat(subject(diff, "Pod shop/db").egress().relation()).isEqualTo(Relation.EQUAL);
  }

  @Test
  void aPolicyThatSelectsNoPodOfTheInputMayMatterLater() {
    TrafficDiff diff =
        States.diff(
            DB,
            DB
                + """
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: { name: cache, namespace: shop }
                spec: { podSelector: { matchLabels: { app: cache } } }
                """);
    assertThat(diff.whole().relation()).isEqualTo(Relation.NARROWED);
    assertThat(subject(diff, "Pod shop/db").isEqual()).isTrue();
    assertThat(subject(diff, "Pod shop/web").isEqual()).isTrue();
    Difference closed = only(subject(diff, "shop").ingress());
    assertThat(closed.witness().to().asPod().orElseThrow().labels()).containsEntry("app", "cache");
    assertThat(closed.before()).isEmpty();
  }

  @Test
  void whatTheOtherEndStopsChangesNothingAsAWhole() {
    String closed =
        """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: deny, namespace: %s }
        spec: { podSelector: {}, policyTypes: [ Ingress, Egress ] }
        """;
    String both = closed.formatted("one") + closed.formatted("two");
    TrafficDiff diff =
        States.diff(
            both,
            both
                + """
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: { name: out, namespace: one }
                spec:
                  podSelector: {}
                  policyTypes: [ Egress ]
                  egress:
                    - to: [ { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: two } } } ]
                """);
    assertThat(diff.whole().relation()).isEqualTo(Relation.EQUAL);
    Answer egress = subject(diff, "one").egress();
    assertThat(egress.relation()).isEqualTo(Relation.WIDENED);
    assertThat(only(egress).effect()).isEqualTo(Effect.STOPPED);
  }

  @Test
  void aTierThatClosesEveryNamespaceClosesThoseThatNobodyNames() {
    TrafficDiff diff =
        States.diff(
            DB,
            DB
                + """
                ---
                apiVersion: policy.networking.k8s.io/v1alpha2
                kind: ClusterNetworkPolicy
                metadata: { name: no-ssh }
                spec:
                  tier: Admin
                  priority: 1
                  subject: { namespaces: {} }
                  ingress:
                    - action: Deny
                      from: [ { namespaces: {} } ]
                      protocols: [ { tcp: { destinationPort: { number: 22 } } } ]
                """);
    assertThat(diff.whole().relation()).isEqualTo(Relation.NARROWED);
    assertThat(only(subject(diff, "Pod shop/web").ingress()).witness().port()).isEqualTo(22);
    // the policy of db never let it in
    assertThat(subject(diff, "Pod shop/db").ingress().relation()).isEqualTo(Relation.EQUAL);
    assertThat(subject(diff, "").ingress().relation()).isEqualTo(Relation.NARROWED);
  }

  @Test
  void workloadsOfOneSideAreNamedAndNotCompared() {
    TrafficDiff diff = States.diff(DB, DB.replace("name: web,", "name: shop-front,"));
    assertThat(diff.added()).extracting(Object::toString).containsExactly("Pod shop/shop-front");
    assertThat(diff.removed()).extracting(Object::toString).containsExactly("Pod shop/web");
    assertThat(diff.subjects())
        .extracting(Subject::name)
        .containsExactly("Pod shop/db", "shop", "");
    assertThat(diff.whole().relation()).isEqualTo(Relation.EQUAL);
  }

  @Test
  void aLabelThatIsTakenAwayTakesThePodOutOfItsPolicy() {
    TrafficDiff diff = States.diff(DB, DB.replace("labels: { app: db }", "labels: { app: other }"));
    Answer ingress = subject(diff, "Pod shop/db").ingress();
    assertThat(ingress.relation()).isEqualTo(Relation.WIDENED);
    assertThat(only(ingress).witness()).hasToString("203.0.113.1 -> Pod shop/db 1/TCP");
    assertThat(only(ingress).after()).isEmpty();
    assertThat(diff.whole().relation()).isEqualTo(Relation.WIDENED);
  }

  @Test
  void whatIsNotModelledIsMarkedAndAChangeOfItUndecided() {
    String calico =
        """
        ---
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: more, namespace: shop }
        spec: { order: 1 }
        """;
    Answer same = subject(States.diff(DB + calico, DB + calico), "Pod shop/db").ingress();
    assertThat(same.relation()).isEqualTo(Relation.EQUAL);
    assertThat(same.gaps()).hasSize(1);
    TrafficDiff changed = States.diff(DB + calico, DB + calico.replace("order: 1", "order: 2"));
    assertThat(subject(changed, "Pod shop/db").ingress().relation()).isEqualTo(Relation.UNDECIDED);
    assertThat(changed.whole().relation()).isEqualTo(Relation.UNDECIDED);
    assertThat(changed.whole().why()).contains("NetworkPolicy shop/more");
  }
}
