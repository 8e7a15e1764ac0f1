package io.github.kubeproof.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.source.Problem;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1NetworkPolicyIngressRule;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1ValidatingWebhookConfiguration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecoderTest {

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        ports:
        - name: http
          port: %s
      """;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
        - name: web
          image: nginx
      """;

  private static <T> T only(Manifests manifests, Class<T> type) {
    assertThat(manifests.resources()).hasSize(1);
    return manifests.resources().get(0).as(type).orElseThrow();
  }

  private static List<String> messages(Manifests manifests) {
    return manifests.problems().stream().map(Problem::message).toList();
  }

  private static Problem onlyProblem(Manifests manifests) {
    assertThat(messages(manifests)).hasSize(1);
    return manifests.problems().get(0);
  }

  private static void assertPort(String written, int read) {
    Manifests manifests = Yaml.read(SERVICE.formatted(written));
    assertThat(messages(manifests)).isEmpty();
    assertThat(only(manifests, V1Service.class).getSpec().getPorts().get(0).getPort())
        .isEqualTo(read);
  }

  private static Integer misreadPort(String written, String message) {
    Manifests manifests = Yaml.read(SERVICE.formatted(written));
    Problem problem = onlyProblem(manifests);
    assertThat(problem.kind()).isEqualTo(Problem.Kind.WRONG_TYPE);
    assertThat(problem.message()).isEqualTo("spec.ports[0].port is " + message);
    assertThat(problem.span().line()).isEqualTo(8);
    assertThat(problem.span().column()).isEqualTo(11);
    return only(manifests, V1Service.class).getSpec().getPorts().get(0).getPort();
  }

  @Test
  void modelIsFilledAndEveryObjectKnowsItsPlace() {
    Manifests manifests =
        Yaml.read(
            POLICY
                + """
                  podSelector:
                    matchLabels: {app: web}
                  ingress:
                  - from:
                    - namespaceSelector: {}
                    ports:
                    - port: 8000
                      endPort: 9000
                    - port: http
              """);

    V1NetworkPolicy policy = only(manifests, V1NetworkPolicy.class);
    V1NetworkPolicyIngressRule rule = policy.getSpec().getIngress().get(0);
    V1NetworkPolicyPort range = rule.getPorts().get(0);
    V1NetworkPolicyPort named = rule.getPorts().get(1);
    assertThat(messages(manifests)).isEmpty();
    assertThat(policy.getSpec().getPodSelector().getMatchLabels()).containsEntry("app", "web");
    assertThat(range.getPort().getIntValue()).isEqualTo(8000);
    assertThat(named.getPort().getStrValue()).isEqualTo("http");
    Origins origins = manifests.origins();
    assertThat(origins.at(policy)).hasToString("test.yaml:1:1");
    assertThat(origins.at(policy.getMetadata())).hasToString("test.yaml:3:1");
    assertThat(origins.at(range, "endPort")).hasToString("test.yaml:13:18");
    assertThat(origins.at(named)).hasToString("test.yaml:14:9");
    assertThat(origins.at(named).path()).hasToString("spec.ingress[0].ports[1]");
    assertThat(origins.at(rule.getFrom().get(0).getNamespaceSelector()).path())
        .hasToString("spec.ingress[0].from[0].namespaceSelector");
  }

  @Test
  void equalObjectsHaveTheirOwnPlaces() {
    Manifests manifests = Yaml.read(SERVICE.formatted("80") + "  - name: http\n    port: 80\n");

    List<V1ServicePort> ports = only(manifests, V1Service.class).getSpec().getPorts();
    assertThat(ports.get(0)).isEqualTo(ports.get(1));
    assertThat(manifests.origins().at(ports.get(0))).hasToString("test.yaml:7:5");
    assertThat(manifests.origins().at(ports.get(1))).hasToString("test.yaml:9:5");
  }

  @Test
  void numbersAreReadAsTheApiServerReadsThem() {
    assertPort("80", 80);
    assertPort("80.0", 80);
    assertPort("8e1", 80);
    assertPort("0x50", 80);
    assertPort("-1", -1);
  }

  @Test
  void whatIsNoNumberIsReported() {
    assertThat(misreadPort("http", "the string \"http\", but must be a number")).isNull();
    assertThat(misreadPort("80.5", "the number 80.5, but must be a whole number")).isNull();
    assertThat(misreadPort("yes", "the boolean true (written yes), but must be a number")).isNull();
  }

  @Test
  void listInThePlaceOfANumberIsReportedAtItsKey() {
    Problem problem = onlyProblem(Yaml.read(SERVICE.formatted("[80]")));

    assertThat(problem.message()).isEqualTo("spec.ports[0].port is a list, but must be a number");
    assertThat(problem.span().column()).isEqualTo(5);
  }

  @Test
  void numbersThatDoNotFitAreReported() {
    String range = ", but must be between -2147483648 and 2147483647";
    assertThat(misreadPort("2147483648", "the number 2147483648" + range)).isNull();
    assertThat(misreadPort("99999999999999999999", "the number 99999999999999999999" + range))
        .isNull();
    assertPort("2147483647", 2147483647);
  }

  @Test
  void quotedNumberIsReportedAndReadAsMeant() {
    assertThat(misreadPort("\"80\"", "the string \"80\", but must be a number")).isEqualTo(80);
  }

  @Test
  void labelsThatAreNoStringsAreReportedAndReadAsMeant() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              labels: {sha: 12345678, app.kubernetes.io/managed: on}
            spec:
              selector: {enabled: true, app: [web]}
              ports: [{port: 80}]
            """);

    assertThat(messages(manifests))
        .containsExactly(
            "metadata.labels.sha is the number 12345678, but must be a string",
            "metadata.labels[app.kubernetes.io/managed] is the boolean true (written on), but must"
                + " be a string",
            "spec.selector.enabled is the boolean true, but must be a string",
            "spec.selector.app is a list, but must be a string");
    V1Service service = only(manifests, V1Service.class);
    assertThat(service.getMetadata().getLabels()).containsEntry("sha", "12345678");
    assertThat(service.getSpec().getSelector()).containsOnly(Map.entry("enabled", "true"));
  }

  @Test
  void allProblemsAreReportedAndTheRestIsStillRead() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              label: {app: web}
            spec:
              sessionAffinity: true
              prots: []
              ports:
              - port: http
              - name: https
                port: 443
              clusterIP: None
            """);

    assertThat(messages(manifests))
        .containsExactly(
            "unknown field \"metadata.label\" in Service, did you mean \"labels\"?",
            "spec.sessionAffinity is the boolean true, but must be a string",
            "unknown field \"spec.prots\" in Service, did you mean \"ports\"?",
            "spec.ports[0].port is the string \"http\", but must be a number");
    assertThat(manifests.problems())
        .extracting(at -> at.span().line())
        .containsExactly(5, 7, 8, 10);
    V1Service service = only(manifests, V1Service.class);
    assertThat(service.getSpec().getPorts()).hasSize(2);
    assertThat(service.getSpec().getPorts().get(1).getPort()).isEqualTo(443);
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(manifests.resources().get(0).isUnderstood()).isFalse();
  }

  @Test
  void nullIsUnset() {
    Manifests manifests =
        Yaml.read(
            POLICY
                + """
                  podSelector:
                  policyTypes: null
                  ingress:
                  - from: ~
                    ports:
                    - port: null
                      protocol:
                """
                    .indent(2)
                    .replaceAll("(?m)^    ", "  "));

    assertThat(messages(manifests)).isEmpty();
    V1NetworkPolicy policy = only(manifests, V1NetworkPolicy.class);
    assertThat(policy.getSpec().getPodSelector()).isNull();
    assertThat(policy.getSpec().getPolicyTypes()).isEmpty();
    assertThat(policy.getSpec().getIngress().get(0).getFrom()).isEmpty();
    assertThat(policy.getSpec().getIngress().get(0).getPorts().get(0).getPort()).isNull();
  }

  @Test
  void nullInListsAndLabelsIsTheZeroValue() {
    Manifests manifests =
        Yaml.read(
            POLICY
                + """
                  podSelector: {matchLabels: {app: null}}
                  policyTypes: [null]
                  ingress: [null]
                """);

    assertThat(messages(manifests)).isEmpty();
    V1NetworkPolicy policy = only(manifests, V1NetworkPolicy.class);
    assertThat(policy.getSpec().getPodSelector().getMatchLabels()).containsEntry("app", "");
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("");
    V1NetworkPolicyIngressRule rule = policy.getSpec().getIngress().get(0);
    assertThat(rule).isEqualTo(new V1NetworkPolicyIngressRule());
    assertThat(manifests.origins().at(rule).path()).hasToString("spec.ingress[0]");
  }

  @Test
  void nullIsMissingWhereAFieldIsRequired() {
    Manifests manifests = Yaml.read(SERVICE.formatted("null"));

    Problem problem = onlyProblem(manifests);
    assertThat(problem.kind()).isEqualTo(Problem.Kind.MISSING_FIELD);
    assertThat(problem.message())
        .isEqualTo("required field \"spec.ports[0].port\" is missing in Service");
    assertThat(problem.span().line()).isEqualTo(8);
  }

  @Test
  void missingFieldIsReportedAtTheObjectThatLacksIt() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
            spec:
              containers:
              - name: one
              - image: nginx
            """);

    Problem problem = onlyProblem(manifests);
    assertThat(problem.message())
        .isEqualTo("required field \"spec.containers[1].name\" is missing in Pod");
    assertThat(problem.span().line()).isEqualTo(8);
  }

  @Test
  void misspeltRequiredFieldIsReportedOnce() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
            spec:
              container: []
            """);

    assertThat(messages(manifests))
        .containsExactly("unknown field \"spec.container\" in Pod, did you mean \"containers\"?");
  }

  @Test
  void statusMayLackWhatControllersWrite() {
    Manifests manifests =
        Yaml.read(POD + "status:\n  conditions:\n  - reason: dumped\n  phase: Running\n");

    assertThat(messages(manifests)).isEmpty();
    assertThat(only(manifests, V1Pod.class).getStatus().getPhase()).isEqualTo("Running");
  }

  @Test
  void oneItemInThePlaceOfAListIsReportedAndReadAsMeant() {
    Manifests manifests =
        Yaml.read(
            POLICY
                + """
                  podSelector: {}
                  policyTypes: Ingress
                  ingress:
                    from:
                    - podSelector: {}
                """);

    assertThat(messages(manifests))
        .containsExactly(
            "spec.policyTypes is the string \"Ingress\", but must be a list",
            "spec.ingress is a map, but must be a list");
    V1NetworkPolicy policy = only(manifests, V1NetworkPolicy.class);
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
    V1NetworkPolicyIngressRule rule = policy.getSpec().getIngress().get(0);
    assertThat(rule.getFrom()).hasSize(1);
    assertThat(manifests.origins().at(rule).path()).hasToString("spec.ingress");
  }

  @Test
  void otherMapsInThePlaceOfAListAreNotGuessedAt() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
            spec:
              containers:
              - name: web
                ports: {}
              - name: api
                ports: {http: 80}
            """);

    assertThat(messages(manifests))
        .containsExactly(
            "spec.containers[0].ports is a map, but must be a list",
            "spec.containers[1].ports is a map, but must be a list");
    List<V1Container> containers = only(manifests, V1Pod.class).getSpec().getContainers();
    assertThat(containers).extracting(V1Container::getPorts).containsOnly(List.of());
  }

  @Test
  void itemsThatCannotBeReadLeaveNoHole() {
    Manifests manifests =
        Yaml.read(
            POLICY
                + """
                  podSelector: {}
                  ingress:
                  - ports: [80/TCP, {port: 443}]
                """);

    assertThat(messages(manifests))
        .containsExactly("spec.ingress[0].ports[0] is the string \"80/TCP\", but must be a map");
    List<V1NetworkPolicyPort> ports =
        only(manifests, V1NetworkPolicy.class).getSpec().getIngress().get(0).getPorts();
    assertThat(ports).hasSize(1);
    assertThat(manifests.origins().at(ports.get(0)).path()).hasToString("spec.ingress[0].ports[1]");
  }

  @Test
  void quantitiesAreNumbersOrStringsThatParse() {
    Manifests manifests =
        Yaml.read(
            POD
                + """
                    resources:
                      limits: {cpu: 1, memory: 1.5Gi, a: 0.5, b: 100m, c: 1e3, d: "+.5", e: 5.}
                      requests: {cpu: 1 core, memory: 1gb, a: true, b: ""}
                """);

    assertThat(messages(manifests))
        .containsExactly(
            "spec.containers[0].resources.requests.cpu is the string \"1 core\", but must be a"
                + " quantity such as 500m or 1Gi",
            "spec.containers[0].resources.requests.memory is the string \"1gb\", but must be a"
                + " quantity such as 500m or 1Gi",
            "spec.containers[0].resources.requests.a is the boolean true, but must be a quantity"
                + " such as 500m or 1Gi",
            "spec.containers[0].resources.requests.b is the string \"\", but must be a quantity"
                + " such as 500m or 1Gi");
    var limits = only(manifests, V1Pod.class).getSpec().getContainers().get(0).getResources();
    assertThat(limits.getLimits().get("memory").getNumber()).isEqualByComparingTo("1610612736");
    assertThat(limits.getLimits().get("c").getNumber()).isEqualByComparingTo("1000");
    assertThat(limits.getLimits().get("d").getNumber()).isEqualByComparingTo("0.5");
    assertThat(limits.getLimits().get("e").getNumber()).isEqualByComparingTo("5");
    assertThat(limits.getRequests()).isEmpty();
  }

  @Test
  void timesMustBeTimes() {
    String dump =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
          creationTimestamp: %s
        """;

    assertThat(messages(Yaml.read(dump.formatted("null")))).isEmpty();
    assertThat(messages(Yaml.read(dump.formatted("\"2024-01-02T03:04:05Z\"")))).isEmpty();
    assertThat(messages(Yaml.read(dump.formatted("yesterday"))))
        .containsExactly(
            "metadata.creationTimestamp is the string \"yesterday\", but must be a time such as"
                + " 2006-01-02T15:04:05Z");
  }

  @Test
  void bytesMustBeBase64() {
    String hook =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata:
          name: hook
        webhooks:
        - name: hook.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          clientConfig:
            url: https://hook.example.com
            caBundle: %s
        """;

    Manifests good = Yaml.read(hook.formatted("Q0E="));
    assertThat(messages(good)).isEmpty();
    assertThat(
            only(good, V1ValidatingWebhookConfiguration.class)
                .getWebhooks()
                .get(0)
                .getClientConfig()
                .getCaBundle())
        .containsExactly('C', 'A');
    assertThat(messages(Yaml.read(hook.formatted("Q0E"))))
        .containsExactly(
            "webhooks[0].clientConfig.caBundle is the string \"Q0E\", but must be base64");
    assertThat(messages(Yaml.read(hook.formatted("${CA}")))).hasSize(1);
  }

  @Test
  void freeFormFieldsAreReadAsTheyAre() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              managedFields:
              - manager: kubectl
                fieldsV1: {"f:data": {".": {}, "f:a": [1, true, null, x]}}
            """);

    assertThat(messages(manifests)).isEmpty();
    assertThat(
            only(manifests, V1ConfigMap.class)
                .getMetadata()
                .getManagedFields()
                .get(0)
                .getFieldsV1())
        .hasToString("{f:data={.={}, f:a=[1.0, true, null, x]}}");
  }

  @Test
  void longValuesAreCutInMessages() {
    Manifests manifests = Yaml.read(SERVICE.formatted("\"" + "long\\n".repeat(1000) + "\""));

    String message = onlyProblem(manifests).message();
    assertThat(message)
        .startsWith("spec.ports[0].port is the string \"long long long")
        .endsWith("...\", but must be a number")
        .hasSizeLessThan(200);
  }

  @Test
  void strangeKeysStayOnOneLineOfTheMessage() {
    Manifests manifests = Yaml.read(SERVICE.formatted("80") + "    \"a\\nb\": 1\n");

    assertThat(onlyProblem(manifests).message())
        .isEqualTo("unknown field \"spec.ports[0].a b\" in Service");
  }

  @Test
  void secretsAreKeptAsWritten() {
    Manifests manifests =
        Yaml.read(
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: a
            data: {password: not base64}
            """);

    assertThat(messages(manifests)).isEmpty();
    assertThat(manifests.resources()).hasToString("[Secret a]");
  }
}
