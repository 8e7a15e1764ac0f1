package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReachCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void aShop() throws IOException {
    Files.writeString(
        folder.resolve("shop.yaml"),
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
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: db, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: db } }
          policyTypes: [ Ingress, Egress ]
          ingress:
            - from: [ { podSelector: { matchLabels: { app: web } } } ]
              ports: [ { port: 5432 } ]
            - from: [ { ipBlock: { cidr: 10.0.0.0/8, except: [ 10.0.0.0/9 ] } } ]
              ports: [ { port: 22 } ]
        """);
  }

  @Test
  void connectionsAreGroupedByWhatIsAllowed() {
    Run run = Run.of("reach", folder.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("Pod shop/web\n  -> Pod shop/db\n     on 5432/TCP\n")
        .contains("10.128.0.0/9\n  -> Pod shop/db\n     on 22/TCP\n")
        .contains("every address outside\n  -> Pod shop/web\n     on every port\n")
        .doesNotContain("Pod shop/db\n  -> Pod shop/web");
  }

  @Test
  void itAnswersAboutOneEndAndOnePort() {
    Run run =
        Run.of(
            "reach",
            folder.toString(),
            "--from=Pod/shop/web",
            "--to=shop/db",
            "--port=5432",
            "--format=csv");
    assertThat(run.out())
        .isEqualTo("from,to,ports,through,incomplete\r\nPod shop/web,Pod shop/db,5432/TCP,,\r\n");
    assertThat(Run.of("reach", folder.toString(), "--to=shop/db", "--port=80").out())
        .isEqualTo("nothing can reach anything\n");
  }

  @Test
  void anAddressIsAskedAboutWhereverInItsRangeItLies() {
    assertThat(Run.of("reach", folder.toString(), "--from=10.200.3.4", "--to=shop/db").out())
        .isEqualTo("10.200.3.4/32\n  -> Pod shop/db\n     on 22/TCP\n");
  }

  @Test
  void ofTwoThatAreAlikeOnlyTheOneAskedAboutIsTold() throws IOException {
    Files.writeString(
        folder.resolve("twin.yaml"),
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: twin, namespace: shop }
        spec:
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [ { name: c, image: i } ] }
        """);
    assertThat(
            Run.of("reach", folder.toString(), "--from=Pod/shop/web", "--to=shop/db", "-f", "csv")
                .out())
        .isEqualTo("from,to,ports,through,incomplete\r\nPod shop/web,Pod shop/db,5432/TCP,,\r\n");
    assertThat(Run.of("reach", folder.toString(), "-f", "csv").out())
        .contains("Deployment shop/twin,Deployment shop/twin,every port,,\r\n")
        .doesNotContain("Pod shop/web,Pod shop/web");
  }

  @Test
  void ofAnObjectThatIsThereTwiceTheFirstCounts() throws IOException {
    Files.writeString(
        folder.resolve("a.yaml"),
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: shop, labels: { app: other } }
        spec: { containers: [ { name: c, image: i } ] }
        """);
    Run run = Run.of("reach", folder.toString(), "--to=shop/db", "--port=5432");
    assertThat(run.out()).isEqualTo("nothing can reach anything\n");
    assertThat(run.err())
        .contains(
            "1 object in the input more than once", "Pod shop/web (" + folder, "shop.yaml:1:1)");
  }

  @Test
  void jsonNamesEachGroupOnce() {
    assertThat(Run.of("reach", folder.toString(), "--to=shop/db", "--format=json").out())
        .isEqualTo(
            """
            {
             "groups": [
              {"id": 1, "members": [], "addresses": ["10.128.0.0/9"]},
              {"id": 2, "members": ["Pod shop/db"], "addresses": []},
              {"id": 3, "members": ["Pod shop/web"], "addresses": []}
             ],
             "connections": [
              {"from": 1, "to": 2, "ports": ["22/TCP"]},
              {"from": 3, "to": 2, "ports": ["5432/TCP"]}
             ],
             "services": [
             ],
             "incomplete": {"because": [
             ], "members": []}
            }
            """);
  }

  @Test
  void picturesNameTheSameGroups() {
    assertThat(Run.of("reach", folder.toString(), "--to=shop/db", "--format=mermaid").out())
        .contains("g3[\"Pod shop/web\"]", "g3 -->|\"5432/TCP\"| g2");
    assertThat(Run.of("reach", folder.toString(), "--to=shop/db", "--format=dot").out())
        .contains("g1 -> g2 [label=\"22/TCP\"]");
    assertThat(Run.of("reach", folder.toString(), "--to=shop/db", "--format=md").out())
        .contains("| 10.128.0.0/9 | Pod shop/db | 22/TCP | |");
  }

  @Test
  void whatIsNotThereIsSaid() {
    Run unknown = Run.of("reach", folder.toString(), "--from=Pod/shop/wed");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .contains(
            "no such pod, workload, Service or address: Pod/shop/wed",
            "did you mean Pod/shop/web?");
    assertThat(Run.of("reach", folder.toString(), "--port=http").code()).isEqualTo(2);
  }

  @Test
  void whatIsNotModelledMarksThePodsInEveryFormat() throws IOException {
    Files.writeString(
        folder.resolve("calico.yaml"),
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: all, namespace: shop }
        spec: {}
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: elsewhere, namespace: other }
        spec: { containers: [ { name: c, image: i } ] }
        """);
    String why = "NetworkPolicy shop/all has a say, too, and is not modelled";
    Run text = Run.of("reach", folder.toString());
    assertThat(text.err()).contains("incomplete: ", "calico.yaml:1:1: " + why);
    assertThat(text.out())
        .contains("Pod shop/web*", "Pod other/elsewhere\n", "* incomplete: " + folder, why);
    assertThat(Run.of("reach", folder.toString(), "-f", "json").out())
        .contains("calico.yaml:1:1\", \"why\": \"" + why + "\"}")
        .contains("\"members\": [\"Pod shop/web\", \"Pod shop/db\"]}");
    assertThat(Run.of("reach", folder.toString(), "-f", "csv").out())
        .contains("Pod shop/web,Pod shop/db,5432/TCP,,incomplete\r\n")
        .contains("Pod other/elsewhere,0.0.0.0/0,every port,,\r\n");
    assertThat(Run.of("reach", folder.toString(), "-f", "md").out())
        .contains("Pod shop/db\\* | 22/TCP", "\n\\* incomplete: ", why);
    assertThat(Run.of("reach", folder.toString(), "-f", "dot").out())
        .contains("[label=\"Pod shop/db*\"]", "label=\"* incomplete: ", why);
    assertThat(Run.of("reach", folder.toString(), "-f", "mermaid").out())
        .contains("[\"Pod shop/db*\"]", "incomplete>\"* incomplete: ", why);
  }

  @Test
  void ofARefusedPolicyThePodsThatItSelectsAreMarked() throws IOException {
    Files.writeString(
        folder.resolve("refused.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: bad, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: web } }
          ingress: [ { from: [ {} ] } ]
        """);
    assertThat(Run.of("reach", folder.toString(), "-f", "json").out())
        .contains("policy shop/bad is refused by the API server")
        .contains("\"members\": [\"Pod shop/web\"]}");
  }

  @Test
  void aTableOfFlowsComesBackWithVerdictsAndPlaces() throws IOException {
    Path flows = folder.resolve("flows.tsv");
    Files.writeString(
        flows,
        """
        src\tdst\tprotocol\tport\tnote
        shop/web\tshop/Pod/db\tTCP\t5432\ta
        shop/web\tshop/db\tTCP\t80\tb
        shop/db\t192.0.2.1\tTCP\t443\tc
        10.200.0.1\tshop/db\tTCP\t22\td
        shop/wed\tshop/db\tTCP\t22\te
        """);
    Run run =
        Run.of("eval", "--engine=all", "--flows=" + flows, folder.resolve("shop.yaml").toString());
    assertThat(run.code()).isEqualTo(2);
    String file = folder.resolve("shop.yaml").toString();
    assertThat(run.out())
        .isEqualTo(
            """
            src\tdst\tprotocol\tport\tnote\tegress\tingress\tverdict\tplace
            shop/web\tshop/Pod/db\tTCP\t5432\ta\tallow\tallow\tallow\tFILE:18:7
            shop/web\tshop/db\tTCP\t80\tb\tallow\tdeny\tdeny\tFILE:15:3
            shop/db\t192.0.2.1\tTCP\t443\tc\tdeny\t-\tdeny\tFILE:15:3
            10.200.0.1\tshop/db\tTCP\t22\td\t-\tallow\tallow\tFILE:20:7
            shop/wed\tshop/db\tTCP\t22\te\t-\t-\terror\tno such pod, workload, Service or\
             address: shop/wed; did you mean shop/web?
            """
                .replace("FILE", file));
    assertThat(run.err()).contains("flows.tsv:6: no such pod");
  }

  @Test
  void evalReplacesItsColumnsAndReadsOverAByteOrderMark() throws IOException {
    Path flows = folder.resolve("flows.tsv");
    Files.writeString(
        flows,
        """
        \uFEFFsrc\tverdict\tdst\tprotocol\tport\tegress\tnote
        shop/web\tdeny\tshop/db\tTCP\t5432\tdeny\ta
        shop/web\tdeny\tshop/db\tTCP\t80
        """);
    Run run = Run.of("eval", "--flows=" + flows, folder.resolve("shop.yaml").toString());
    assertThat(run.code()).as(run.err()).isZero();
    String file = folder.resolve("shop.yaml").toString();
    assertThat(run.out())
        .isEqualTo(
            "src\tdst\tprotocol\tport\tnote\tegress\tingress\tverdict\tplace\n"
                + "shop/web\tshop/db\tTCP\t5432\ta\tallow\tallow\tallow\t"
                + file
                + ":18:7\nshop/web\tshop/db\tTCP\t80\t\tallow\tdeny\tdeny\t"
                + file
                + ":15:3\n");
  }

  @Test
  void evalLeavesOpenWhatSomethingThatIsNotModelledMayTouch() throws IOException {
    Path flows = folder.resolve("flows.tsv");
    Files.writeString(
        flows,
        """
        src\tdst\tprotocol\tport
        shop/web\tshop/db\tTCP\t5432
        192.0.2.1\t192.0.2.2\tTCP\t80
        """);
    Files.writeString(
        folder.resolve("calico.yaml"),
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: close, namespace: shop }
        spec: { ingress: [ { action: Deny } ] }
        """);
    Run run = Run.of("eval", "--engine=all", "--flows=" + flows, folder.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().skip(1))
        .containsExactly(
            "shop/web\tshop/db\tTCP\t5432\tallow\tallow\tundecided\t"
                + folder.resolve("calico.yaml")
                + ":1:1",
            "192.0.2.1\t192.0.2.2\tTCP\t80\t-\t-\tallow\t-");
  }
}
