package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReachExposureTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: db, namespace: shop, labels: { app: db } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: db-copy, namespace: shop, labels: { app: db } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: tool, namespace: dev, labels: { app: tool } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      """;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: db, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: db } }
        policyTypes: [ Ingress, Egress ]
        ingress: [ { from: [ PEER ], ports: [ { port: 5432 } ] } ]
      ---
      """;

  @TempDir private Path folder;

  private Run exposure(String yaml, String... flags) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), yaml);
    String[] arguments = new String[flags.length + 3];
    arguments[0] = "reach";
    arguments[1] = folder.toString();
    arguments[2] = "--exposure";
    System.arraycopy(flags, 0, arguments, 3, flags.length);
    return Run.of(arguments);
  }

  @Test
  void whoCouldGetInIsToldWithTheLabelsThatItTakes() throws IOException {
    Run run =
        exposure(PODS + POLICY.replace("PEER", "{ podSelector: { matchLabels: { app: web } } }"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith(
            """
            Pod shop/db, Pod shop/db-copy
              can be reached by
                pods in other namespaces than those of the input: none
                further pods in the namespaces of the input: pods with app=web in namespace shop on\
             5432/TCP; such as a pod labelled app=web in namespace shop on 5432/TCP
                addresses outside of the cluster: none
              can reach
                pods in other namespaces than those of the input: none
                further pods in the namespaces of the input: none
                addresses outside of the cluster: none
            Pod dev/tool
              can be reached by
                pods in other namespaces than those of the input: all, on every port
            """);
  }

  @Test
  void aNamespaceThatTheInputDoesNotKnowMayHaveTheLabels() throws IOException {
    String csv =
        exposure(
                PODS
                    + POLICY.replace(
                        "PEER", "{ namespaceSelector: { matchLabels: { team: obs } } }"),
                "-f",
                "csv")
            .out();
    assertThat(csv)
        .contains(
            "Pod shop/db,ingress,pods-elsewhere,some,every pod in namespaces with team=obs on"
                + " 5432/TCP,a pod without labels in a namespace labelled team=obs on 5432/TCP,\r\n")
        // the namespaces of the input have no such label
        .contains("Pod shop/db,ingress,pods-here,none,,,\r\n");
  }

  @Test
  void aNamespaceWithoutANameIsOneThatTheInputDoesNotKnow() throws IOException {
    String nameless =
        """
        apiVersion: v1
        kind: Namespace
        metadata: { generateName: obs-, labels: { team: obs } }
        ---
        """;
    Run run =
        exposure(
            PODS
                + nameless
                + POLICY.replace("PEER", "{ namespaceSelector: { matchLabels: { team: obs } } }"),
            "-f",
            "csv");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "Pod shop/db,ingress,pods-elsewhere,some,every pod in namespaces with team=obs on"
                + " 5432/TCP,a pod without labels in a namespace labelled team=obs on 5432/TCP,\r\n")
        .contains("Pod shop/db,ingress,pods-here,none,,,\r\n");
  }

  @Test
  void itIsTheMeaningOfASelectorThatCountsAndNotItsText() throws IOException {
    String contradiction =
        "{ podSelector: { matchLabels: { app: web }, matchExpressions:"
            + " [ { key: app, operator: NotIn, values: [ web ] } ] } }";
    assertThat(exposure(PODS + POLICY.replace("PEER", contradiction), "-f", "csv").out())
        .contains("Pod shop/db,ingress,pods-here,none,,,\r\n");
  }

  @Test
  void thePoliciesOfTheOtherEndCountToo() throws IOException {
    String silent =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: silent, namespace: shop }
        spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [ Egress ] }
        """;
    String open = PODS + POLICY.replace("PEER", "{ podSelector: { matchLabels: { app: web } } }");
    assertThat(exposure(open + silent, "-f", "csv").out())
        .contains("Pod shop/db,ingress,pods-here,none,,,\r\n");
  }

  @Test
  void aTierMayDenyWhatItIsAskedBefore() throws IOException {
    String tier =
        """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: { name: no-strangers }
        spec:
          priority: 1
          subject: { namespaces: {} }
          ingress:
            - action: Deny
              from:
                - namespaces:
                    matchExpressions: [ { key: kubernetes.io/metadata.name, operator: NotIn, values: [ shop, dev ] } ]
        """;
    assertThat(exposure(PODS + tier, "-f", "csv").out())
        .contains("Pod dev/tool,ingress,pods-elsewhere,none,,,\r\n")
        .contains("Pod dev/tool,ingress,pods-here,all,,,\r\n")
        .contains("Pod dev/tool,egress,pods-elsewhere,all,,,\r\n");
  }

  @Test
  void whatItCannotShowIsSaid() throws IOException {
    assertThat(exposure(PODS, "-f", "dot").code()).isEqualTo(2);
    assertThat(exposure(PODS, "--to=shop/db").err()).contains("--exposure is about all workloads");
  }
}
