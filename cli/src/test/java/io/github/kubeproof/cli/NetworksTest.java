package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all commands say of virtual machines, primary networks and further ones. */
class NetworksTest {

  private static final String BLUE =
      """
      ---
      apiVersion: k8s.ovn.org/v1
      kind: UserDefinedNetwork
      metadata: { name: own, namespace: blue }
      spec:
        topology: Layer2
        layer2: { role: Primary, subnets: [ 10.20.0.0/16 ] }
      """;

  @TempDir private Path folder;

  @BeforeEach
  void cluster() throws IOException {
    write(
        "all.yaml",
        """
        apiVersion: v1
        kind: Namespace
        metadata: { name: blue, labels: { k8s.ovn.org/primary-user-defined-network: "" } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: plain }
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: { name: db, namespace: blue }
        spec:
          runStrategy: Always
          template: { metadata: { labels: { app: db } }, spec: { domain: {} } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: blue, labels: { app: web } }
        spec: { containers: [ { name: c, image: i } ] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: plain, labels: { app: web } }
        spec: { containers: [ { name: c, image: i } ] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: db, namespace: blue }
        spec:
          podSelector: { matchLabels: { app: db } }
          ingress:
            - from: [ { namespaceSelector: {} } ]
              ports: [ { port: 5432 } ]
        """);
    write("network.yaml", BLUE);
  }

  private void write(String file, String yaml) throws IOException {
    Files.writeString(folder.resolve(file), yaml);
  }

  private Run run(String command, String... words) {
    String[] all = new String[words.length + 2];
    all[0] = command;
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = folder.toString();
    return Run.of(all);
  }

