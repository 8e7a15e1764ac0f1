package io.github.kubeproof.core.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.proof.Exposure;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.reach.FrontDiff.Change;
import io.github.kubeproof.core.reach.FrontDiff.Passage;
import io.github.kubeproof.core.reach.FrontDiff.Side;
import io.github.kubeproof.core.reach.FrontDiff.Sort;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FrontDiffTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: client, namespace: shop, labels: { app: client } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 8080 } ] } ] }
      ---
      """;

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: { name: web, namespace: shop }
      spec:
        selector: { app: web }
        ports:
          - { port: 80, targetPort: http }
      ---
      """;

  private static final String BALANCED =
      SERVICE.replace(
          "spec:", "spec:\n  type: LoadBalancer\n  allocateLoadBalancerNodePorts: false");

  private static final String INGRESS =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: { name: web, namespace: shop }
      spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
      ---
      """;

  private static String policy(String from) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec: { podSelector: { matchLabels: { app: web } }, ingress: [ { from: [ %s ] } ] }
        ---
        """
        .formatted(from);
  }

  private static final String ONLY_CLIENTS =
      policy("{ podSelector: { matchLabels: { app: client } } }");
  private static final String ONLY_AN_OFFICE = policy("{ ipBlock: { cidr: 192.0.2.0/24 } }");
  private static final String NOBODY =
      policy(
          "{ podSelector: { matchExpressions: [ { key: a, operator: In, values: [ b ] },"
              + " { key: a, operator: DoesNotExist } ] } }");

  @BeforeAll
  static void theSolverIsThere() {
    assertThat(Natives.load()).isEqualTo(new Natives.Loading.Loaded());
  }

  private static Inventory inventory(String name, String yaml) {
    return Inventory.of(
        new YamlReader(Limits.DEFAULT).read(new Source(name, yaml)), Settings.DEFAULT, 1);
  }

  /** What opens one way closes the other way. */
  private static FrontDiff diff(String before, String after) {
    FrontDiff diff = between(before, after);
    FrontDiff back = between(after, before);
    assertThat(passages(diff, true)).containsExactlyInAnyOrderElementsOf(passages(back, false));
    assertThat(passages(diff, false)).containsExactlyInAnyOrderElementsOf(passages(back, true));
    assertThat(diff.count()).isEqualTo(back.count());
    assertThat(diff.isEqual()).isEqualTo(back.isEqual());
    return diff;
  }

  private static List<String> passages(FrontDiff diff, boolean opened) {
    return diff.changes().stream()
        .flatMap(change -> change.passages().stream())
        .filter(passage -> passage.opened() == opened)
        .map(passage -> passage.front() + said(passage).substring(1))
        .toList();
  }

  private static FrontDiff between(String before, String after) {
    Inventory then = inventory("old.yaml", before);
    Inventory now = inventory("new.yaml", after);
    Enforcement by = Enforcement.of(then, Blocks.OUTSIDE_ONLY);
    Enforcement byNow = Enforcement.of(now, Blocks.OUTSIDE_ONLY);
    try (Exposure others = new Exposure(then, by, Questions.UNWRITTEN);
        Exposure othersNow = new Exposure(now, byNow, Questions.UNWRITTEN)) {
      return FrontDiff.between(
          new Side(then, by, others::mayBeReached), new Side(now, byNow, othersNow::mayBeReached));
    }
  }

  private static Change only(FrontDiff diff) {
    assertThat(diff.changes()).hasSize(1);
    return diff.changes().get(0);
  }

  private static List<String> told(FrontDiff diff) {
    return diff.changes().stream()
        .map(change -> change.front() + ": " + change.sort() + ": " + change.what())
        .toList();
  }

  /** {@code + 10.0.0.0/8 -> Pod a 80}, for each that opened, and the same with a minus. */
  private static List<String> passages(Change change) {
    return change.passages().stream().map(FrontDiffTest::said).toList();
  }

  private static String said(Passage passage) {
    return (passage.opened() ? "+ " : "- ")
        + passage.clients().known()
        + passage.clients().addresses()
        + " -> "
        + passage.to()
        + " "
        + passage.port();
  }

  @Test
  void theSameInAnotherOrderUnderOtherPoliciesIsEqual() {
    FrontDiff diff = diff(PODS + SERVICE + INGRESS + ONLY_CLIENTS, INGRESS + SERVICE + PODS);
    assertThat(diff.isEqual()).isTrue();
    assertThat(diff.count()).isEqualTo(2);
    assertThat(diff.opens() || diff.closes()).isFalse();
  }

  @Test
  void anotherTargetPortOpensAndClosesWhereNoPolicySpeaks() {
    FrontDiff diff = diff(PODS + SERVICE, PODS + SERVICE.replace("http", "9999"));
    Change change = only(diff);
    assertThat(told(diff))
        .containsExactly(
            "Service shop/web 80/TCP: CHANGED: leads to port 9999 of Deployment shop/web instead of"
                + " port 8080 of Deployment shop/web");
    assertThat(passages(change))
        .containsExactly(
            "+ [Pod shop/client][] -> Deployment shop/web 9999",
            "- [Pod shop/client][] -> Deployment shop/web 8080");
    assertThat(change.before()).extracting(Place::toString).containsExactly("old.yaml:21:9");
    assertThat(change.after()).extracting(Place::toString).containsExactly("new.yaml:21:9");
  }

  @Test
  void whatPoliciesStopOnBothSidesOpensAndClosesNothing() {
    FrontDiff diff = diff(PODS + SERVICE + NOBODY, PODS + SERVICE.replace("http", "9999") + NOBODY);
    assertThat(only(diff).passages()).isEmpty();
    assertThat(only(diff).undecided()).isFalse();
    assertThat(diff.isEqual()).isFalse();
  }

  @Test
  void aNameThatNoPodHasLeadsNowhere() {
    FrontDiff diff = diff(PODS + SERVICE, PODS + SERVICE.replace("http", "https"));
    assertThat(told(diff))
        .containsExactly(
            "Service shop/web 80/TCP: REMOVED: leads nowhere now, and led to port 8080 of"
                + " Deployment shop/web");
    assertThat(only(diff).after()).extracting(Place::toString).containsExactly("new.yaml:21:9");
    assertThat(diff.closes()).isTrue();
    assertThat(diff.opens()).isFalse();
    FrontDiff back = diff(PODS + SERVICE.replace("http", "https"), PODS + SERVICE);
    assertThat(told(back))
        .containsExactly(
            "Service shop/web 80/TCP: ADDED: leads to port 8080 of Deployment shop/web, and led"
                + " nowhere before");
    assertThat(back.opens()).isTrue();
    assertThat(back.closes()).isFalse();
  }

  @Test
  void podsThatTheInputDoesNotShowAreClientsToo() {
    String alone = PODS.substring(PODS.indexOf("---") + 4).replace("Deployment", "StatefulSet");
    FrontDiff diff = diff(alone, alone + SERVICE + policy("{ podSelector: {} }"));
    // replicas of the one workload are clients of each other
    assertThat(passages(only(diff)))
        .containsExactly("+ [StatefulSet shop/web][] -> StatefulSet shop/web 8080");
    FrontDiff others = diff(alone, alone + SERVICE + ONLY_CLIENTS);
    assertThat(passages(only(others)))
        .containsExactly("+ [" + Arrivals.A_CONTROLLER + "][] -> StatefulSet shop/web 8080");
    assertThat(passages(only(diff(alone, alone + SERVICE + NOBODY)))).isEmpty();
  }

  @Test
  void whatNobodyKnowsIsUndecided() {
    String alone = PODS.substring(PODS.indexOf("---") + 4);
    Inventory then = inventory("old.yaml", alone + ONLY_CLIENTS);
    Inventory now = inventory("new.yaml", alone + ONLY_CLIENTS + SERVICE);
    Enforcement enforcement = Enforcement.of(now, Blocks.OUTSIDE_ONLY);
    FrontDiff diff =
        FrontDiff.between(
            new Side(then, enforcement, (pod, protocol, port) -> Optional.empty()),
            new Side(now, enforcement, (pod, protocol, port) -> Optional.empty()));
    assertThat(only(diff).undecided()).isTrue();
    assertThat(only(diff).passages()).isEmpty();
  }

  @Test
  void aLoadBalancerIsTwoWaysInAndPoliciesSayForWhom() {
    String balanced = SERVICE.replace("spec:", "spec:\n  type: LoadBalancer");
    FrontDiff diff = diff(PODS + SERVICE, PODS + balanced);
    assertThat(told(diff))
        .containsExactly(
            "load balancer 80/TCP of Service shop/web: ADDED: leads to port 8080 of Deployment"
                + " shop/web",
            "node port of Service shop/web: ADDED: leads to port 8080 of Deployment shop/web");
    assertThat(diff.changes())
        .allSatisfy(
            change ->
                assertThat(passages(change))
                    .containsExactly("+ [][0.0.0.0/0, ::/0] -> Deployment shop/web 8080"));
    FrontDiff guarded = diff(PODS + SERVICE + ONLY_CLIENTS, PODS + balanced + ONLY_CLIENTS);
    assertThat(guarded.changes()).hasSize(2).allMatch(change -> change.passages().isEmpty());
    assertThat(guarded.opens()).isFalse();
    FrontDiff back = diff(PODS + balanced, PODS + SERVICE);
    assertThat(back.changes()).hasSize(2).allMatch(change -> change.sort().equals(Sort.REMOVED));
    assertThat(back.closes()).isTrue();
  }

  @Test
  void whoGetsInBehindANodeOfWhichNobodyKnowsTheAddressIsUndecided() {
    String office = policy("{ ipBlock: { cidr: 192.168.7.0/24 } }");
    FrontDiff diff = diff(PODS + SERVICE + office, PODS + BALANCED + office);
    assertThat(diff.changes())
        .singleElement()
        .satisfies(change -> assertThat(change.undecided()).isTrue())
        .satisfies(change -> assertThat(change.passages()).isEmpty());
    // whatever address it has, one of the halves holds it
    String halves = policy("{ ipBlock: { cidr: 0.0.0.0/1 } }, { ipBlock: { cidr: 128.0.0.0/1 } }");
    FrontDiff open = diff(PODS + SERVICE + halves, PODS + BALANCED + halves);
    assertThat(open.opens()).isTrue();
    assertThat(open.changes()).noneMatch(Change::undecided);
  }

  @Test
  void aGrantThatOpensARouteIsAChangeThatNobodyCanJudge() {
    String route =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: r, namespace: front }
        spec:
          parentRefs: [ { name: gw } ]
          rules: [ { backendRefs: [ { name: web, namespace: shop, port: 80 } ] } ]
        ---
        """;
    String grant =
        """
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: ReferenceGrant
        metadata: { name: g, namespace: shop }
        spec:
          from: [ { group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: front } ]
          to: [ { group: "", kind: Service } ]
        ---
        """;
    FrontDiff diff = diff(PODS + SERVICE + route, PODS + SERVICE + route + grant);
    assertThat(diff.changes())
        .singleElement()
        .satisfies(change -> assertThat(change.what()).startsWith("leads there for sure (before: "))
        .satisfies(change -> assertThat(change.undecided()).isTrue());
    assertThat(diff(PODS + SERVICE + route, PODS + SERVICE + route).isEqual()).isTrue();
  }

  @Test
  void aMeshRouteOfAnotherNamespaceHasOtherClients() {
    String route =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: r, namespace: shop }
        spec:
          parentRefs: [ { group: "", kind: Service, name: web, namespace: NAMESPACE } ]
          rules: [ { backendRefs: [ { name: web, port: 80 } ] } ]
        ---
        """;
    FrontDiff diff =
        diff(
            PODS + SERVICE + route.replace("NAMESPACE", "shop"),
            PODS + SERVICE + route.replace("NAMESPACE", "other"));
    assertThat(told(diff))
        .containsExactly(
            "HTTPRoute shop/r (Service shop/web 80/TCP): CHANGED: is for clients of namespace shop"
                + " instead of every namespace");
  }

  @Test
  void sourceRangesOpenAndCloseWhatOnlyOneOfThemHolds() {
    String some = BALANCED.replace("spec:", "spec:\n  loadBalancerSourceRanges: [ 10.0.0.0/9 ]");
    FrontDiff diff =
        diff(PODS + some, PODS + some.replace("10.0.0.0/9", "10.0.0.0/8, 10.1.0.0/16"));
    assertThat(told(diff))
        .containsExactly(
            "load balancer 80/TCP of Service shop/web: CHANGED: lets in 10.0.0.0/8 instead of"
                + " 10.0.0.0/9");
    assertThat(passages(only(diff)))
        .containsExactly("+ [][10.128.0.0/9] -> Deployment shop/web 8080");
    assertThat(passages(only(diff(PODS + BALANCED, PODS + some))))
        .containsExactly(
            "- [][0.0.0.0-9.255.255.255, 10.128.0.0-255.255.255.255, ::/0] -> Deployment shop/web"
                + " 8080");
    String split = some.replace("10.0.0.0/9", "10.64.0.0/10, 10.0.0.0/10");
    assertThat(diff(PODS + some, PODS + split).isEqual()).isTrue();
  }

  @Test
  void whereANodeStepsBackPoliciesSeeTheClients() {
    String local = BALANCED.replace("spec:", "spec:\n  externalTrafficPolicy: Local");
    FrontDiff diff = diff(PODS + BALANCED + ONLY_AN_OFFICE, PODS + local + ONLY_AN_OFFICE);
    assertThat(told(diff))
        .containsExactly(
            "load balancer 80/TCP of Service shop/web: CHANGED: policies see its clients instead of"
                + " a node");
    assertThat(passages(only(diff)))
        .containsExactly("+ [][192.0.2.0/24] -> Deployment shop/web 8080");
    // the address of the node may be one of a private network
    String inside = policy("{ ipBlock: { cidr: 10.0.0.0/8 } }");
    FrontDiff unknown = diff(PODS + BALANCED + inside, PODS + local + inside);
    assertThat(only(unknown).undecided()).isTrue();
    assertThat(passages(only(unknown))).isEmpty();
    FrontDiff open = diff(PODS + local, PODS + BALANCED);
    assertThat(only(open).what()).isEqualTo("policies see a node instead of its clients");
    assertThat(passages(only(open))).isEmpty();
  }

  @Test
  void aWorkloadThatIsCalledOtherwiseIsTheSame() {
    assertThat(
            diff(
                    PODS + SERVICE + INGRESS,
                    PODS.replace("name: web,", "name: shop-web,") + SERVICE + INGRESS)
                .isEqual())
        .isTrue();
    String other =
        PODS.replace("name: web,", "name: shop-web,").replace("app: web }", "app: web, v: b }");
    assertThat(told(diff(PODS + SERVICE, other + SERVICE)))
        .containsExactly(
            "Service shop/web 80/TCP: CHANGED: leads to port 8080 of Deployment shop/shop-web"
                + " instead of port 8080 of Deployment shop/web");
  }

  @Test
  void oneMorePodBehindAServiceIsTold() {
    String canary =
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: canary, namespace: shop, labels: { app: web } }
        spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 9090 } ] } ] }
        ---
        """;
    FrontDiff diff = diff(PODS + SERVICE, PODS + SERVICE + canary);
    assertThat(only(diff).what()).isEqualTo("leads to port 9090 of Pod shop/canary, too");
    assertThat(passages(only(diff)))
        .containsExactly("+ [Pod shop/client][] -> Pod shop/canary 9090");
    assertThat(only(diff(PODS + SERVICE + canary, PODS + SERVICE)).what())
        .isEqualTo("leads no longer to port 9090 of Pod shop/canary");
  }

  @Test
  void aNodePortMovesAndOneThatNobodyKnewMayBeTheSame() {
    String some = SERVICE.replace("spec:", "spec:\n  type: NodePort");
    String fixed = some.replace("port: 80,", "port: 80, nodePort: 30080,");
    FrontDiff moved = diff(PODS + fixed, PODS + fixed.replace("30080", "30081"));
    assertThat(told(moved))
        .containsExactly(
            "node port 30081/TCP of Service shop/web: ADDED: leads to port 8080 of Deployment"
                + " shop/web",
            "node port 30080/TCP of Service shop/web: REMOVED: led to port 8080 of Deployment"
                + " shop/web");
    FrontDiff pinned = diff(PODS + some, PODS + fixed);
    assertThat(only(pinned).what())
        .isEqualTo("its port is 30080 instead of one that the API server chooses");
    assertThat(only(pinned).passages()).isEmpty();
    assertThat(only(diff(PODS + fixed, PODS + some)).what())
        .isEqualTo("its port is one that the API server chooses instead of 30080");
  }

  @Test
  void portsThatTheApiServerChoosesAreToldApartByWhereTheyLead() {
    String two =
        SERVICE
            .replace("spec:", "spec:\n  type: NodePort")
            .replace(
                "- { port: 80,",
                "- { name: b, port: 81, targetPort: 81 }\n    - { name: a, port: 80,");
    String less = two.replace("- { name: b, port: 81, targetPort: 81 }\n", "");
    assertThat(told(diff(PODS + two, PODS + less)))
        .containsExactly(
            "Service shop/web 81/TCP: REMOVED: led to port 81 of Deployment shop/web",
            "node port of Service shop/web: REMOVED: led to port 81 of Deployment shop/web");
    FrontDiff gone = diff(PODS + two, PODS + SERVICE.replace("port: 80", "port: 79"));
    assertThat(gone.changes())
        .filteredOn(change -> change.front().toString().startsWith("node port"))
        .extracting(change -> change.before().toString())
        .containsExactly("[old.yaml:22:9]", "[old.yaml:23:9]");
  }

  @Test
  void nobodyTranslatesForAHeadlessService() {
    FrontDiff diff =
        diff(PODS + SERVICE, PODS + SERVICE.replace("spec:", "spec:\n  clusterIP: None"));
    assertThat(only(diff).what())
        .isEqualTo(
            "leads to port 80 of Deployment shop/web instead of port 8080 of Deployment shop/web");
  }

  @Test
  void externalAddressesAreWaysIn() {
    String one = SERVICE.replace("spec:", "spec:\n  externalIPs: [ 198.51.100.1 ]");
    assertThat(told(diff(PODS + SERVICE, PODS + one)))
        .containsExactly(
            "external address 80/TCP of Service shop/web: ADDED: leads to port 8080 of Deployment"
                + " shop/web");
    FrontDiff more =
        diff(PODS + one, PODS + one.replace("198.51.100.1", "198.51.100.1, 198.51.100.2"));
    assertThat(only(more).what())
        .isEqualTo("its addresses are 198.51.100.1, 198.51.100.2 instead of 198.51.100.1");
    assertThat(more.opens()).isTrue();
    assertThat(more.closes()).isFalse();
  }

  @Test
  void anIngressIsAFrontOfItsOwn() {
    FrontDiff diff = diff(PODS + SERVICE, PODS + SERVICE + INGRESS);
    assertThat(told(diff))
        .containsExactly(
            "Ingress shop/web (Service shop/web 80/TCP): ADDED: leads to port 8080 of Deployment"
                + " shop/web");
    assertThat(passages(only(diff)))
        .containsExactly("+ [ingress-controller][] -> Deployment shop/web 8080");
    assertThat(only(diff).before()).isEmpty();
    assertThat(only(diff).after()).extracting(Place::toString).containsExactly("new.yaml:26:44");
  }

  @Test
  void anotherServiceBehindARouteIsAnotherFront() {
    String other = SERVICE.replace("name: web,", "name: web-2,");
    FrontDiff diff =
        diff(
            PODS + SERVICE + other + INGRESS,
            PODS + SERVICE + other + INGRESS.replace("name: web, port", "name: web-2, port"));
    assertThat(diff.changes())
        .extracting(change -> change.front().toString())
        .containsExactly(
            "Ingress shop/web (Service shop/web-2 80/TCP)",
            "Ingress shop/web (Service shop/web 80/TCP)");
  }

  @Test
  void anotherNameMayLeadElsewhere() {
    String named =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: shop, namespace: shop }
        spec: { type: ExternalName, externalName: web.shop.svc.cluster.local }
        ---
        """;
    String other = SERVICE.replace("name: web,", "name: web-2,").replace("http", "9090");
    FrontDiff diff =
        diff(
            PODS + SERVICE + other + named,
            PODS + SERVICE + other + named.replace("web.shop", "web-2.shop"));
    assertThat(only(diff).front()).hasToString("Service shop/shop (Service shop/web-2 80/TCP)");
    assertThat(only(diff).what())
        .isEqualTo(
            "leads to port 9090 of Deployment shop/web instead of port 8080 of Deployment shop/web");
    assertThat(only(diff).after()).extracting(Place::toString).containsExactly("new.yaml:34:43");
  }

  @Test
  void whatLeadsNowhereOnBothSidesAndDiffersIsADoubt() {
    String hidden = SERVICE.replace("app: web", "app: made-by-an-operator");
    FrontDiff diff =
        diff(PODS + hidden, PODS + hidden.replace("spec:", "spec:\n  type: LoadBalancer"));
    assertThat(diff.changes()).isEmpty();
    assertThat(diff.isEqual()).isFalse();
    assertThat(diff.doubts())
        .extracting(doubt -> doubt.place() + " " + doubt.why())
        .containsExactly(
            "new.yaml:15:1 Service shop/web has changed, and nothing of the input is known to be"
                + " behind it");
    assertThat(diff(PODS + hidden, PODS).doubts())
        .extracting(FrontDiff.Doubt::why)
        .containsExactly(
            "Service shop/web is only before, and nothing of the input is known to be behind it");
    assertThat(diff(PODS + hidden, hidden + PODS).isEqual()).isTrue();
  }

  private static final String CONTROLLER =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: controller, namespace: edge }
      spec:
        selector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }
        template:
          metadata: { labels: { app.kubernetes.io/name: ingress-nginx } }
          spec: { containers: [ { name: c, image: registry.k8s.io/ingress-nginx/controller:v1 } ] }
      ---
      """;

  @Test
  void anotherControllerMattersWhereOnlyOneOfThemGetsThrough() {
    assertThat(diff(PODS + SERVICE + INGRESS, PODS + SERVICE + INGRESS + CONTROLLER).isEqual())
        .isTrue();
    // some pod of the namespace could be the controller; the one that there is cannot
    String here = policy("{ podSelector: {} }");
    FrontDiff diff =
        diff(PODS + SERVICE + INGRESS + here, PODS + SERVICE + INGRESS + here + CONTROLLER);
    assertThat(told(diff))
        .containsExactly(
            "Ingress shop/web (Service shop/web 80/TCP): CHANGED: is forwarded by Deployment"
                + " edge/controller instead of a controller that the input does not show");
    assertThat(passages(only(diff)))
        .containsExactly("- [ingress-controller][] -> Deployment shop/web 8080");
  }

  @Test
  void endpointsByHandAreWhereAServiceLeads() {
    String byHand =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: bank, namespace: shop }
        spec: { ports: [ { port: 443 } ] }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: bank-1
          namespace: shop
          labels: { kubernetes.io/service-name: bank }
        addressType: IPv4
        ports: [ { name: "", port: 8443 } ]
        endpoints: [ { addresses: [ 203.0.113.7 ] } ]
        ---
        """;
    FrontDiff diff = diff(PODS + byHand, PODS + byHand.replace("113.7", "113.8"));
    assertThat(only(diff).what())
        .isEqualTo("leads to port 8443 of 203.0.113.8 instead of port 8443 of 203.0.113.7");
    assertThat(passages(only(diff)))
        .containsExactly(
            "+ [Pod shop/client][] -> 203.0.113.8 8443",
            "- [Pod shop/client][] -> 203.0.113.7 8443");
  }

  @Test
  void aClientIsNotThePodItself() {
    String twin = PODS.substring(0, PODS.indexOf("---") + 4).replace("client", "twin");
    String service =
        SERVICE
            .replace("name: web,", "name: twin,")
            .replace("app: web", "app: twin")
            .replace("http", "1");
    String pods = twin + PODS.substring(0, PODS.indexOf("---") + 4);
    assertThat(passages(only(diff(pods, pods + service))))
        .containsExactly("+ [Pod shop/client][] -> Pod shop/twin 1");
  }

  @Test
  void theTargetThatOpensIsNamedAndNotItsTwin() {
    String twin = PODS.substring(PODS.indexOf("---") + 4);
    String pods =
        twin.replace("name: web,", "name: a,").replace("app: web }", "app: web, v: a }") + twin;
    String local = BALANCED.replace("spec:", "spec:\n  externalTrafficPolicy: Local");
    String office = ONLY_AN_OFFICE.replace("from:", "ports: [ { port: 8080 } ], from:");
    FrontDiff diff =
        diff(
            pods
                + local
                + office
                + office
                    .replace("name: web,", "name: b,")
                    .replace("web }", "web, v: a }")
                    .replace("192.0.2", "198.51.100"),
            pods
                + local.replace("spec:", "spec:\n  loadBalancerSourceRanges: [ 198.51.100.0/24 ]"));
    assertThat(passages(only(diff)))
        .containsExactly(
            "+ [][198.51.100.0/24] -> Deployment shop/web 8080",
            "- [][192.0.2.0/24] -> Deployment shop/a 8080");
  }

  @Test
  void objectsWhoseNamesAreGeneratedAreToldToo() {
    String generated = SERVICE.replace("name: web,", "generateName: web-,");
    Change change = only(diff(PODS, PODS + generated));
    assertThat(change.after()).extracting(Place::toString).containsExactly("new.yaml:21:9");
    assertThat(change.before()).isEmpty();
  }
}
