package io.github.kubeproof.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Problem;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1Service;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestsTest {

  private static List<String> messages(Manifests manifests) {
    return manifests.problems().stream().map(Problem::message).toList();
  }

  private static Manifests read(String... namesAndTexts) {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      documents.addAll(Yaml.documents(namesAndTexts[i], namesAndTexts[i + 1]));
    }
    return Manifests.read(documents, 1);
  }

  @Test
  void kindIsReadTogetherWithItsVersion() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: core, namespace: shop}
            ---
            apiVersion: projectcalico.org/v3
            kind: NetworkPolicy
            metadata: {name: calico}
            spec: {order: 10}
            ---
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: knative}
            """);

    assertThat(messages(manifests)).isEmpty();
    assertThat(manifests.resources())
        .extracting(Resource::toString)
        .containsExactly("NetworkPolicy shop/core", "NetworkPolicy calico", "Service knative");
    assertThat(manifests.resources())
        .extracting(it -> it.as(V1NetworkPolicy.class).isPresent())
        .containsExactly(true, false, false);
    Resource calico = manifests.resources().get(1);
    assertThat(calico.group()).isEqualTo("projectcalico.org");
    assertThat(calico.at("spec", "order")).hasToString("test.yaml:8:15");
  }

  @Test
  void itemsOfAListAreObjectsOfTheirOwn() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Service
              metadata: {name: a}
              spec:
                ports: [{prot: 80, port: 80}]
            - apiVersion: v1
              kind: Pod
              metadata: {name: b}
            """);

    assertThat(manifests.resources()).hasToString("[Service a, Pod b]");
    assertThat(messages(manifests))
        .containsExactly("unknown field \"spec.ports[0].prot\" in Service, did you mean \"port\"?");
    Resource pod = manifests.resources().get(1);
    assertThat(pod.place()).hasToString("test.yaml:9:3");
    assertThat(pod.place().path()).hasToString("items[1]");
    assertThat(manifests.origins().at(pod.as(V1Pod.class).orElseThrow()).path())
        .hasToString("items[1]");
  }

  @Test
  void itemsOfATypedListInheritItsKind() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: ServiceList
            items:
            - metadata: {name: a}
            - kind: Service
              apiVersion: v1
              metadata: {name: b}
            """);

    assertThat(manifests.resources()).hasToString("[Service a, Service b]");
    assertThat(manifests.resources()).allMatch(it -> it.as(V1Service.class).isPresent());
  }

  @Test
  void listInAListIsOpened() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: List
              items:
              - {apiVersion: v1, kind: Service, metadata: {name: a}}
            """);

    assertThat(manifests.resources()).hasToString("[Service a]");
    assertThat(manifests.resources().get(0).place().path()).hasToString("items[0].items[0]");
  }

  @Test
  void filesOfOtherToolsAreNoManifests() {
    Manifests manifests =
        read(
            "values.yaml", "kind: Deployment\nreplicas: 2\nmetadata: {labels: {}}\n",
            "Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
            "datasources.yaml", "apiVersion: 1\ndatasources: []\n",
            ".gitlab-ci.yml", "stages: [build]\nspec: {inputs: {}}\n",
            "list.yaml", "- apiVersion: v1\n  kind: Pod\n",
            "text.yaml", "just text\n");

    assertThat(manifests.resources()).isEmpty();
    assertThat(manifests.problems()).isEmpty();
  }

  @Test
  void objectWithHalfAHeaderIsReported() {
    Manifests manifests =
        Yaml.read(
            """
            kind: Service
            metadata: {name: a}
            spec: {ports: []}
            ---
            apiVersion: 1
            kind: Service
            metadata: {name: a}
            spec: {ports: []}
            ---
            metadata: {name: a}
            spec: {ports: []}
            """);

    assertThat(manifests.resources()).isEmpty();
    assertThat(messages(manifests))
        .containsExactly(
            "required field \"apiVersion\" is missing in Service",
            "apiVersion is the number 1, but must be a string",
            "required field \"apiVersion\" is missing in this object",
            "required field \"kind\" is missing in this object");
  }

  @Test
  void misspeltKindIsReportedWhereAllKindsAreKnown() {
    assertThat(kindProblem("networking.k8s.io/v1", "NetworkPolicies"))
        .containsExactly(
            "no kind \"NetworkPolicies\" in networking.k8s.io/v1, did you mean \"NetworkPolicy\"?");
    assertThat(kindProblem("networking.k8s.io/v1", "Networkpolicy"))
        .containsExactly(
            "no kind \"Networkpolicy\" in networking.k8s.io/v1, did you mean \"NetworkPolicy\"?");
    assertThat(kindProblem("v1", "services"))
        .containsExactly("no kind \"services\" in v1, did you mean \"Service\"?");
    assertThat(kindProblem("v1", "Deployment"))
        .containsExactly("no kind \"Deployment\" in v1, it is in apps/v1");
    // kubeconfig, OpenShift and others use v1 for kinds of their own
    assertThat(kindProblem("v1", "Config")).isEmpty();
    assertThat(kindProblem("v1", "Template")).isEmpty();
    assertThat(kindProblem("v1", "Route")).isEmpty();
    assertThat(kindProblem("example.com/v1", "services")).isEmpty();
  }

  private static List<String> kindProblem(String apiVersion, String kind) {
    return messages(
        Yaml.read("apiVersion: %s\nkind: %s\nmetadata: {name: a}\n".formatted(apiVersion, kind)));
  }

  @Test
  void nameThatIsNoStringStillNamesTheObject() {
    Manifests manifests = Yaml.read("apiVersion: v1\nkind: Namespace\nmetadata: {name: 0123}\n");

    assertThat(manifests.resources()).hasToString("[Namespace 0123]");
    assertThat(messages(manifests))
        .containsExactly("metadata.name is the number 0123, but must be a string");
  }

  @Test
  void numberOfThreadsDoesNotChangeTheResult() {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      documents.addAll(
          Yaml.documents(
              i + ".yaml",
              """
              apiVersion: v1
              kind: Service
              metadata: {name: s%d}
              spec: {ports: [{port: x%d}, {prot: 1}]}
              """
                  .formatted(i, i)));
    }

    Manifests alone = Manifests.read(documents, 1);
    Manifests together = Manifests.read(documents, 4);

    assertThat(alone.problems()).hasSize(1000);
    assertThat(together.problems()).isEqualTo(alone.problems());
    assertThat(together.resources()).hasToString(alone.resources().toString());
    V1Service last = together.resources().get(499).as(V1Service.class).orElseThrow();
    assertThat(together.origins().at(last.getSpec())).hasToString("499.yaml:4:1");
  }
}
