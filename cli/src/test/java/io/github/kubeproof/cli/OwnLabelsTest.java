package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels that controllers give to pods, by which those of one workload may differ. */
class OwnLabelsTest {

  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: db, namespace: shop }
      spec:
        replicas: 2
        selector: { matchLabels: { app: db } }
        template:
          metadata: { labels: { app: db } }
          spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: client, namespace: shop }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: p, namespace: shop }
      spec:
      """;

  @TempDir private Path folder;

  private String prove(String spec, String intent) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), MANIFESTS + "  " + spec + "\n");
    return Run.of("prove", folder.toString(), "--intent", intent).out();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ key: statefulset.kubernetes.io/pod-name, operator: In, values: [ db-0 ] } | undecided",
        "{ key: statefulset.kubernetes.io/pod-name, operator: NotIn, values: [ db-0 ] } | undecided",
        "{ key: apps.kubernetes.io/pod-index, operator: In, values: [ '1' ] } | undecided",
        "{ key: controller-revision-hash, operator: In, values: [ db-5f ] } | undecided",
        "{ key: statefulset.kubernetes.io/pod-name, operator: In, values: [ web-0 ] } | proved",
        "{ key: pod-template-hash, operator: In, values: [ 5f ] } | proved",
        "{ key: statefulset.kubernetes.io/pod-name, operator: Exists } | refuted",
        "{ key: statefulset.kubernetes.io/pod-name, operator: DoesNotExist } | proved",
        "{ key: app, operator: In, values: [ db ] } | refuted"
      })
  void whomAPolicyIsAbout(String requirement, String answer) throws IOException {
    String spec = "{ podSelector: { matchExpressions: [ " + requirement + " ] }, ingress: [] }";
    assertThat(prove(spec, "allow from Pod/shop/client to StatefulSet/shop/db"))
        .startsWith(answer + ": ");
  }

  @Test
  void whomItLetsIn() throws IOException {
    String spec =
        "{ podSelector: {}, ingress: [ { from: [ { podSelector: { matchLabels:"
            + " { statefulset.kubernetes.io/pod-name: db-0 } } } ] } ] }";
    assertThat(prove(spec, "deny from StatefulSet/shop/db to Pod/shop/client"))
        .startsWith("undecided: ")
        .contains(
            "policy shop/p picks pods by a label that a controller gives them, so it may be about"
                + " some of StatefulSet shop/db only");
    // that some of its pods may be meant does not touch what others send
    assertThat(prove(spec, "deny from namespace=dev to Pod/shop/client")).startsWith("proved: ");
  }

  @Test
  void podsThatRunAreAskedOneByOne() throws IOException {
    Files.writeString(
        folder.resolve("a.yaml"),
        MANIFESTS
            + "  { podSelector: { matchLabels: { apps.kubernetes.io/pod-index: '0' } }, ingress: [] }\n");
    Path pods = folder.resolve("pods.tsv");
    Files.writeString(
        pods,
        """
        namespace\tpod\towner\tip
        shop\tdb-0\tStatefulSet/db\t10.0.0.1
        shop\tdb-1\tStatefulSet/db\t10.0.0.2
        shop\tclient\tPod/client\t10.0.0.3
        """);
    Path flows = folder.resolve("flows.tsv");
    Files.writeString(
        flows,
        """
        src\tdst\tprotocol\tport
        shop/client\tshop/db-0\tTCP\t80
        shop/client\tshop/db-1\tTCP\t80
        shop/client\tshop/StatefulSet/db\tTCP\t80
        shop/StatefulSet/db\tshop/client\tTCP\t80
        """);
    Run run = Run.of("eval", "-q", "--pods=" + pods, "--flows=" + flows, folder.toString());
    assertThat(run.out().lines().skip(1).map(line -> line.split("\t", -1)[6]))
        .containsExactly("deny", "allow", "differs", "allow");
  }
}