  @Test
  void reachStaysOnANetwork() {
    Run run = run("reach", "--to=VirtualMachine/blue/db", "-f", "csv");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            from,to,ports,through,incomplete\r
            Pod blue/web,VirtualMachine blue/db,5432/TCP,,\r
            """);
  }

  @Test
  void whyNamesTheNetworkAndThatNoRuleOpensIt() {
    Run run = run("why", "plain/web", "VirtualMachine/blue/db", "5432");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("blocked: Pod plain/web -> VirtualMachine blue/db 5432/TCP\n")
        .contains(
            "egress of Pod plain/web is allowed: no policy says otherwise\n",
            "network.yaml:7:19",
            "UserDefinedNetwork blue/own keeps its pods apart from those of other networks",
            "no rule that could be added opens it\n");
    assertThat(run("why", "blue/web", "VirtualMachine/blue/db", "5432").code()).isZero();
  }

  @Test
  void proveRestsOnTheNetwork() {
    Run run = run("prove", "--intent", "deny from namespace=plain to namespace=blue");
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).startsWith("proved: ").contains("network.yaml:7:19");
    Run dns = run("prove", "--intent", "deny from namespace=blue to namespace=kube-system");
    assertThat(dns.code()).as(dns.out() + dns.err()).isEqualTo(1);
    assertThat(dns.out()).contains("53/");
  }

  @Test
  void everyReaderOfEvalAgrees() throws IOException {
    Path table = folder.resolve("flows.csv");
    Files.writeString(
        table,
        """
        src\tdst\tprotocol\tport
        blue/web\tblue/VirtualMachine/db\tTCP\t5432
        plain/web\tblue/VirtualMachine/db\tTCP\t5432
        blue/web\tplain/web\tTCP\t80
        203.0.113.1\tblue/web\tTCP\t80
        """);
    Run run = run("eval", "--flows=" + table, "--engine=all", "--quiet");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "TCP\t5432\tallow\tallow\tallow\t",
            "TCP\t5432\tallow\tdeny\tdeny\t" + folder.resolve("network.yaml") + ":7:19\n",
            "TCP\t80\tdeny\tallow\tdeny\t" + folder.resolve("network.yaml") + ":7:19\n",
            "TCP\t80\t-\tallow\tallow\t-\n");
  }

  @Test
  void exposureIsToTheNetwork() {
    Run run = run("reach", "--exposure");
    assertThat(run.out())
        .contains(
            """
            VirtualMachine blue/db
              can be reached by
                pods in other namespaces than those of the input: none
                further pods in the namespaces of the input: every pod in every namespace on\
             5432/TCP, where no network keeps them apart;\
            """);
  }

  @Test
  void aNetworkOfOneNamespaceClosesWhatOneOfSeveralLeftOpen() throws IOException {
    Path before = Files.createDirectory(folder.resolve("before"));
    Path after = Files.createDirectory(folder.resolve("after"));
    Files.copy(folder.resolve("all.yaml"), before.resolve("all.yaml"));
    Files.copy(folder.resolve("all.yaml"), after.resolve("all.yaml"));
    Files.writeString(
        before.resolve("network.yaml"),
        """
        apiVersion: k8s.ovn.org/v1
        kind: ClusterUserDefinedNetwork
        metadata: { name: all }
        spec:
          namespaceSelector: {}
          network: { topology: Layer2, layer2: { role: Primary, subnets: [ 10.20.0.0/16 ] } }
        """);
    Files.writeString(after.resolve("network.yaml"), BLUE);
    Run run = Run.of("diff", before.toString(), after.toString());
    assertThat(run.out())
        .startsWith("the traffic as a whole: incomparable\n")
        .contains(
            "ingress of VirtualMachine blue/db: narrowed\n",
            "before/network.yaml:6:48",
            "after/network.yaml:7:19",
            "ingress of every pod of any other namespace: widened\n");
    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
  }

  @Test
  void aFurtherNetworkThatCannotBeReadIsSaid() throws IOException {
    for (String networks : List.of("[ { name: lan ", "[ lan ]", "[ { interface: eth1 } ]")) {
      write(
          "unreadable.yaml",
          """
          apiVersion: v1
          kind: Pod
          metadata:
            name: probe
            namespace: plain
            annotations: { k8s.v1.cni.cncf.io/networks: "%s" }
          spec: { containers: [ { name: c, image: i } ] }
          """
              .formatted(networks));
      assertThat(run("reach", "--from=plain/probe").err())
          .as(networks)
          .contains("unreadable.yaml:6:", "Pod plain/probe is attached to network plain/?, too");
    }
  }

  @Test
  void aFurtherNetworkIsNamedByEveryCommand() throws IOException {
    write(
        "further.yaml",
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: { name: router, namespace: blue }
        spec:
          running: true
          template:
            metadata: { labels: { app: router } }
            spec:
              domain: {}
              networks: [ { name: a, pod: {} }, { name: b, multus: { networkName: far/lan } } ]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: probe, namespace: plain }
        spec:
          selector: { matchLabels: { app: probe } }
          template:
            metadata:
              labels: { app: probe }
              annotations:
                k8s.v1.cni.cncf.io/networks: '[ { "name": "wan", "namespace": "far" }, { "name": "lan" } ]'
            spec: { containers: [ { name: c, image: i } ] }
        """);
    String machine =
        "VirtualMachine blue/router is attached to network far/lan, too: what flows there is no part of"
            + " the answer, and policies do not hold there";
    Run reach = run("reach", "--from=VirtualMachine/blue/router", "-f", "csv");
    assertThat(reach.err())
        .contains(
            "further.yaml:10:7: " + machine,
            "Deployment plain/probe is attached to network far/wan, too",
            "Deployment plain/probe is attached to network plain/lan, too");
    assertThat(reach.out())
        .contains("VirtualMachine blue/router,Pod blue/web,every port,,incomplete\r\n");
    Run why = run("why", "VirtualMachine/blue/router", "blue/web", "80");
    assertThat(why.out()).startsWith("undecided: ").contains(machine);
    Run proof = run("prove", "--intent", "deny from Deployment/plain/probe to namespace=blue");
    assertThat(proof.out()).startsWith("undecided: ").contains("network far/wan");
  }
}
