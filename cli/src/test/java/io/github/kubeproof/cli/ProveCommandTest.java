package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code prove} says of intents. */
class ProveCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void shop() throws IOException {
    Files.writeString(
        folder.resolve("shop.yaml"),
        """
        apiVersion: v1
        kind: Namespace
        metadata: { name: dev, labels: { env: dev } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: prod, labels: { env: prod } }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: db, namespace: prod }
        spec:
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec: { containers: [ { name: db, image: "db:1", ports: [ { containerPort: 5432 } ] } ] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: db, namespace: prod }
        spec: { selector: { app: db }, ports: [ { port: 80, targetPort: 5432 } ] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: same-env, namespace: prod }
        spec:
          podSelector: {}
          policyTypes: [Ingress]
          ingress:
            - from: [ { namespaceSelector: { matchLabels: { env: prod } } } ]
        """);
  }

  private Run prove(String... words) {
    List<String> all = new ArrayList<>(List.of("prove", folder.toString()));
    all.addAll(List.of(words));
    return Run.of(all.toArray(String[]::new));
  }

  @Test
  void whatNoPodCanDoIsProvedWithTheLinesThatStopIt() {
    Run run = prove("--intent", "deny from namespace=dev to namespace=prod");
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .startsWith("proved: deny from namespace dev to namespace prod on every port\n")
        .contains("shop.yaml:27:", "rests on");
  }

  @Test
  void endpointsThatAreListedByHandStandForTheirService() throws IOException {
    Files.writeString(
        folder.resolve("old.yaml"),
        """
        apiVersion: v1
        kind: Service
        metadata: { name: old, namespace: prod }
        spec: { ports: [ { port: 80 } ] }
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: { name: old, namespace: prod }
        subsets: [ { addresses: [ { ip: 192.0.2.7 } ], ports: [ { port: 8080 } ] } ]
        """);
    assertThat(prove("--intent", "allow from Deployment/prod/db to Service/prod/old").code())
        .isZero();
    Run run = prove("--intent", "deny from namespace=dev to Service/prod/old port 80");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("-> 192.0.2.7 (outside the cluster) on port 8080/TCP");
  }

  @Test
  void aPathThatExistsRefutesADenial() {
    Run run = prove("--intent", "deny from namespace=staging to Deployment/prod/db port 5432");
    // nobody knows the labels of staging: they may be those that the policy asks for
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).startsWith("refuted: ").contains("let through by", "5432/TCP");
  }

  @Test
  void aServiceIsItsPodsAtTheirPorts() {
    assertThat(prove("--intent", "allow from namespace=prod to Service/prod/db port 80").out())
        .startsWith("proved: ");
    Run run =
        prove("--intent", "allow from namespace=dev to Service/prod/db port 80", "-f", "json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("\"verdict\": \"refuted\"", "5432/TCP");
    assertThat(prove("--intent", "deny from outside to Service/prod/db port 81").code())
        .isEqualTo(2);
  }

  @Test
  void theConfigurationHasIntentsWithWhatTheyAssume() throws IOException {
    Files.writeString(
        folder.resolve(".kubeproof.yaml"),
        """
        version: 1
        intents:
          - deny: { from: { namespace: staging }, to: { namespace: prod } }
            assume: { namespaces: [ { name: staging, labels: { env: staging } } ] }
        """);
    Run run = prove("-f", "md");
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("| proved |");
  }

  @Test
  void nothingIsProvedAboutPodsThatAnUnknownPolicyMayTouch() throws IOException {
    Files.writeString(
        folder.resolve("calico.yaml"),
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: open, namespace: prod }
        spec: { ingress: [ { action: Allow } ] }
        """);
    Run run = prove("--intent", "deny from namespace=dev to namespace=prod");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).startsWith("undecided: ").contains("calico.yaml:", "is not modelled");
    Run elsewhere = prove("--intent", "allow from namespace=dev to namespace=staging");
    assertThat(elsewhere.out()).startsWith("proved: ").doesNotContain("calico");
  }

  @Test
  void aFlowThatNoUnknownPolicyTouchesRefutes() throws IOException {
    Files.writeString(
        folder.resolve("calico.yaml"),
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: close, namespace: prod }
        spec: { ingress: [ { action: Deny } ] }
        """);
    Run all = prove("--intent", "deny from namespace=prod to Service/prod/db port 80");
    assertThat(all.out()).startsWith("undecided: ").contains("is not modelled");
    Run some = prove("--intent", "deny from outside to podSelector=app=db");
    assertThat(some.out())
        .startsWith("refuted: ")
        .contains("incomplete: ", "calico.yaml")
        .doesNotContain("in namespace prod on");
  }

  @Test
  void sarifHasTheFindingsOfLint() {
    Run run =
        prove(
            "--intent",
            "allow from namespace=dev to Service/prod/db port 80",
            "--intent",
            "deny from namespace=prod to Deployment/prod/db",
            "--intent",
            "deny from namespace=dev to namespace=prod",
            "-f",
            "sarif");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("\"version\": \"2.1.0\"");
    assertThat(run.out().lines().filter(line -> line.contains("\"ruleId\"")))
        .extracting(String::strip)
        .containsExactly("\"ruleId\": \"KP108\",", "\"ruleId\": \"KP107\",");
  }

  @Test
  void whatIsNotThereIsSaidWithTheNearestName() {
    Run run = prove("--intent", "deny from outside to Deployment/prod/dbb");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Deployment/prod/dbb", "Deployment/prod/db");
    assertThat(prove().code()).isEqualTo(2);
  }
}
