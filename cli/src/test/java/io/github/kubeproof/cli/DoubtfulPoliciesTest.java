package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that are not, or may not be, what the cluster gets. */
class DoubtfulPoliciesTest {

  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: web } }
        policyTypes: [ Ingress ]
        ingress:
          - from: [ { podSelector: { matchLabels: { role: front } } } ]
            ports: [ { port: http } ]
      """;

  @TempDir private Path folder;

  private Run deny(String manifests) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), manifests);
    return Run.of(
        "prove", folder.toString(), "--intent", "deny from namespace=dev to Pod/shop/web");
  }

  @Test
  void oneThatItTakesStopsIt() throws IOException {
    assertThat(deny(MANIFESTS).out()).startsWith("proved: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port: http | port: \"8080\"",
        "port: http | port: HTTP",
        "port: http | port: -http",
        "port: http | port: much-longer-than-15",
        "role: front | \"ro le\": front",
        "role: front | role: \"fr ont\"",
        "role: front | role: a-value-of-more-than-sixty-three-letters-is-one-that-no-label-may-have",
        "[ Ingress ] | [ ingress ]",
        "[ Ingress ] | [ Ingress, Egress, Ingress ]"
      })
  void whatItWillMeanNobodyKnows(String written, String fault) throws IOException {
    Run run = deny(MANIFESTS.replace(written, fault));
    assertThat(run.out())
        .startsWith("undecided: ")
        .contains("policy shop/web is refused by the API server, so nobody knows");
    assertThat(run.code()).isEqualTo(Exit.FINDINGS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "labels: { app: true }",
        "labels: { app: a b }",
        "annotations: { a/b/c: x }",
        "label: { app: web }"
      })
  void whatIsRefusedForItsMetadataCountsWithADoubt(String fault) throws IOException {
    String head = "kind: NetworkPolicy\nmetadata: { name: web, namespace: shop";
    assertThat(deny(MANIFESTS.replace(head, head + ", " + fault)).out())
        .startsWith("undecided: ")
        .contains("policy shop/web is refused by the API server as it is written: here it counts");
    assertThat(deny(MANIFESTS.replace(head, head + ", labels: { app: web }")).out())
        .startsWith("proved: ");
  }

  @Test
  void aValueOfTheWrongTypeIsADoubt() throws IOException {
    assertThat(deny(MANIFESTS.replace("role: front", "role: 1")).out()).startsWith("undecided: ");
    assertThat(deny(MANIFESTS.replace("[ Ingress ]", "Ingress")).out()).startsWith("undecided: ");
  }

  @Test
  void twoPoliciesOfATierThatDifferLeaveItOpen() throws IOException {
    String pod = MANIFESTS.substring(0, MANIFESTS.indexOf("---"));
    String tier =
        """
        ---
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: { name: guard }
        spec:
          priority: 1
          subject: { namespaces: {} }
          ingress: [ { name: all, action: Deny, from: [ { namespaces: {} } ] } ]
        """;
    assertThat(deny(pod + tier + tier).out()).startsWith("proved: ");
    assertThat(deny(pod + tier + tier.replace("Deny", "Allow")).out())
        .startsWith("undecided: ")
        .contains("AdminNetworkPolicy guard stands in the input before, and says something else");
  }

  @ParameterizedTest
  @CsvSource({"Web", "we_b", "''"})
  void underANameThatItRefusesItIsNotThereEither(String name) throws IOException {
    Run run =
        deny(
            MANIFESTS.replace(
                "name: web, namespace: shop }\nspec:\n",
                "name: '" + name + "', namespace: shop }\nspec:\n"));
    assertThat(run.out()).startsWith("undecided: ").contains("as it is written: here it counts");
  }

  @Test
  void aNameThatTheServerMakesIsOne() throws IOException {
    assertThat(
            deny(MANIFESTS.replace(
                    "name: web, namespace: shop }\nspec:\n",
                    "generateName: web-, namespace: shop }\nspec:\n"))
                .out())
        .startsWith("proved: ");
  }

  @Test
  void twoOfOneNameThatDifferLeaveItOpen() throws IOException {
    String policy = MANIFESTS.substring(MANIFESTS.indexOf("---"));
    assertThat(deny(MANIFESTS + policy).out()).startsWith("proved: ");
    assertThat(deny(MANIFESTS + policy.replace("role: front", "role: back")).out())
        .startsWith("undecided: ")
        .contains("policy shop/web stands in the input before, and says something else");
  }
}
