package io.github.kubeproof.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.lint.Note;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.testkit.Case;
import io.github.kubeproof.rules.dns.EgressWithoutDns;
import io.github.kubeproof.rules.ingress.InvalidIngress;
import io.github.kubeproof.rules.manifest.DeprecatedFeature;
import io.github.kubeproof.rules.manifest.RemovedApiVersion;
import io.github.kubeproof.rules.policy.AllNamespaces;
import io.github.kubeproof.rules.policy.AllowAllIngress;
import io.github.kubeproof.rules.policy.InternetWideIpBlock;
import io.github.kubeproof.rules.policy.RedundantRule;
import io.github.kubeproof.rules.policy.SensitivePortOpen;
import io.github.kubeproof.rules.reachability.UnreachableService;
import io.github.kubeproof.rules.reachability.WebhookBackendBlocksApiServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the same fault is worth in different surroundings, and what evidence comes with it. */
class SeverityTest {

  private static final String WEB =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [{ name: web, image: "web:1", args: ["%s"] }] }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: cart, namespace: shop }
      spec: { selector: { app: cart }, ports: [{ port: 80 }] }
      ---
      """;

  private static String policy(String spec) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec: { podSelector: { matchLabels: { app: web } }, %s }
        """
        .formatted(spec);
  }

  private static Finding find(Rule rule, String yaml) {
    List<Finding> found =
        new Case("test", List.of(new Source("test.yaml", yaml))).lint(List.of(rule)).findings();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void aPolicyThatDoesWhatItsNameSaysIsMereInformation() {
    String policy = policy("ingress: [{}]");

    assertThat(find(new AllowAllIngress(), policy).severity()).isEqualTo(Severity.WARNING);
    assertThat(find(new AllowAllIngress(), policy.replace("name: web,", "name: allow-all,")))
        .extracting(Finding::severity)
        .isEqualTo(Severity.INFO);
  }

  @Test
  void theAnnotationOfAClassThatNeedsItHasNoFix() {
    String ingress =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop, annotations: { kubernetes.io/ingress.class: "%s" } }
        spec: { defaultBackend: { service: { name: shop, port: { number: 80 } } } }
        """;
    Finding nginx = find(new DeprecatedFeature(), ingress.formatted("nginx"));
    Finding gce = find(new DeprecatedFeature(), ingress.formatted("gce"));

    assertThat(nginx.severity()).isEqualTo(Severity.WARNING);
    assertThat(nginx.fix()).isNotNull();
    // the API server warns of it all the same
    assertThat(gce.severity()).isEqualTo(Severity.WARNING);
    assertThat(gce.help()).startsWith("keep it");
    assertThat(gce.fix()).isNull();
  }

  @Test
  void whatIsFilledInLaterIsMereInformation() {
    String ingress =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop }
        spec:
          defaultBackend: { service: { name: shop, port: { number: 80 } } }
          rules: [{ host: "%s" }]
        """;

    for (String text : List.of("${HOST}", "a.<your domain>", "__HOST__", "INGRESS_HOST")) {
      assertThat(find(new InvalidIngress(), ingress.formatted(text)).severity())
          .as(text)
          .isEqualTo(Severity.INFO);
    }
    for (String text : List.of("Shop.example.com", "ingress_host", "HOST")) {
      assertThat(find(new InvalidIngress(), ingress.formatted(text)).severity())
          .as(text)
          .isEqualTo(Severity.ERROR);
    }
  }

  @Test
  void aRemovedVersionIsAnErrorAndADeprecatedOneAWarning() {
    String object = "apiVersion: %s\nkind: %s\nmetadata: { name: shop }\n";

    assertThat(
            find(new RemovedApiVersion(), object.formatted("extensions/v1beta1", "Ingress"))
                .severity())
        .isEqualTo(Severity.ERROR);
    assertThat(find(new RemovedApiVersion(), object.formatted("v1", "Endpoints")).severity())
        .isEqualTo(Severity.WARNING);
  }

  @Test
  void podsThatMayTalkToPodsNeedDns() {
    Finding finding =
        find(
            new EgressWithoutDns(),
            WEB.formatted("x")
                + policy("policyTypes: [Egress], egress: [{ to: [{ podSelector: {} }] }]"));
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.confidence()).isEqualTo(Confidence.PROVED);
    assertThat(finding.message()).startsWith("egress of Pod shop/web is closed to DNS");
  }

  @Test
  void podsThatAreGivenTheNameOfAServiceProbablyNeedDns() {
    String closed = policy("policyTypes: [Egress], egress: [{ ports: [{ port: 443 }] }]");
    for (String argument :
        List.of("http://cart/", "cart:80", "--to=cart.shop:80", "cart.shop.svc", "a,cart:80")) {
      Finding finding = find(new EgressWithoutDns(), WEB.formatted(argument) + closed);
      assertThat(finding.severity()).as(argument).isEqualTo(Severity.WARNING);
      assertThat(finding.notes())
          .extracting(Note::message)
          .containsExactly("names a Service, which must be looked up");
    }
    for (String argument : List.of("cart", "http://cart.example.com", "cart-2:80", "12:30")) {
      Finding finding = find(new EgressWithoutDns(), WEB.formatted(argument) + closed);
      assertThat(finding.severity()).as(argument).isEqualTo(Severity.INFO);
    }
  }

  @Test
  void aPortThatAllNamespacesMayCallIsOftenMeantSo() {
    String all = "ingress: [{ from: [{ namespaceSelector: {} }]%s }]";
    assertThat(find(new AllNamespaces(), policy(all.formatted(""))).severity())
        .isEqualTo(Severity.WARNING);
    assertThat(
            find(new AllNamespaces(), policy(all.formatted(", ports: [{ port: 80 }]"))).severity())
        .isEqualTo(Severity.INFO);
  }

  @Test
  void whoPublishesPodsMayLetTheInternetIn() {
    String open = policy("ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]");
    String published =
        """
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
        """;
    Finding alone = find(new InternetWideIpBlock(), WEB.formatted("x") + open);
    assertThat(alone.severity()).isEqualTo(Severity.WARNING);
    assertThat(alone.witness()).hasToString("203.0.113.1 -> Pod shop/web 1/TCP");
    assertThat(find(new InternetWideIpBlock(), WEB.formatted("x") + open + published).severity())
        .isEqualTo(Severity.INFO);
  }

  @Test
  void theImageTellsWhetherAPortIsTheUsualOne() {
    String open = policy("ingress: [{ ports: [{ port: 6379 }] }]");
    assertThat(find(new SensitivePortOpen(), WEB.formatted("x") + open).confidence())
        .isEqualTo(Confidence.HEURISTIC);
    Finding sure =
        find(new SensitivePortOpen(), WEB.formatted("x").replace("web:1", "redis:7") + open);
    assertThat(sure.confidence()).isEqualTo(Confidence.PROVED);
    assertThat(sure.severity()).isEqualTo(Severity.WARNING);
    assertThat(sure.witness()).hasToString("203.0.113.1 -> Pod shop/web 6379/TCP");
    Finding kubelet =
        find(
            new SensitivePortOpen(),
            WEB.formatted("x") + policy("ingress: [{ ports: [{ port: 10250 }] }]"));
    assertThat(kubelet.severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void theRulesThatMakeARuleRedundantStay() {
    Finding finding =
        find(
            new RedundantRule(),
            policy("ingress: [{ ports: [{ port: 80 }] }, { ports: [{ port: 80 }] }]"));
    assertThat(finding.notes()).extracting(Note::message).containsExactly("rule 1 allows it");
  }

  @Test
  void everyPolicyThatIsolatesTheBackendsIsNamed() {
    Finding finding =
        find(
            new UnreachableService(),
            WEB.formatted("x").replace("app: cart", "app: web")
                + policy("ingress: [{ ports: [{ port: 81 }] }]")
                + "---\n"
                + policy("policyTypes: [Ingress]").replace("name: web", "name: deny"));
    assertThat(finding.message())
        .isEqualTo(
            "nothing can reach Service shop/cart: the policies that select its pods open nothing"
                + " on port 80/TCP");
    assertThat(finding.notes())
        .extracting(Note::message)
        .containsExactly(
            "policy shop/web selects its pods and opens only port 81/TCP",
            "policy shop/deny selects its pods and allows no ingress");
  }

  @Test
  void someApiServersComeThroughPodsOfKubeSystem() {
    String webhook =
        WEB.formatted("x").replace("app: cart", "app: web").replace("port: 80", "port: 443")
            + """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: { name: check }
            webhooks:
              - name: check.example.com
                admissionReviewVersions: [v1]
                sideEffects: None
                clientConfig: { service: { namespace: shop, name: cart } }
            ---
            """;
    String peers = "ingress: [{ from: [{ namespaceSelector: { matchLabels: { %s } } }] }]";
    assertThat(
            find(
                    new WebhookBackendBlocksApiServer(),
                    webhook + policy(peers.formatted("kubernetes.io/metadata.name: kube-system")))
                .severity())
        .isEqualTo(Severity.INFO);
    assertThat(
            find(
                    new WebhookBackendBlocksApiServer(),
                    webhook + policy(peers.formatted("webhook: enabled")))
                .severity())
        .isEqualTo(Severity.WARNING);
  }
}
