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

/** What {@code reach} and {@code eval} tell of Services and of what leads to them. */
class ReachServicesTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: client, namespace: shop, labels: { app: client } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: web-1, namespace: shop, labels: { app: web, tier: a } }
      spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 8080 } ] } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: web-2, namespace: shop, labels: { app: web, tier: b } }
      spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 9090 } ] } ] }
      ---
      """;

  @TempDir private Path folder;

  @BeforeEach
  void pods() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), PODS);
  }

  private void add(String yaml) throws IOException {
    Files.writeString(folder.resolve("b.yaml"), yaml);
  }

  /** The lines of the CSV that go through something, without their last column. */
  private List<String> through(String... flags) {
    List<String> arguments = new ArrayList<>(List.of("reach", folder.toString(), "-f", "csv"));
    arguments.addAll(List.of(flags));
    Run run = Run.of(arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run.out()
        .lines()
        .filter(line -> line.matches(".*(Service|Ingress|Route) .*"))
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: { name: web, namespace: shop }
      spec: { selector: { app: web }, ports: [ { port: 80, targetPort: http } ] }
      ---
      """;

  private static final String ONLY_CLIENTS_ON_8080 =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: web } }
        ingress:
          - from: [ { podSelector: { matchLabels: { app: client } } } ]
            ports: [ { port: 8080 } ]
      """;

  @Test
  void aNamedTargetPortIsLookedUpInEachPod() throws IOException {
    add(SERVICE);
    assertThat(through("--from=shop/client"))
        .containsExactly(
            "Pod shop/client,Pod shop/web-1,8080/TCP,Service shop/web 80/TCP",
            "Pod shop/client,Pod shop/web-2,9090/TCP,Service shop/web 80/TCP");
    assertThat(
            Run.of("reach", folder.toString(), "--to=Service/shop/web", "--from=shop/client").out())
        .isEqualTo(
            """
            Pod shop/client
              -> Service shop/web 80/TCP
                 (-> 8080/TCP on Pod shop/web-1)
            Pod shop/client
              -> Service shop/web 80/TCP
                 (-> 9090/TCP on Pod shop/web-2)
            """);
  }

  @Test
  void policiesJudgeThePortOfThePods() throws IOException {
    add(SERVICE + ONLY_CLIENTS_ON_8080);
    assertThat(through())
        .containsExactly("Pod shop/client,Pod shop/web-1,8080/TCP,Service shop/web 80/TCP");
    assertThat(through("--port=8080")).isEmpty();
    assertThat(through("--port=80")).hasSize(1);
  }

  @Test
  void nobodyTranslatesThePortOfAHeadlessService() throws IOException {
    add(SERVICE.replace("selector:", "clusterIP: None, selector:"));
    assertThat(through("--from=shop/client", "--to=shop/web-1"))
        .containsExactly("Pod shop/client,Pod shop/web-1,80/TCP,Service shop/web 80/TCP");
  }

  @Test
  void aLoadBalancerLetsItsSourceRangesInAndItsNodePortEverybody() throws IOException {
    String balanced =
        SERVICE.replace(
            "selector:",
            "type: LoadBalancer, externalTrafficPolicy: Local,"
                + " loadBalancerSourceRanges: [ 192.0.2.0/24 ], selector:");
    add(balanced.replace("targetPort: http", "targetPort: http, nodePort: 30080"));
    assertThat(through("--to=shop/web-1"))
        .contains(
            "192.0.2.0/24,Pod shop/web-1,8080/TCP,load balancer 80/TCP of Service shop/web",
            "0.0.0.0/0,Pod shop/web-1,8080/TCP,node port 30080/TCP of Service shop/web")
        .doesNotContain(
            "0.0.0.0/0,Pod shop/web-1,8080/TCP,load balancer 80/TCP of Service shop/web");
  }

  @Test
  void aNodeThatForwardsIsWhomThePoliciesSee() throws IOException {
    String fromOutside =
        ONLY_CLIENTS_ON_8080.replace(
            "podSelector: { matchLabels: { app: client } }", "ipBlock: { cidr: 192.0.2.0/24 }");
    String service = SERVICE.replace("selector:", "type: NodePort, selector:");
    add(service + fromOutside);
    assertThat(through()).isEmpty();
    add(service.replace("type:", "externalTrafficPolicy: Local, type:") + fromOutside);
    assertThat(through())
        .containsExactly("192.0.2.0/24,Pod shop/web-1,8080/TCP,node port of Service shop/web");
  }

  private static final String INGRESS =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: { name: web, namespace: shop }
      spec:
        ingressClassName: nginx
        defaultBackend: { service: { name: web, port: { number: 80 } } }
      ---
      """;

  @Test
  void anUnknownControllerIsAnyPodThatCouldExist() throws IOException {
    add(SERVICE + INGRESS + ONLY_CLIENTS_ON_8080);
    String through =
        "ingress-controller,Pod shop/web-1,8080/TCP,Ingress shop/web (Service shop/web 80/TCP)";
    // some other pod of the namespace may have the label of clients
    assertThat(through("--to=Ingress/shop/web")).containsExactly(through);
    add(SERVICE + INGRESS + ONLY_CLIENTS_ON_8080.replace("port: 8080", "port: 80"));
    assertThat(through("--to=Ingress/shop/web")).isEmpty();
  }

  @Test
  void aControllerOfTheInputMustBeLetIn() throws IOException {
    String controller =
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: nginx, namespace: ingress, labels: { app: nginx } }
        spec: { containers: [ { name: c, image: "registry.example/ingress-nginx/controller:v1" } ] }
        ---
        """;
    add(SERVICE + INGRESS + controller + ONLY_CLIENTS_ON_8080);
    assertThat(through("--to=Ingress/shop/web")).isEmpty();
    add(SERVICE + INGRESS + controller);
    assertThat(through("--to=Ingress/shop/web"))
        .containsExactly(
            "Pod ingress/nginx,Pod shop/web-1,8080/TCP,Ingress shop/web (Service shop/web 80/TCP)",
            "Pod ingress/nginx,Pod shop/web-2,9090/TCP,Ingress shop/web (Service shop/web 80/TCP)");
  }

  @Test
  void aRouteOfOpenShiftNamesThePortOfThePods() throws IOException {
    add(
        SERVICE.replace("targetPort: http", "targetPort: 8000")
            + """
            apiVersion: route.openshift.io/v1
            kind: Route
            metadata: { name: web, namespace: shop }
            spec: { to: { kind: Service, name: web }, port: { targetPort: 8000 } }
            """);
    assertThat(through("--to=Route/shop/web"))
        .containsExactly(
            "ingress-controller,Pod shop/web-1,8000/TCP,Route shop/web (Service shop/web 80/TCP)",
            "ingress-controller,Pod shop/web-2,8000/TCP,Route shop/web (Service shop/web 80/TCP)");
  }

  @Test
  void whatLeadsNowhereIsSaidWithItsReason() throws IOException {
    add(SERVICE.replace("{ app: web }", "{ app: wep }"));
    Run none = Run.of("reach", folder.toString(), "--to=Service/shop/web");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err())
        .contains("Service/shop/web leads to no pod: its selector picks no pod of the input");
    assertThat(Run.of("reach", folder.toString(), "--to=Service/shop/wed").err())
        .contains("did you mean Service/shop/web?");
  }

  @Test
  void evalTellsOfAServiceWhenAllItsPodsAgree() throws IOException {
    Path flows = folder.resolve("flows.tsv");
    Files.writeString(
        flows,
        """
        src\tdst\tprotocol\tport
        shop/client\tshop/Service/web\tTCP\t80
        192.0.2.1\tshop/Service/web\tTCP\t80
        shop/client\tshop/Service/web\tTCP\t8080
        """
            .replace("\\\t", "\t"));
    add(SERVICE + ONLY_CLIENTS_ON_8080);
    Run run = Run.of("eval", "--engine=all", "--flows=" + flows, folder.toString());
    assertThat(run.out().lines().skip(1).map(line -> line.split("\t", 5)[4]))
        .containsExactly(
            "allow\tdiffers\tdiffers\tallow on Pod shop/web-1 port 8080; deny on Pod shop/web-2 port"
                + " 9090",
            "-\tdeny\tdeny\t" + folder.resolve("b.yaml") + ":10:3",
            "-\t-\terror\tService shop/web cannot be asked about on port 8080/TCP; it has 80/TCP");
    assertThat(run.code()).isEqualTo(2);
  }
}
