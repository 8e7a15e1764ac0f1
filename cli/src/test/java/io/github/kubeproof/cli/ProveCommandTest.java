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

  private static final String HOSTS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: host, namespace: prod, labels: { app: host } }
      spec: { hostNetwork: true, containers: [ { name: c, image: i } ] }
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: agent, namespace: dev }
      spec:
        selector: { matchLabels: { app: agent } }
        template:
          metadata: { labels: { app: agent } }
          spec: { hostNetwork: true, containers: [ { name: c, image: i } ] }
      """;

  private String verdict(String intent, String... flags) {
    List<String> words = new ArrayList<>(List.of("--intent", intent));
    words.addAll(List.of(flags));
    Run run = prove(words.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    return run.out();
  }

  @Test
  void podsOnTheNetworkOfTheirNodeBelongToTheirNamespace() throws IOException {
    Files.writeString(folder.resolve("hosts.yaml"), HOSTS);
    assertThat(verdict("deny from outside to namespace=prod port 5432"))
        .startsWith("refuted: ")
        .contains("-> Pod prod/host (on its node's network) on port 5432/TCP");
    assertThat(
            verdict("deny from namespace=dev to namespaceSelector=env=prod podSelector=app=host"))
        .startsWith("refuted: ")
        .contains("Pod prod/host (on its node's network) on port 1/TCP");
    assertThat(verdict("deny from namespace=dev to namespace=prod podSelector=app=db"))
        .startsWith("proved: ");
    assertThat(verdict("allow from namespace=dev to Pod/prod/host")).startsWith("proved: ");
    // no selector of a policy picks it
    assertThat(verdict("allow from namespace=prod to Deployment/prod/db"))
        .startsWith("refuted: ")
        .contains("Pod prod/host (on its node's network) -> Deployment prod/db");
    assertThat(verdict("allow from namespace=prod podSelector=app!=host to Deployment/prod/db"))
        .startsWith("proved: ");
  }

  @Test
  void aBlockOfAllAddressesLetsPodsOnTheNetworkOfTheirNodeIn() throws IOException {
    Files.writeString(folder.resolve("hosts.yaml"), HOSTS);
    Files.writeString(
        folder.resolve("all.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: all, namespace: prod }
        spec:
          podSelector: { matchLabels: { app: db } }
          ingress: [ { from: [ { ipBlock: { cidr: 0.0.0.0/0 } } ] } ]
        """);
    assertThat(verdict("deny from namespace=dev to Deployment/prod/db"))
        .startsWith("refuted: ")
        .contains("DaemonSet dev/agent (on its node's network) -> Deployment prod/db");
    assertThat(verdict("deny from namespace=dev podSelector=app=x to Deployment/prod/db"))
        .startsWith("proved: ");
  }

  @Test
  void whatNoFlowCanSatisfyOrViolateIsNotProved() throws IOException {
    Files.writeString(folder.resolve("hosts.yaml"), HOSTS);
    for (String kind : List.of("allow", "deny")) {
      for (String parties :
          List.of(
              "from Pod/prod/host to Pod/prod/host",
              "from podSelector=a=b,!a to namespace=prod",
              "from outside to podSelector=app in (a),app notin (a)")) {
        Run run = prove("--intent", kind + " " + parties);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
            .startsWith("undecided: ")
            .contains("there is no flow for it or against");
      }
    }
    assertThat(verdict("deny from DaemonSet/dev/agent to DaemonSet/dev/agent"))
        .startsWith("refuted: ")
        .contains("-> another pod of DaemonSet dev/agent (on its node's network)");
  }

  private void service(String spec, String ipBlock) throws IOException {
    Files.writeString(
        folder.resolve("web.yaml"),
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: web, labels: { app: web } }
        spec: { containers: [ { name: c, image: i } ] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: web }
        spec: { selector: { app: web }, ports: [ { port: 80, targetPort: 8080 } ], SPEC }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: web }
        spec:
          podSelector: {}
          ingress: [ { from: [ { ipBlock: { BLOCK } } ] } ]
        """
            .replace("SPEC", spec)
            .replace("BLOCK", ipBlock));
  }

  @Test
  void clientsThatAServiceHidesGetToItsPodsToo() throws IOException {
    String deny = "deny from 203.0.113.0/24 to namespace=web";
    service("type: LoadBalancer", "cidr: 10.0.0.0/8");
    assertThat(verdict(deny))
        .startsWith("refuted: ")
        .contains("a node -> Pod web/web on port 8080/TCP: it forwards for a client");
    assertThat(verdict(deny + " port 8080")).startsWith("refuted: ");
    assertThat(verdict(deny + " port 80")).startsWith("proved: ");
    assertThat(verdict(deny, "--node-cidr", "192.168.0.0/16")).startsWith("proved: ");
    service("type: LoadBalancer, externalTrafficPolicy: Local", "cidr: 10.0.0.0/8");
    assertThat(verdict(deny)).startsWith("proved: ");
    service("type: LoadBalancer, loadBalancerSourceRanges: [ 10.0.0.0/8 ]", "cidr: 10.0.0.0/8");
    // the port of the nodes lets in whom the load balancer does not
    assertThat(verdict(deny)).startsWith("refuted: ");
    service("type: ClusterIP", "cidr: 10.0.0.0/8");
    assertThat(verdict(deny)).startsWith("proved: ");
  }

  @Test
  void whatControllersForwardIsToldOfAProof() throws IOException {
    Files.writeString(
        folder.resolve("ingress.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop, namespace: web }
        spec:
          defaultBackend: { service: { name: web, port: { number: 80 } } }
        """);
    service("type: ClusterIP", "cidr: 10.0.0.0/8");
    String deny = "deny from 203.0.113.0/24 to namespace=web";
    assertThat(verdict(deny)).startsWith("proved: ").doesNotContain("Ingress web/shop");
    String open = Files.readString(folder.resolve("web.yaml"));
    Files.writeString(
        folder.resolve("web.yaml"),
        open.replace("ipBlock: { cidr: 10.0.0.0/8 }", "podSelector: {}"));
    assertThat(verdict(deny))
        .startsWith("proved: ")
        .contains("not asked about is what the pods of a controller forward for Ingress web/shop");
    assertThat(verdict(deny + " port 9")).startsWith("proved: ").doesNotContain("Ingress web/shop");
    assertThat(verdict("deny from namespace=dev to namespace=web"))
        .doesNotContain("Ingress web/shop");
  }

  @Test
  void policiesSeeANodeInPlaceOfAClient() throws IOException {
    service("type: LoadBalancer", "cidr: 0.0.0.0/0, except: [ 203.0.113.0/24 ]");
    assertThat(verdict("deny from 203.0.113.0/24 to Service/web/web"))
        .startsWith("refuted: ")
        .contains("a node -> Pod web/web on port 8080/TCP: it forwards for a client");
    // a node may have an address of that block, too
    assertThat(verdict("allow from 203.0.113.0/24 to Service/web/web port 80"))
        .startsWith("refuted: ");
    assertThat(
            verdict(
                "allow from 203.0.113.0/24 to Service/web/web port 80",
                "--node-cidr",
                "10.0.0.0/16"))
        .startsWith("proved: ");
    service(
        "type: LoadBalancer, externalTrafficPolicy: Local",
        "cidr: 0.0.0.0/0, except: [ 203.0.113.0/24 ]");
    assertThat(verdict("deny from 203.0.113.0/24 to Service/web/web")).startsWith("proved: ");
    assertThat(verdict("allow from 203.0.113.0/24 to Service/web/web port 80"))
        .startsWith("refuted: ")
        .contains("203.0.113.1 (outside the cluster) -> Pod web/web on port 8080/TCP");
  }

  @Test
  void sourceRangesKeepClientsOutOfALoadBalancer() throws IOException {
    String ranges =
        "type: LoadBalancer, externalTrafficPolicy: Local, allocateLoadBalancerNodePorts: false,"
            + " loadBalancerSourceRanges: [ 198.51.100.0/24 ]";
    service(ranges, "cidr: 198.51.0.0/16");
    assertThat(verdict("allow from 198.51.100.0/25 to Service/web/web port 80"))
        .startsWith("proved: ")
        .contains("web.yaml:16:16");
    assertThat(verdict("allow from 198.51.0.0/16 to Service/web/web port 80"))
        .startsWith("refuted: ")
        .contains(
            "198.51.0.0 (outside the cluster) -> Pod web/web on port 8080/TCP: there is no such way",
            "load balancer 80/TCP of Service web/web for 198.51.100.0/24",
            "stopped by " + folder.resolve("web.yaml") + ":9:1");
    assertThat(verdict("deny from 198.51.101.0/24 to Service/web/web"))
        .startsWith("proved: ")
        .contains("there is no way from 198.51.101.0/24 to Service web/web on every port");
    assertThat(verdict("deny from 198.51.0.0/16 to Service/web/web")).startsWith("refuted: ");
    service(ranges.replace(" allocateLoadBalancerNodePorts: false,", ""), "cidr: 198.51.0.0/16");
    // by the port of the nodes, whichever it will be
    assertThat(verdict("deny from 198.51.101.0/24 to Service/web/web port 80"))
        .startsWith("refuted: ")
        .contains("node port of Service web/web");
    assertThat(verdict("deny from 198.51.101.0/24 to Service/web/web port 30001"))
        .startsWith("refuted: ");
    assertThat(prove("--intent", "allow from outside to Service/web/web port 30001").err())
        .contains("Service web/web leads to no pod on port 30001/TCP");
  }

  @Test
  void nothingLeadsFromOutsideToAClusterIp() throws IOException {
    service("type: ClusterIP", "cidr: 0.0.0.0/0");
    Run run = prove("--intent", "deny from outside to Service/web/web");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("proved: ")
        .contains("there is no way from outside to Service web/web", "there is none")
        .doesNotContain("no policy says anything");
    assertThat(verdict("allow from outside to Service/web/web port 80")).startsWith("refuted: ");
    assertThat(verdict("deny from namespace=dev to Service/web/web port 80"))
        .startsWith("proved: ");
  }

  @Test
  void whatIsAssumedToMakePodsIsAPartyByItsKind() throws IOException {
    Files.writeString(
        folder.resolve(".kubeproof.yaml"),
        """
        version: 1
        assume:
          workloads:
            - { namespace: prod, labels: { app: cache }, createdBy: Redis/cache }
            - { namespace: dev, labels: { app: cache }, createdBy: Redis/cache }
        intents:
          - allow: { from: Redis/prod/cache, to: Deployment/prod/db }
          - deny: { from: Redis/dev/cache, to: Deployment/prod/db }
        """);
    Run run = prove("--intent", "deny from Redis/prod/cache to Service/prod/db");
    assertThat(run.out().lines().filter(line -> !line.startsWith(" ")))
        .containsExactly(
            "proved: allow from Redis prod/cache to Deployment prod/db on every port",
            "proved: deny from Redis dev/cache to Deployment prod/db on every port",
            "refuted: deny from Redis prod/cache to Service prod/db on every port");
    Run other = prove("--intent", "deny from Redis/prod/cash to Service/prod/db");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("no such workload: Redis/prod/cash", "Redis/prod/cache");
    assertThat(prove("--intent", "deny from Kafka/prod/cache to Service/prod/db").err())
        .contains("a party cannot be of kind Kafka");
  }

  @Test
  void anIngressInFrontOfAServiceIsNamed() throws IOException {
    service("type: ClusterIP", "cidr: 0.0.0.0/0");
    Files.writeString(
        folder.resolve("ingress.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: web, namespace: web }
        spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
        """);
    assertThat(verdict("deny from outside to Service/web/web"))
        .startsWith("proved: ")
        .contains("there is none; the pods of a controller forward to it for Ingress web/web");
  }

  @Test
  void whatANetworkDoesToNodesThatForwardIsNotKnown() throws IOException {
    String all = "cidr: 0.0.0.0/0";
    service("type: LoadBalancer", all);
    String denied = "deny from 203.0.113.0/24 to Service/web/web";
    assertThat(verdict(denied)).startsWith("refuted: ");
    Files.writeString(
        folder.resolve("network.yaml"),
        """
        apiVersion: v1
        kind: Namespace
        metadata: { name: web, labels: { k8s.ovn.org/primary-user-defined-network: "" } }
        ---
        apiVersion: k8s.ovn.org/v1
        kind: UserDefinedNetwork
        metadata: { name: own, namespace: web }
        spec: { topology: Layer2, layer2: { role: Primary, subnets: [ 10.20.0.0/16 ] } }
        """);
    assertThat(verdict(denied))
        .startsWith("undecided: ")
        .contains("UserDefinedNetwork web/own keeps nodes away, too");
    service("type: LoadBalancer, externalTrafficPolicy: Local", all);
    assertThat(verdict(denied)).startsWith("refuted: ").doesNotContain("keeps nodes away");
  }
}
