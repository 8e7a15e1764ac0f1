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

class WhyCommandTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: db, namespace: data, labels: { app: db } }
      spec: { containers: [ { name: c, image: i, ports: [ { name: sql, containerPort: 5432 } ] } ] }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: db, namespace: data }
      spec: { selector: { app: db }, ports: [ { port: 80, targetPort: sql } ] }
      """;

  private static final String DB_ALONE =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: db, namespace: data }
      spec:
        podSelector: { matchLabels: { app: db } }
        ingress:
          - from: [ { podSelector: {} } ]
      """;

  @TempDir private Path folder;

  @BeforeEach
  void pods() throws IOException {
    Files.writeString(folder.resolve("pods.yaml"), PODS);
  }

  private Run why(String policies, String... arguments) throws IOException {
    Files.writeString(folder.resolve("policies.yaml"), policies);
    List<String> words = new ArrayList<>(List.of("why"));
    words.addAll(List.of(arguments));
    words.add(folder.toString());
    return Run.of(words.toArray(String[]::new));
  }

  /** With the name of the folder left out. */
  private String shown(Run run) {
    return run.out().replace(folder + "/", "");
  }

  @Test
  void aBlockedFlowIsToldWithTheLineAndTheRuleThatOpensIt() throws IOException {
    Run run = why(DB_ALONE, "shop/web", "data/db");

    assertThat(run.code()).isEqualTo(1);
    assertThat(shown(run))
        .isEqualTo(
            """
            Pod shop/web -> Pod data/db: blocked on every port

            blocked: Pod shop/web -> Pod data/db 5432/TCP

            egress of Pod shop/web is allowed: no policy says otherwise

            ingress of Pod data/db is blocked:
             --> policies.yaml:5:3
              |
            4 | spec:
            5 |   podSelector: { matchLabels: { app: db } }
              |   ^^^^^^^^^^^ policy data/db isolates it
              |
            to open it, append to spec.ingress of policy data/db (policies.yaml:6:3):

              - from:
                  - namespaceSelector:
                      matchLabels:
                        kubernetes.io/metadata.name: shop
                    podSelector:
                      matchLabels:
                        app: web
                ports:
                  - protocol: TCP
                    port: 5432

            tried out: it lets the flow through here; it opens nothing but this port between such pods or addresses, and closes nothing
            """);
  }

  private static final String SOME_PORTS =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: db, namespace: data }
      spec:
        podSelector: { matchLabels: { app: db } }
        ingress:
          - ports: [ { port: sql }, { port: 8000, endPort: 8080 }, { port: 53, protocol: UDP } ]
      """;

  @Test
  void withoutAPortAllOfThemAreToldWithAnExampleOfEachSort() throws IOException {
    Run run = why(SOME_PORTS, "shop/web", "data/db");

    assertThat(run.code()).isZero();
    assertThat(shown(run))
        .isEqualTo(
            """
            Pod shop/web -> Pod data/db: allowed on 5432/TCP, 8000-8080/TCP, 53/UDP, blocked on every other port

            allowed: Pod shop/web -> Pod data/db 5432/TCP

            egress of Pod shop/web is allowed: no policy says otherwise

            ingress of Pod data/db is allowed:
             --> policies.yaml:7:7
              |
            6 |   ingress:
            7 |     - ports: [ { port: sql }, { port: 8000, endPort: 8080 }, { port: 53, protocol: UDP } ]
              |       ^^^^^ ingress rule 1 of policy data/db allows it
              |

            blocked: Pod shop/web -> Pod data/db 1/TCP

            egress of Pod shop/web is allowed: no policy says otherwise

            ingress of Pod data/db is blocked:
             --> policies.yaml:5:3
              |
            4 | spec:
            5 |   podSelector: { matchLabels: { app: db } }
              |   ^^^^^^^^^^^ policy data/db isolates it
              |
            name a port to be told what would open it
            """);
    assertThat(shown(why(SOME_PORTS, "shop/web", "data/db", "--format=json")))
        .startsWith(
            """
            {"ports": {"source": "Pod shop/web", "destination": "Pod data/db", \
            "allowed": ["5432/TCP", "8000-8080/TCP", "53/UDP"], \
            "blocked": ["1-5431/TCP", "5433-7999/TCP", "8081-65535/TCP", "1-52/UDP", "54-65535/UDP", "SCTP"],
              "incomplete": []},
             "answers": [
             {"source": "Pod shop/web", "destination": "Pod data/db", "port": 5432, "protocol": "TCP",
            """);
  }

  @Test
  void openIsWhatLetsEveryDeclaredPortThroughOrEveryOne() throws IOException {
    // of the pod that declares a port, another one is open
    assertThat(why(SOME_PORTS.replace("{ port: sql }", "{ port: 1 }"), "shop/web", "data/db"))
        .satisfies(
            run -> {
              assertThat(run.code()).isEqualTo(1);
              assertThat(shown(run))
                  .contains("blocked: Pod shop/web -> Pod data/db 5432/TCP\n", "to open it");
            });
    Run open = why(SOME_PORTS, "data/db", "shop/web");
    assertThat(open.code()).isZero();
    assertThat(open.out())
        .startsWith("Pod data/db -> Pod shop/web: allowed on every port\n\nallowed: ");
    String allButOne =
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: { name: no-ssh }
        spec:
          tier: Admin
          priority: 5
          subject: { namespaces: {} }
          ingress:
            - action: Deny
              from: [ { namespaces: {} } ]
              protocols: [ { tcp: { destinationPort: { number: 22 } } } ]
        """;
    Run most = why(allButOne, "data/db", "shop/web");
    assertThat(most.code()).isEqualTo(1);
    assertThat(most.out())
        .startsWith(
            "Pod data/db -> Pod shop/web: blocked on 22/TCP, allowed on every other port\n");
  }

  @Test
  void theRuleThatIsProposedOpensItWhenItIsWrittenDown() throws IOException {
    String opened =
        DB_ALONE
            + """
                - from:
                    - namespaceSelector:
                        matchLabels:
                          kubernetes.io/metadata.name: shop
                      podSelector:
                        matchLabels:
                          app: web
                  ports:
                    - protocol: TCP
                      port: 5432
            """;
    Run run = why(opened, "shop/web", "data/db", "5432");

    assertThat(run.code()).isZero();
    assertThat(shown(run))
        .startsWith("allowed: Pod shop/web -> Pod data/db 5432/TCP\n")
        .contains("ingress rule 2 of policy data/db allows it")
        .doesNotContain("to open it");
    assertThat(why(opened, "shop/web", "data/db", "5433").code()).isEqualTo(1);
  }

  @Test
  void aServiceIsToldAtThePortOfItsPods() throws IOException {
    assertThat(shown(why(DB_ALONE, "shop/web", "data/Service/db", "80")))
        .startsWith(
            "blocked: Pod shop/web -> Pod data/db 5432/TCP, through Service data/db 80/TCP\n");
    assertThat(why(DB_ALONE, "shop/web", "data/Service/db", "81"))
        .isEqualTo(
            new Run(2, "", "kubeproof: Service data/db has no port 81/TCP; it has 80/TCP\n"));
  }

  @Test
  void anIngressIsToldForBothHalvesOfTheWay() throws IOException {
    String ingress =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: db, namespace: data }
        spec:
          ingressClassName: nginx
          defaultBackend: { service: { name: db, port: { number: 80 } } }
        ---
        """;
    assertThat(why(ingress + DB_ALONE, "203.0.113.9", "Ingress/data/db").err())
        .isEqualTo(
            "kubeproof: the pods of the controller of Ingress data/db are not in the input\n");

    String controller =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: { name: nginx }
        spec: { controller: k8s.io/ingress-nginx }
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: nginx
          namespace: ingress-nginx
          labels: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller }
        spec:
          containers:
            - name: controller
              image: ingress-nginx/controller:v1.11.2
              args: [ /nginx-ingress-controller, --controller-class=k8s.io/ingress-nginx ]
              ports: [ { containerPort: 443 } ]
        ---
        """;
    Run run = why(controller + ingress + DB_ALONE, "203.0.113.9", "Ingress/data/db");
    assertThat(run.code()).isEqualTo(1);
    assertThat(shown(run).lines().filter(line -> line.contains("through")).limit(2))
        .hasSize(2)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "allowed: 203.0.113.9 -> Pod ingress-nginx/nginx 443/TCP,"
                            + " through the controller of Ingress data/db"),
            line ->
                assertThat(line)
                    .startsWith("blocked: Pod ingress-nginx/nginx -> Pod data/db 5432/TCP"));
  }

  @Test
  void anAddressIsOpenedAsABlock() throws IOException {
    Run run = why(DB_ALONE, "2001:db8::1", "data/db", "53/udp");

    assertThat(run.code()).isEqualTo(1);
    assertThat(shown(run))
        .contains("egress of 2001:db8::1 is allowed: no policy is enforced there")
        .contains("cidr: \"2001:db8::1/128\"")
        .contains("protocol: UDP");
  }

  @Test
  void aTierThatDeniesIsNamedWithTheRuleToPutBeforeIt() throws IOException {
    String deny =
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: { name: shut }
        spec:
          tier: Admin
          priority: 5
          subject: { pods: { podSelector: { matchLabels: { app: db } } } }
          ingress:
            - { action: Deny, from: [ { namespaces: {} } ] }
        ---
        """;
    Run run = why(deny + DB_ALONE, "shop/web", "data/db");

    assertThat(run.code()).isEqualTo(1);
    assertThat(shown(run))
        .contains("ingress rule 1 of ClusterNetworkPolicy shut denies it")
        .doesNotContain("isolates")
        .contains("put before ingress rule 1 of ClusterNetworkPolicy shut (policies.yaml:9:9)")
        .contains("  - action: Accept\n    from:\n      - pods:\n")
        .contains("        destinationPort:\n            number: 5432\n")
        // the policy is about pods of every namespace that are labelled so
        .contains("it may open more than this, and closes nothing");
  }

  @Test
  void whatNobodyKnowsIsUndecided() throws IOException {
    Run run =
        why(
            """
            apiVersion: projectcalico.org/v3
            kind: NetworkPolicy
            metadata: { name: calico, namespace: data }
            spec: { selector: all() }
            """,
            "shop/web",
            "data/db");

    assertThat(run.code()).isEqualTo(1);
    assertThat(shown(run))
        .startsWith(
            """
            Pod shop/web -> Pod data/db: allowed on every port, as far as is known

            undecided: Pod shop/web -> Pod data/db 5432/TCP
            as far as is known: allowed
            """)
        .contains("has a say, too, and is not modelled");
  }

  @Test
  void jsonTellsTheSame() throws IOException {
    Run run = why(DB_ALONE, "shop/web", "data/db", "--format", "json");

    assertThat(run.code()).isEqualTo(1);
    assertThat(shown(run))
        .contains("\"verdict\": \"blocked\", \"asWritten\": \"blocked\", \"incomplete\": []")
        .contains(
            "\"because\": [{\"place\": \"policies.yaml:5:3\","
                + " \"line\": \"  podSelector: { matchLabels: { app: db } }\","
                + " \"why\": \"policy data/db isolates it\"}]")
        .contains("\"opensNothingElse\": true, \"closesNothing\": true}");
  }

  @Test
  void aWrongNameIsMetWithTheRightOne() throws IOException {
    assertThat(why(DB_ALONE, "shop/wbe", "data/db").err())
        .isEqualTo(
            "kubeproof: no such pod, workload, Service or address: shop/wbe;"
                + " did you mean shop/web?\n");
    assertThat(why(DB_ALONE, "data/db", "shop/web", "70000").err())
        .isEqualTo("kubeproof: no port, such as 5432 or 53/UDP: 70000\n");
    assertThat(Run.of("why", "shop/web"))
        .isEqualTo(new Run(2, "", "kubeproof: why needs SRC and DST; see kubeproof help why\n"));
  }

  private static final String HOST =
      """
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: agent, namespace: shop }
      spec: { hostNetwork: true, containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: open, namespace: data }
      spec: { type: LoadBalancer, selector: { app: db }, ports: [ { port: 80, targetPort: sql } ] }
      """;

  @Test
  void aNodeIsLetInByARuleForEverybody() throws IOException {
    for (List<String> ends :
        List.of(
            List.of("shop/agent", "data/db", "5432"),
            List.of("203.0.113.5", "Service/data/open", "80"))) {
      Run run = why(DB_ALONE + HOST, ends.toArray(String[]::new));
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out())
          .contains(
              "to open it, append to spec.ingress of policy data/db",
              """

                - ports:
                    - protocol: TCP
                      port: 5432

              tried out: it lets the flow through here; it may open more than this, and closes nothing
              """);
      Run opened =
          why(
              DB_ALONE + "    - ports:\n        - { protocol: TCP, port: 5432 }\n" + HOST,
              ends.toArray(String[]::new));
      assertThat(opened.code()).as(opened.out()).isZero();
    }
  }

  @Test
  void aNodeIsLetOutToByARuleForEverybody() throws IOException {
    String closed =
        DB_ALONE.replace("ingress:", "policyTypes: [ Egress ]").replaceAll(" +- from.*\n", "");
    Run run = why(closed + HOST, "data/db", "shop/agent", "9100");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("append to spec.egress of policy data/db", "- ports:\n      - protocol: TCP");
    String tier =
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: { name: out }
        spec:
          tier: Admin
          priority: 5
          subject: { namespaces: {} }
          egress: [ { action: Deny, to: [ { networks: [ 0.0.0.0/0 ] } ] } ]
        """;
    assertThat(why(tier + HOST, "data/db", "shop/agent", "9100").out())
        .contains(
            "put before egress rule 1 of ClusterNetworkPolicy out",
            "- action: Accept\n    to:\n      - networks:\n          - \"0.0.0.0/0\"");
  }
}
