package io.github.kubeproof.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentsTest {

  private static final String PARTIAL =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
      """;

  private static Manifests read(String... namesAndTexts) {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      documents.addAll(Yaml.documents(namesAndTexts[i], namesAndTexts[i + 1]));
    }
    return Manifests.read(documents, 1);
  }

  private static void assertFragment(Manifests manifests) {
    assertThat(manifests.fragments()).hasToString("[Deployment web]");
    assertThat(manifests.problems()).isEmpty();
    assertThat(manifests.resources()).noneMatch(it -> it.kind().equals("Deployment"));
  }

  @Test
  void whatNobodyCallsAPatchIsAnObject() {
    Manifests manifests = read("deploy/web.yaml", PARTIAL);

    assertThat(manifests.fragments()).isEmpty();
    assertThat(manifests.problems())
        .extracting(Problem::message)
        .containsExactly(
            "required field \"spec.selector\" is missing in Deployment",
            "required field \"spec.template\" is missing in Deployment");
  }

  @Test
  void patchesOfAKustomizationAreFragments() {
    String kustomization = "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n";
    assertFragment(
        read(
            "deploy/prod/kustomization.yaml",
            kustomization + "patches: [{path: web.yaml}]",
            "deploy/prod/web.yaml",
            PARTIAL));
    assertFragment(
        read(
            "./deploy/prod/kustomization.yml",
            "patchesStrategicMerge: [../web.yaml]",
            "deploy/web.yaml",
            PARTIAL));
    assertFragment(
        read(
            "Kustomization",
            "patchesJson6902: [{path: ./web.yaml, target: {}}]",
            "web.yaml",
            PARTIAL));
  }

  @Test
  void patchOfAnotherFolderIsNoPatchHere() {
    Manifests manifests =
        read("a/kustomization.yaml", "patches: [{path: web.yaml}]", "b/web.yaml", PARTIAL);

    assertThat(manifests.fragments()).isEmpty();
    assertThat(manifests.problems()).hasSize(2);
  }

  @Test
  void inlinePatchNamesNoFile() {
    Manifests manifests =
        read(
            "kustomization.yaml",
            """
            patches: [{patch: "[]", target: {kind: Service}}]
            patchesStrategicMerge:
            - |-
              kind: Service
              name: a
            """,
            "web.yaml",
            PARTIAL);

    assertThat(manifests.fragments()).isEmpty();
  }

  @Test
  void whatAKustomizationTakesInMayBeCompletedByIt() {
    Manifests manifests =
        read(
            "kustomization.yaml",
            "resources: [web.yaml]\ncommonLabels: {app: web}",
            "web.yaml",
            PARTIAL + "  replica: 2\n");

    assertThat(manifests.fragments()).isEmpty();
    assertThat(manifests.resources()).hasToString("[Deployment web]");
    assertThat(manifests.problems())
        .extracting(Problem::message)
        .containsExactly(
            "unknown field \"spec.replica\" in Deployment, did you mean \"replicas\"?");
    assertThat(manifests.resources().get(0).isUnderstood()).isFalse();
  }

  @Test
  void directivesOfAPatchMakeAFragment() {
    assertFragment(read("web.yaml", PARTIAL + "$patch: delete\n"));
    assertFragment(
        read(
            "web.yaml",
            PARTIAL
                + "  template: {spec: {containers: [{name: web, env: [{$patch: delete}]}]}}\n"));
  }

  @Test
  void incompleteObjectInAFileCalledPatchIsAFragment() {
    assertFragment(read("web-patch.yaml", PARTIAL));

    Manifests complete =
        read("patch.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {x: 1}\n");
    assertThat(complete.fragments()).isEmpty();
    assertThat(complete.problems()).hasSize(1);
  }
}
