package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  @Test
  void whereTheAddressOfANodeDecidesItIsUndecided() throws IOException {
    String fromNodes =
        ONLY_CLIENTS_ON_8080.replace(
            "podSelector: { matchLabels: { app: client } }", "ipBlock: { cidr: 10.0.0.0/8 }");
    add(SERVICE.replace("selector:", "type: NodePort, selector:") + fromNodes);
    assertThat(Run.of("reach", folder.toString(), "--from=203.0.113.5").out())
        .contains("-> node port of Service shop/web", "undecided, on Pod shop/web-1");
    assertThat(through("--node-cidr=10.1.0.0/16"))
        .contains("any node,Pod shop/web-1,8080/TCP,node port of Service shop/web");
    assertThat(through("--node-cidr=192.168.0.0/16")).isEmpty();
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
  void routesLeadToPortsOfTheirOwnProtocolOnly() throws IOException {
    String three =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec:
          selector: { app: web, tier: a }
          ports:
            - { name: t, port: 80, targetPort: http }
            - { name: u, port: 80, protocol: UDP, targetPort: 53 }
            - { name: s, port: 80, protocol: SCTP, targetPort: 99 }
        ---
        """;
    String route =
        """
        apiVersion: gateway.networking.k8s.io/v1alpha2
        kind: UDPRoute
        metadata: { name: web, namespace: shop }
        spec: { parentRefs: [ { name: gw } ], rules: [ { backendRefs: [ { name: web, port: 80 } ] } ] }
        """;
    add(three + INGRESS + route);
    assertThat(through("--to=Ingress/shop/web"))
        .containsExactly(
            "ingress-controller,Pod shop/web-1,8080/TCP,Ingress shop/web (Service shop/web"
                + " 80/TCP)");
    assertThat(through("--to=UDPRoute/shop/web"))
        .containsExactly(
            "ingress-controller,Pod shop/web-1,53/UDP,UDPRoute shop/web (Service shop/web 80/UDP)");
    for (String kind : List.of("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")) {
      add(three + route.replace("UDPRoute", kind));
      assertThat(through("--to=" + kind + "/shop/web"))
          .as(kind)
          .containsExactly(
              "ingress-controller,Pod shop/web-1,8080/TCP,%s shop/web (Service shop/web 80/TCP)"
                  .formatted(kind));
    }
    add(three + INGRESS.replace("number: 80", "name: u"));
    assertThat(Run.of("reach", folder.toString(), "--to=Ingress/shop/web").err())
        .contains("Ingress/shop/web leads to no pod: no Service that it names leads to a pod");
  }

  private static final String GATEWAY =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: { name: gw, namespace: infra }
      spec:
        gatewayClassName: x
        listeners:
          - { name: web, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }
          - { name: own, port: 81, protocol: HTTP }
          - name: picked
            port: 82
            protocol: HTTP
            allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { gw: "yes" } } } }
          - name: grpc
            port: 83
            protocol: HTTP
            allowedRoutes: { namespaces: { from: All }, kinds: [ { kind: GRPCRoute } ] }
          - { name: tcp, port: 84, protocol: TCP, allowedRoutes: { namespaces: { from: All } } }
      ---
      """;

  private static final String ROUTE =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: { name: r, namespace: shop }
      spec:
        parentRefs: [ { name: gw, namespace: infra } ]
        rules:
          - backendRefs: [ { name: web, port: 80 } ]
      ---
      """;

  private static final String TO_WEB_1 =
      "ingress-controller,Pod shop/web-1,8080/TCP,HTTPRoute shop/r (Service shop/web 80/TCP)";

  private static String namespace(String name, String labels) {
    return "apiVersion: v1\nkind: Namespace\nmetadata: { name: %s, labels: { %s } }\n---\n"
        .formatted(name, labels);
  }

  private String whyNot(String name, String yaml) throws IOException {
    add(yaml);
    Run run = Run.of("reach", folder.toString(), "--to=" + name);
    assertThat(run.code()).isEqualTo(2);
    return run.err().strip().replace("kubeproof: " + name + " leads to no pod: ", "");
  }

  @Test
  void aRouteThatItsGatewayRefusesLeadsNowhere() throws IOException {
    String named = ROUTE.replace("namespace: infra", "namespace: infra, sectionName: %s");
    String base = SERVICE + GATEWAY + namespace("shop", "gw: \"no\"");
    for (String taking : List.of("web", "own", "picked", "grpc", "tcp", "nonesuch")) {
      add(base + named.formatted(taking));
      assertThat(through())
          .as(taking)
          .filteredOn(line -> line.contains("HTTPRoute"))
          .hasSize(taking.equals("web") ? 2 : 0);
    }
    String route = "HTTPRoute/shop/r";
    assertThat(whyNot(route, base + named.formatted("own")))
        .isEqualTo(
            "Gateway infra/gw does not take this route: listener own takes only routes of namespace"
                + " infra");
    assertThat(whyNot(route, base + named.formatted("picked")))
        .isEqualTo(
            "Gateway infra/gw does not take this route: listener picked takes only routes of"
                + " namespaces with gw=yes");
    assertThat(whyNot(route, base + named.formatted("grpc")))
        .endsWith("listener grpc takes only GRPCRoute");
    assertThat(whyNot(route, base + named.formatted("tcp")))
        .endsWith("listener tcp takes only TCPRoute");
    assertThat(whyNot(route, base + named.formatted("nonesuch")))
        .isEqualTo("Gateway infra/gw has no listener nonesuch");
    assertThat(whyNot(route, base + ROUTE.replace("namespace: infra", "namespace: infra, port: 9")))
        .isEqualTo("Gateway infra/gw has no listener on port 9");
    String other = "listeners: [ { name: web, port: 80, protocol: HTTP, hostname: a.example } ]";
    String bare = GATEWAY.substring(0, GATEWAY.indexOf("listeners:")) + other + "\n---\n";
    assertThat(
            whyNot(
                route,
                SERVICE
                    + bare.replace("namespace: infra", "namespace: shop")
                    + ROUTE
                        .replace(", namespace: infra", "")
                        .replace("rules:", "hostnames: [ b.example ]\n  rules:")))
        .endsWith("listener web is for a.example");
    assertThat(whyNot(route, base + ROUTE.replaceAll("parentRefs: .*", "hostnames: []")))
        .isEqualTo("it has no parentRefs, so no Gateway takes it");
  }

  @Test
  void aRouteOfWhichNobodyKnowsWhetherItIsTakenIsKept() throws IOException {
    String picked = ROUTE.replace("namespace: infra", "namespace: infra, sectionName: picked");
    // the labels of the namespace are not in the input, or fit
    add(SERVICE + GATEWAY + picked);
    assertThat(through("--to=HTTPRoute/shop/r")).contains(TO_WEB_1);
    add(SERVICE + GATEWAY + picked + namespace("shop", "gw: \"yes\""));
    assertThat(through("--to=HTTPRoute/shop/r")).contains(TO_WEB_1);
    add(SERVICE + ROUTE);
    assertThat(through("--to=HTTPRoute/shop/r")).contains(TO_WEB_1);
    add(SERVICE + GATEWAY + ROUTE.replace("name: gw,", "kind: ListenerSet, name: set,"));
    assertThat(through("--to=HTTPRoute/shop/r")).contains(TO_WEB_1);
    Files.writeString(folder.resolve(".kubeproof.yaml"), "version: 1\ninputs: { world: closed }\n");
    assertThat(whyNot("HTTPRoute/shop/r", SERVICE + ROUTE))
        .isEqualTo("there is no Gateway infra/gw");
  }

  @Test
  void aBackendOfWeightZeroGetsNothingAndAMirrorGetsCopies() throws IOException {
    String other = SERVICE.replace("name: web", "name: other").replace("port: 80", "port: 81");
    assertThat(
            whyNot(
                "HTTPRoute/shop/r", SERVICE + ROUTE.replace("port: 80 }", "port: 80, weight: 0 }")))
        .isEqualTo("its backend web has weight 0");
    String mirroring =
        ROUTE.replace(
            "- backendRefs: [ { name: web,",
            "- filters: [ { type: RequestMirror, requestMirror: { backendRef: { name: other, port: 81"
                + " } } } ]\n      backendRefs: [ { weight: 0, name: web,");
    add(SERVICE + other + mirroring);
    assertThat(through("--to=HTTPRoute/shop/r"))
        .containsExactly(
            TO_WEB_1.replace("web 80", "other 81"),
            TO_WEB_1.replace("web-1,8080", "web-2,9090").replace("web 80", "other 81"));
    assertThat(
            whyNot(
                "Route/shop/web",
                SERVICE
                    + """
                    apiVersion: route.openshift.io/v1
                    kind: Route
                    metadata: { name: web, namespace: shop }
                    spec: { to: { kind: Service, name: web, weight: 0 } }
                    """))
        .isEqualTo("its backend web has weight 0");
  }

  private static final String AFAR =
      ROUTE
          .replace("namespace: shop }", "namespace: front }")
          .replace("name: web,", "name: web, namespace: shop,");

  private static final String GRANT =
      """
      apiVersion: gateway.networking.k8s.io/v1beta1
      kind: ReferenceGrant
      metadata: { name: g, namespace: shop }
      spec:
        from: [ { group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: front } ]
        to: [ { group: "", kind: Service, name: web } ]
      ---
      """;

  @Test
  void aBackendOfAnotherNamespaceNeedsAGrant() throws IOException {
    String toWeb1 = TO_WEB_1.replace("HTTPRoute shop/r", "HTTPRoute front/r");
    add(SERVICE + AFAR + GRANT);
    Run granted = Run.of("reach", folder.toString(), "--to=HTTPRoute/front/r", "-f=csv");
    assertThat(granted.err()).isEmpty();
    assertThat(granted.out()).contains(toWeb1 + ",\r\n");
    // who has grants of a namespace in the input has them all
    assertThat(whyNot("HTTPRoute/front/r", SERVICE + AFAR + GRANT.replace("name: web", "name: db")))
        .isEqualTo(
            "no ReferenceGrant in namespace shop lets a HTTPRoute of namespace front use Service"
                + " web");
    add(SERVICE + AFAR + GRANT.replace("namespace: shop", "namespace: elsewhere"));
    Run unknown = Run.of("reach", folder.toString(), "--to=HTTPRoute/front/r", "-f=csv");
    String incomplete =
        "HTTPRoute front/r leads to Service shop/web only if a ReferenceGrant of namespace shop lets"
            + " it, and the input has none";
    assertThat(unknown.out()).contains(toWeb1 + ",incomplete\r\n");
    assertThat(unknown.err()).contains("incomplete: ").contains(incomplete);
    Run text = Run.of("reach", folder.toString(), "--to=HTTPRoute/front/r");
    assertThat(text.out())
        .contains("-> HTTPRoute front/r (Service shop/web 80/TCP)*\n")
        .contains("\n* incomplete: ")
        .endsWith(incomplete + "\n");
    assertThat(Run.of("reach", folder.toString(), "--to=HTTPRoute/front/r", "-f=json").out())
        .contains("\"port\": \"8080/TCP\", \"incomplete\": true}")
        .contains("\"why\": \"" + incomplete + "\"");
    Files.writeString(folder.resolve(".kubeproof.yaml"), "version: 1\ninputs: { world: closed }\n");
    assertThat(whyNot("HTTPRoute/front/r", SERVICE + AFAR + GATEWAY))
        .startsWith("no ReferenceGrant in namespace shop lets");
  }

  private static final String GATEWAY_POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: gw
        namespace: infra
        labels: { gateway.networking.k8s.io/gateway-name: gw }
      spec: { containers: [ { name: c, image: i, ports: [ { containerPort: 80 } ] } ] }
      ---
      """;

  @Test
  void whyDoesNotKnowWhatAMissingGrantDecides() throws IOException {
    add(SERVICE + AFAR + GATEWAY_POD);
    Run run = Run.of("why", "shop/client", "HTTPRoute/front/r", folder.toString());
    assertThat(run.out())
        .contains("allowed: Pod shop/client -> Pod infra/gw 80/TCP")
        .contains(
            "undecided: Pod infra/gw -> Pod shop/web-1 8080/TCP, through HTTPRoute front/r (Service"
                + " shop/web 80/TCP)\nas far as is known: allowed\nincomplete: ")
        .contains("only if a ReferenceGrant of namespace shop lets it");
    assertThat(run.code()).isEqualTo(1);
    add(SERVICE + AFAR + GATEWAY_POD + GRANT);
    assertThat(Run.of("why", "shop/client", "HTTPRoute/front/r", folder.toString()).code())
        .isZero();
  }

  @Test
  void aParentThatTheInputHasNoPodsOfIsForwardedByStrangers() throws IOException {
    String both = ROUTE.replace("parentRefs: [", "parentRefs: [ { name: cloud },");
    add(SERVICE + GATEWAY_POD + both);
    assertThat(through("--to=HTTPRoute/shop/r"))
        .contains(TO_WEB_1, TO_WEB_1.replace("ingress-controller", "Pod infra/gw"));
    add(SERVICE + GATEWAY_POD + ROUTE);
    assertThat(through("--to=HTTPRoute/shop/r"))
        .contains(TO_WEB_1.replace("ingress-controller", "Pod infra/gw"))
        .doesNotContain(TO_WEB_1);
  }

  @Test
  void aRouteOfAMeshIsForTheClientsOfItsService() throws IOException {
    String mesh =
        ROUTE.replace("{ name: gw, namespace: infra }", "{ group: \"\", kind: Service, name: db }");
    add(SERVICE + mesh + ONLY_CLIENTS_ON_8080);
    assertThat(through("--to=HTTPRoute/shop/r"))
        .containsExactly(TO_WEB_1.replace("ingress-controller", "Pod shop/client"));
    assertThat(Run.of("why", "shop/client", "HTTPRoute/shop/r", "80", folder.toString()).out())
        .startsWith(
            "allowed: Pod shop/client -> Pod shop/web-1 8080/TCP, through HTTPRoute shop/r (Service"
                + " shop/web 80/TCP)\n");
  }

  @Test
  void aRouteOfAMeshInAnotherNamespaceIsForClientsThere() throws IOException {
    String afar =
        ROUTE
            .replace("{ name: gw, namespace: infra }", "{ group: '', kind: Service, name: db }")
            .replace("kind: Service, name: db", "kind: Service, name: db, namespace: shop")
            .replace("namespace: shop }\nspec", "namespace: away }\nspec")
            .replace("name: web,", "name: web, namespace: shop,");
    String away =
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: p, namespace: away }
        spec: { containers: [ { name: c, image: i } ] }
        """;
    add(SERVICE + afar + away);
    assertThat(through("--to=HTTPRoute/away/r"))
        .containsExactly(
            "Pod away/p,Pod shop/web-1,8080/TCP,HTTPRoute away/r (Service shop/web 80/TCP)",
            "Pod away/p,Pod shop/web-2,9090/TCP,HTTPRoute away/r (Service shop/web 80/TCP)");
    assertThat(why("away/p", "HTTPRoute/away/r", "80")).startsWith("allowed: Pod away/p -> ");
    assertThat(why("shop/client", "HTTPRoute/away/r", "80"))
        .isEqualTo("there is no way for Pod shop/client to HTTPRoute away/r");
  }

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

  private static final String DATABASE =
      """
      apiVersion: v1
      kind: Service
      metadata: { name: db, namespace: shop }
      spec: { ports: [ { name: sql, port: 5432, targetPort: 1 }, { name: other, port: 99 } ] }
      ---
      """;

  private static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: { name: db-1, namespace: shop, labels: { kubernetes.io/service-name: db } }
      addressType: IPv4
      ports: [ { name: sql, port: 6432 } ]
      endpoints:
        - addresses: [ 192.0.2.7, 192.0.2.70 ]
        - { addresses: [ 192.0.2.8 ], conditions: { ready: false } }
        - { addresses: [ 10.244.1.5 ], conditions: { ready: true } }
      ---
      """;

  private static final String ENDPOINTS =
      """
      apiVersion: v1
      kind: Endpoints
      metadata: { name: db, namespace: shop }
      subsets:
        - addresses: [ { ip: 192.0.2.7 } ]
          notReadyAddresses: [ { ip: 192.0.2.8 } ]
          ports: [ { name: sql, port: 6432 }, { name: sql, port: 1, protocol: UDP } ]
      ---
      """;

  private static final String NO_DATABASE =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: web } }
        egress: [ { to: [ { ipBlock: { cidr: 192.0.2.0/24, except: [ 192.0.2.7/32 ] } } ] } ]
        policyTypes: [ Egress ]
      """;

  @Test
  void endpointsThatAreListedAreFollowedByTheNameOfThePort() throws IOException {
    add(DATABASE + ENDPOINTS + NO_DATABASE);
    assertThat(through())
        .containsExactly("Pod shop/client,192.0.2.7/32,6432/TCP,Service shop/db 5432/TCP");
    add(DATABASE + SLICE + ENDPOINTS + NO_DATABASE);
    String toPods = "Pod shop/client,10.244.1.5/32,6432/TCP,Service shop/db 5432/TCP";
    assertThat(through())
        .containsExactly("Pod shop/client,192.0.2.7/32,6432/TCP,Service shop/db 5432/TCP", toPods);
    assertThat(through("--to=192.0.2.7")).hasSize(1);
    // an address of a pod, of which nobody knows which
    assertThat(through("--pod-cidr=10.244.0.0/16")).doesNotContain(toPods);
    add(DATABASE.replace("ports", "clusterIP: None, ports") + ENDPOINTS + NO_DATABASE);
    assertThat(through())
        .containsExactly(
            "Pod shop/client,192.0.2.7/32,5432/TCP,Service shop/db 5432/TCP",
            "Pod shop/client,192.0.2.7/32,99/TCP,Service shop/db 99/TCP");
  }

  @Test
  void slicesCountBesideThePodsOfASelectorAndEndpointsDoNot() throws IOException {
    String selecting = DATABASE.replace("ports", "selector: { app: web }, ports");
    add(selecting);
    List<String> pods = through("--to=Service/shop/db");
    assertThat(pods).contains("Pod shop/client,Pod shop/web-1,1/TCP,Service shop/db 5432/TCP");
    add(selecting + ENDPOINTS);
    assertThat(through("--to=Service/shop/db")).isEqualTo(pods);
    add(selecting + SLICE);
    assertThat(through("--to=Service/shop/db"))
        .containsAll(pods)
        .contains("Pod shop/client,192.0.2.7/32,6432/TCP,Service shop/db 5432/TCP");
    // the controller's own slices are the pods once more
    add(
        selecting
            + SLICE.replace(
                "labels: {",
                "labels: { endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io,"));
    assertThat(through("--to=Service/shop/db")).isEqualTo(pods);
  }

  @Test
  void anIngressLeadsToTheServiceBehindAnExternalName() throws IOException {
    String other =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: other, namespace: shop }
        spec:
          type: ExternalName
          externalName: web.shop.svc.cluster.local
          ports: [ { name: http, port: 80 }, { name: wrong, port: 81 } ]
        ---
        """;
    String toWeb =
        "ingress-controller,Pod shop/web-1,8080/TCP,Ingress shop/web (Service shop/web 80/TCP)";
    for (String port : List.of("number: 80", "name: http")) {
      add(
          other
              + SERVICE
              + INGRESS.replace("name: web, port: { number: 80", "name: other, port: { " + port));
      assertThat(through("--to=Ingress/shop/web")).as(port).contains(toWeb);
    }
    add(
        other
            + SERVICE
            + INGRESS.replace("name: web, port: { number: 80", "name: other, port: { number: 81"));
    assertThat(Run.of("reach", folder.toString(), "--to=Ingress/shop/web").err())
        .contains("no Service that it names leads to a pod of the input");
  }

  @Test
  void anIngressLeadsToEndpointsThatAreListed() throws IOException {
    add(
        DATABASE
            + SLICE
            + INGRESS.replace("name: web, port: { number: 80", "name: db, port: { number: 5432"));
    assertThat(through("--to=Ingress/shop/web"))
        .containsExactly(
            "ingress-controller,192.0.2.7/32,6432/TCP,Ingress shop/web (Service shop/db 5432/TCP)",
            "ingress-controller,10.244.1.5/32,6432/TCP,Ingress shop/web (Service shop/db 5432/TCP)");
  }

  @Test
  void whyAServiceWithoutEndpointsLeadsNowhereIsSaid() throws IOException {
    add(DATABASE);
    assertThat(Run.of("reach", folder.toString(), "--to=Service/shop/db").err())
        .contains("it has no selector, and the input lists no endpoints for it");
    add(DATABASE + ENDPOINTS.replace("name: sql", "name: web"));
    assertThat(Run.of("reach", folder.toString(), "--to=Service/shop/db").err())
        .contains("none of the endpoints that are listed for it is ready, has one of its ports");
    add(
        DATABASE
            + ENDPOINTS.replace(
                "name: db",
                "labels: { endpointslice.kubernetes.io/skip-mirror: \"true\" }, name: db"));
    assertThat(Run.of("reach", folder.toString(), "--to=Service/shop/db").err())
        .contains("the input lists no endpoints for it");
  }

  @Test
  void aListedAddressOfAPodThatRunsIsThatPod() throws IOException {
    Path pods =
        Files.writeString(
            folder.resolve("pods.tsv"),
            """
            namespace\tpod\towner\tip
            shop\tclient\tPod/client\t10.244.1.4
            shop\tweb-1\tPod/web-1\t10.244.1.5
            """);
    Path flows =
        Files.writeString(
            folder.resolve("flows.tsv"),
            """
            src\tdst\tprotocol\tport
            shop/client\tshop/Service/db\tTCP\t5432
            """);
    add(
        DATABASE
            + SLICE.replace("- addresses: [ 192.0.2.7, 192.0.2.70 ]", "")
            + ONLY_CLIENTS_ON_8080);
    Run run =
        Run.of(
            "eval", "--engine=all", "--flows=" + flows, "--pods=" + pods, folder.toString(), "-q");
    assertThat(run.out().lines().skip(1))
        .containsExactly(
            "shop/client\tshop/Service/db\tTCP\t5432\tallow\tdeny\tdeny\t"
                + folder.resolve("b.yaml")
                + ":20:3");
  }

  @Test
  void whatTheConfigurationAssumesIsAnEnd() throws IOException {
    Files.writeString(
        folder.resolve(".kubeproof.yaml"),
        """
        version: 1
        assume:
          services: [monitoring/prometheus, shop/web]
          workloads:
            - { namespace: shop, labels: { app: web, tier: c }, createdBy: Redis/cache }
            - { namespace: monitoring, labels: { app: prometheus, team: obs } }
            - { namespace: shop, labels: { app: other }, createdBy: client }
        """);
    add(SERVICE.replace("targetPort: http", "targetPort: 8080") + ONLY_CLIENTS_ON_8080);
    assertThat(through())
        .containsExactly(
            "Pod shop/client,Pod shop/web-1,8080/TCP,Service shop/web 80/TCP",
            "Pod shop/client,Pod shop/web-2,8080/TCP,Service shop/web 80/TCP",
            "Pod shop/client,Pod shop/Redis/cache,8080/TCP,Service shop/web 80/TCP");
    assertThat(Run.of("why", "shop/client", "shop/Redis/cache", folder.toString()).out())
        .startsWith(
            "Pod shop/client -> Pod shop/Redis/cache: allowed on 8080/TCP, blocked on every other"
                + " port\n");
    // there may be several pods of it, and the input says what shop/client is
    assertThat(Run.of("why", "shop/Redis/cache", "shop/Redis/cache", folder.toString()).out())
        .startsWith("Pod shop/Redis/cache -> Pod shop/Redis/cache: blocked on every port\n");
    assertThat(
            Run.of(
                    "reach",
                    folder.toString(),
                    "--from=monitoring/app=prometheus,team=obs",
                    "--to=shop/client",
                    "-f=csv")
                .out()
                .lines()
                .skip(1))
        .containsExactly("\"Pod monitoring/app=prometheus,team=obs\",Pod shop/client,every port,,");
    assertThat(Run.of("why", "shop/client", "Service/monitoring/prometheus", folder.toString()))
        .isEqualTo(
            new Run(
                2,
                "",
                "kubeproof: Service/monitoring/prometheus leads to no pod: it is assumed to exist,"
                    + " and nothing is known of what is behind it\n"));
  }

  @Test
  void anExternalNameOfAServiceIsFollowed() throws IOException {
    String other =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: other, namespace: away }
        spec: { type: ExternalName, externalName: WEB.shop.svc.cluster.local., ports: [ { port: 1 } ] }
        ---
        """;
    String third =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: third, namespace: away }
        spec: { type: ExternalName, externalName: other.away.svc.cluster.local }
        ---
        """;
    add(third + other + SERVICE + ONLY_CLIENTS_ON_8080);
    for (String name : List.of("other", "third")) {
      assertThat(through("--to=Service/away/" + name))
          .containsExactly(
              "Pod shop/client,Pod shop/web-1,8080/TCP,Service away/%s (Service shop/web 80/TCP)"
                  .formatted(name));
    }
    assertThat(through("--from=Service/away/third", "--to=shop/web-1")).isEmpty();
    assertThat(Run.of("why", "shop/client", "Service/away/third", "80", folder.toString()).out())
        .startsWith(
            "allowed: Pod shop/client -> Pod shop/web-1 8080/TCP, through Service away/third"
                + " (Service shop/web 80/TCP)\n");
    // names of another cluster, and such that go round in circles, lead nowhere
    Run elsewhere =
        Run.of("reach", folder.toString(), "--to=Service/away/third", "--cluster-domain=k8s.test");
    assertThat(elsewhere.err()).contains("it is another name of other.away.svc.cluster.local");
    add(third + other.replace("WEB.shop", "third.away"));
    assertThat(Run.of("reach", folder.toString(), "--to=Service/away/third").code()).isEqualTo(2);
  }

  @Test
  void whatHasNoPodsCountsForNoneAndIsSaid() throws IOException {
    String template =
        "template: { metadata: { labels: { app: gone } }, spec: { restartPolicy: Never, containers:"
            + " [ { name: c, image: i } ] } }";
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put(
        "apps/v1 Deployment { replicas: 0, selector: { matchLabels: { app: gone } }, "
            + template
            + " }",
        "is scaled to zero");
    reasons.put("batch/v1 Job { parallelism: 0, " + template + " }", "is scaled to zero");
    reasons.put("batch/v1 Job { suspend: true, " + template + " }", "is suspended");
    for (String end : List.of("Complete", "Failed")) {
      reasons.put(
          "batch/v1 Job { "
              + template
              + " }\nstatus: { conditions: [ { type: "
              + end
              + ", status: \"True\" } ] }",
          "has ended");
    }
    for (String end : List.of("Succeeded", "Failed")) {
      reasons.put(
          "v1 Pod { containers: [ { name: c, image: i } ] }\nstatus: { phase: " + end + " }",
          "has ended");
    }
    reasons.put(
        "kubevirt.io/v1 VirtualMachine { runStrategy: Halted, template: { metadata: { labels: { app:"
            + " gone } }, spec: { domain: { devices: {} } } } }",
        "is halted");
    String service = SERVICE.replace("{ app: web }", "{ app: gone }").replace("http", "80");
    Path flows = folder.resolve("flows.tsv");
    for (Map.Entry<String, String> each : reasons.entrySet()) {
      String[] words = each.getKey().split(" ", 3);
      add(
          service
              + "apiVersion: %s\nkind: %s\nmetadata: { name: gone, namespace: shop, labels: { app: gone } }\nspec: %s\n"
                  .formatted((Object[]) words));
      String kind = words[1];
      Run all = Run.of("reach", folder.toString(), "-f=csv");
      assertThat(all.out()).as(each.getKey()).contains("Pod shop/web-1").doesNotContain("gone");
      String said = kind + " shop/gone has no pods: it " + each.getValue() + "\n";
      String name = kind + "/shop/gone";
      assertThat(Run.of("reach", folder.toString(), "--from=" + name))
          .isEqualTo(new Run(2, "", "kubeproof: " + said));
      assertThat(Run.of("why", name, "shop/web-1", folder.toString()))
          .isEqualTo(new Run(2, "", "kubeproof: " + said));
      Files.writeString(flows, "src\tdst\tprotocol\tport\nshop/web-1\t" + name + "\tTCP\t80\n");
      assertThat(Run.of("eval", "--flows=" + flows, folder.toString()).err()).endsWith(": " + said);
      assertThat(Run.of("why", "shop/web-1", "Service/shop/web", folder.toString()).err())
          .endsWith(" leads to no pod: " + kind + " shop/gone " + each.getValue() + "\n");
    }
  }

  @Test
  void whatRunsOrStartsAgainHasPods() throws IOException {
    String job =
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: { name: runs, namespace: shop }
        spec:
          suspend: true
          schedule: "* * * * *"
          jobTemplate:
            spec: { template: { spec: { restartPolicy: Never, containers: [ { name: c, image: i } ] } } }
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: { name: runs, namespace: shop }
        spec: { template: { spec: { restartPolicy: Never, containers: [ { name: c, image: i } ] } } }
        status: { conditions: [ { type: Complete, status: "False" }, { type: Suspended, status: "True" } ] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: runs, namespace: shop }
        spec: { containers: [ { name: c, image: i } ] }
        status: { phase: Running }
        """;
    add(job);
    assertThat(Run.of("reach", folder.toString(), "-f=csv", "--to=shop/web-1").out())
        .contains("CronJob shop/runs,", "Job shop/runs,", "Pod shop/runs,");
  }

  private String why(String... words) {
    List<String> arguments = new ArrayList<>(List.of("why"));
    arguments.addAll(List.of(words));
    arguments.add(folder.toString());
    Run run = Run.of(arguments.toArray(String[]::new));
    return run.out().isEmpty()
        ? run.err().strip().replace("kubeproof: ", "")
        : run.out().lines().findFirst().orElseThrow();
  }

  @Test
  void theNameOfAHeadlessServiceLeadsToEveryPortOfItsPods() throws IOException {
    String headless =
        SERVICE.replace("selector: { app: web }", "clusterIP: None, selector: { tier: a }");
    String alias =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: alias, namespace: away }
        spec: { type: ExternalName, externalName: web.shop.svc.cluster.local }
        ---
        """;
    Path flows = folder.resolve("flows.tsv");
    Files.writeString(
        flows,
        """
        src\tdst\tprotocol\tport
        shop/client\tshop/Service/web\tTCP\t8080
        shop/client\tshop/Service/web\tTCP\t8081
        """);
    for (String ports : List.of("ports: [ { port: 80, targetPort: http } ]", "ports: []")) {
      add(
          alias
              + headless.replace("ports: [ { port: 80, targetPort: http } ]", ports)
              + ONLY_CLIENTS_ON_8080);
      assertThat(why("shop/client", "Service/shop/web", "8080"))
          .isEqualTo(
              "allowed: Pod shop/client -> Pod shop/web-1 8080/TCP, through Service shop/web"
                  + " 8080/TCP");
      assertThat(why("shop/client", "Service/shop/web", "53/UDP")).startsWith("blocked: ");
      assertThat(why("shop/client", "Service/away/alias", "8080"))
          .endsWith("through Service away/alias (Service shop/web 8080/TCP)");
      Run eval = Run.of("eval", "--engine=all", "--flows=" + flows, folder.toString());
      assertThat(eval.out().lines().skip(1).map(line -> line.split("\t", -1)[6]))
          .containsExactly("allow", "deny");
      assertThat(through("--to=shop/web-1")).isEmpty();
      assertThat(proved("allow from Pod/shop/client to Service/shop/web port 8080")).isTrue();
      assertThat(proved("allow from Pod/shop/client to Service/shop/web port 8081")).isFalse();
      assertThat(proved("deny from Pod/shop/client to Service/shop/web")).isFalse();
      assertThat(proved("allow from Service/shop/web to Pod/shop/client")).isTrue();
      assertThat(
              Run.of("reach", folder.toString(), "--from=Service/shop/web", "--to=shop/client")
                  .out())
          .startsWith("Pod shop/web-1\n  -> Pod shop/client\n");
    }
    String none = "Service/shop/web declares no port: name one, or its pods";
    assertThat(why("shop/client", "Service/shop/web")).isEqualTo(none);
    assertThat(Run.of("reach", folder.toString(), "--to=Service/shop/web"))
        .isEqualTo(new Run(2, "", "kubeproof: " + none + "\n"));
    // others lead to the ports that they declare
    add(SERVICE + ONLY_CLIENTS_ON_8080);
    assertThat(why("shop/client", "Service/shop/web", "8080"))
        .isEqualTo("Service shop/web has no port 8080/TCP; it has 80/TCP");
  }

  private boolean proved(String intent) {
    Run run = Run.of("prove", "--intent=" + intent, folder.toString());
    assertThat(run.err()).isEmpty();
    return run.code() == 0;
  }

  @Test
  void whatIsAllowedToAHeadlessServiceIsItsDeclaredPorts() throws IOException {
    add(
        SERVICE.replace(
                "selector: { app: web }, ports: [ { port: 80, targetPort: http } ]",
                "clusterIP: None, selector: { app: web }, ports: [ { port: 8080 } ]")
            + ONLY_CLIENTS_ON_8080);
    assertThat(proved("allow from Pod/shop/client to Service/shop/web")).isTrue();
    assertThat(proved("deny from Pod/shop/client to Service/shop/web port 8080")).isFalse();
    assertThat(proved("deny from Pod/shop/client to Service/shop/web port 8081")).isTrue();
  }

  @Test
  void podsWithoutANameAreToldApart() throws IOException {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: { generateName: %s, namespace: shop, labels: { app: %s } }
        spec: { containers: [ { name: c, image: i } ] }
        ---
        """;
    add(
        pod.formatted("job-", "client")
            + pod.formatted("two-", "client")
            + pod.formatted("two-", "other")
            + ONLY_CLIENTS_ON_8080);
    List<String> sources =
        Run.of("reach", folder.toString(), "-f=csv", "--to=shop/web-1", "--port=8080")
            .out()
            .lines()
            .skip(1)
            .map(line -> line.split(",", 2)[0])
            .toList();
    assertThat(sources).containsExactly("Pod shop/client", "Pod shop/job-*", "Pod shop/two-*#1");
    assertThat(why("shop/job-*", "shop/web-1", "8080"))
        .isEqualTo("allowed: Pod shop/job-* -> Pod shop/web-1 8080/TCP");
    assertThat(why("shop/two-*#1", "shop/web-1", "8080"))
        .startsWith("allowed: Pod shop/two-*#1 ->");
    assertThat(why("Pod/shop/two-*#2", "shop/web-1", "8080"))
        .startsWith("blocked: Pod shop/two-*#2 ->");
    for (String name : List.of("shop/two-*", "Pod/shop/two-*", "shop/Pod/two-*")) {
      assertThat(why(name, "shop/web-1", "8080"))
          .isEqualTo(name + " means several: name one of them, as shop/two-*#1, shop/two-*#2");
    }
  }

  @Test
  void whyAPortLeadsNowhereIsSaid() throws IOException {
    String named = SERVICE.replace("{ port: 80, targetPort: http }", "%s");
    add(
        named.formatted(
            "{ name: a, port: 80, targetPort: http },"
                + " { name: b, port: 90, targetPort: http, protocol: UDP }"));
    assertThat(why("shop/client", "Service/shop/web", "90/UDP"))
        .isEqualTo(
            "Service shop/web leads to no pod on 90/UDP: none of its pods has a port named http for"
                + " UDP");
    Path flows = folder.resolve("flows.tsv");
    Files.writeString(flows, "src\tdst\tprotocol\tport\nshop/client\tService/shop/web\tUDP\t90\n");
    assertThat(Run.of("eval", "--flows=" + flows, folder.toString()).err())
        .endsWith("none of its pods has a port named http for UDP\n");
    assertThat(why("shop/client", "Service/shop/web", "90"))
        .isEqualTo("Service shop/web has no port 90/TCP; it has 80/TCP");
    add(SERVICE.replace("selector:", "type: NodePort, selector:"));
    assertThat(why("192.0.2.1", "Service/shop/web", "80"))
        .isEqualTo(
            "Service shop/web has no port 80/TCP for addresses outside; it has a node port that the"
                + " cluster chooses");
    add(
        SERVICE
            .replace(
                "selector:",
                "type: LoadBalancer, loadBalancerSourceRanges: [ 192.0.2.0/24, 2001:db8::/32 ],"
                    + " selector:")
            .replace("targetPort: http", "targetPort: http, nodePort: 30080"));
    assertThat(why("198.51.100.1", "Service/shop/web", "80"))
        .isEqualTo(
            "load balancer 80/TCP of Service shop/web lets in only 192.0.2.0/24, 2001:db8::/32"
                + " (loadBalancerSourceRanges)");
    assertThat(why("198.51.100.1", "Service/shop/web", "30080"))
        .startsWith("allowed: any node -> Pod shop/web-1 8080/TCP, through node port 30080/TCP");
    assertThat(why("192.0.2.1", "Service/shop/web", "80")).startsWith("allowed: any node ->");
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
            "-\t-\terror\tthere is no way for 192.0.2.1 to Service shop/web",
            "-\t-\terror\tService shop/web cannot be asked about on port 8080/TCP; it has 80/TCP");
    assertThat(run.code()).isEqualTo(2);
  }

  private List<String> toWeb(String... sources) throws IOException {
    Path flows = folder.resolve("flows.tsv");
    StringBuilder table = new StringBuilder("src\tdst\tprotocol\tport\n");
    for (String source : sources) {
      String[] cells = source.split(" ", 2);
      table.append(cells[0] + "\tshop/Service/web\tTCP\t" + cells[1] + "\n");
    }
    Files.writeString(flows, table.toString());
    return Run.of("eval", "--engine=all", "--flows=" + flows, folder.toString())
        .out()
        .lines()
        .skip(1)
        .map(line -> line.split("\t", 7)[6])
        .toList();
  }

  /** All of IPv4 but one block, at every port. */
  private static final String NOT_FROM_203 =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: web } }
        ingress: [ { from: [ { ipBlock: { cidr: 0.0.0.0/0, except: [ 203.0.113.0/24 ] } } ] } ]
      """;

  @Test
  void evalKnowsTheWaysInFromOutside() throws IOException {
    String open =
        SERVICE
            .replace(
                "selector:",
                "type: LoadBalancer, loadBalancerSourceRanges: [ 203.0.113.0/24 ], selector:")
            .replace("targetPort: http", "targetPort: http, nodePort: 30080");
    add(open + NOT_FROM_203);
    String decides = folder.resolve("b.yaml") + ":11:16";
    // a node puts its own address in place of the client's
    assertThat(toWeb("203.0.113.5 80", "203.0.113.5 30080", "192.0.2.1 80"))
        .containsExactly(
            "allow\t" + decides,
            "allow\t" + decides,
            "error\tService shop/web cannot be asked about on port 80/TCP; it has 30080/TCP");
    add(open.replace("type:", "externalTrafficPolicy: Local, type:") + NOT_FROM_203);
    assertThat(toWeb("203.0.113.5 80", "192.0.2.1 30080"))
        .containsExactly("deny\t" + folder.resolve("b.yaml") + ":10:3", "allow\t" + decides);
    add(SERVICE + NOT_FROM_203);
    assertThat(toWeb("192.0.2.1 80"))
        .containsExactly("error\tthere is no way for 192.0.2.1 to Service shop/web");
  }
}
