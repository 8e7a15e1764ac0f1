package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code diff} says of two folders, and of revisions of a real repository. */
class DiffCommandTest {

  private static final String DB =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: db, namespace: shop, labels: { app: db } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      """;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: db, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: db } }
        policyTypes: [Ingress]
        ingress:
          - from: [ { podSelector: { matchLabels: { app: web } } } ]
            ports: [ { port: 5432 } ]
      """;

  @TempDir private Path folder;

  private String side(String name, String yaml) throws IOException {
    Path side = Files.createDirectories(folder.resolve(name));
    Files.writeString(side.resolve("all.yaml"), DB + yaml);
    return side.toString();
  }

  private Run diff(String before, String after, String... flags) throws IOException {
    List<String> words = new ArrayList<>(List.of("diff"));
    words.addAll(List.of(flags));
    words.add(side("old", before));
    words.add(side("new", after));
    return Run.of(words.toArray(String[]::new));
  }

  @Test
  void aSelectorSaidInOtherWordsIsProvedEqual() throws IOException {
    String rewritten =
        POLICY.replace(
            "{ matchLabels: { app: web } }",
            "{ matchExpressions: [ { key: app, operator: In, values: [ web ] } ] }");
    Run run = diff(POLICY, rewritten);
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("equal");
  }

  @Test
  void aRuleMoreWidensAndTheWitnessComesThroughIt() throws IOException {
    Run run = diff(POLICY, POLICY + "    - from: [ { ipBlock: { cidr: 192.0.2.0/24 } } ]\n");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("widened", "192.0.2.").doesNotContain("narrowed");
  }

  @Test
  void aPortLessNarrows() throws IOException {
    String ranged = POLICY.replace("port: 5432", "port: 5432, endPort: 5433");
    Run run = diff(ranged, POLICY, "--format", "json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("narrowed", "5433").doesNotContain("widened");
  }

  @Test
  void anotherPortIsIncomparable() throws IOException {
    Run run = diff(POLICY, POLICY.replace("5432", "5433"), "--format", "md");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("incomparable");
  }

  @Test
  void aRevisionIsReadFromTheRepository() throws Exception {
    side("deploy", POLICY);
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", "one");
    side("deploy", POLICY.replace("{ matchLabels: { app: web } }", "{}"));
    Run run =
        Run.with(
            Map.of("GIT_DIR", folder.resolve(".git").toString(), "PATH", System.getenv("PATH")),
            "diff",
            "main:deploy",
            folder.resolve("deploy").toString());
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out()).contains("widened", "main:deploy/all.yaml:");
  }

  @Test
  void whatIsNeitherAFileNorARevisionIsSaid() throws IOException {
    Run run = Run.of("diff", "no-such-revision:deploy", side("new", POLICY));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("no-such-revision:deploy");
  }

  private static final String SERVICE =
      """
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: db, namespace: shop }
      spec:
        selector: { app: db }
        ports: [ { port: 5432 } ]
      """;

  private static final String BALANCED = SERVICE.replace("spec:", "spec:\n  type: LoadBalancer");

  private String places(String text) {
    return text.replace(folder.toString(), "");
  }

  @Test
  void aServiceThatLeadsElsewhereNarrowsWhatPoliciesLeaveEqual() throws IOException {
    String moved = SERVICE.replace("port: 5432", "port: 5432, targetPort: 9999");
    Run run = diff(POLICY + SERVICE, POLICY + moved);
    assertThat(run.code()).isEqualTo(1);
    assertThat(places(run.out()))
        .isEqualTo(
            """
            the traffic as a whole: narrowed
            Service shop/db 5432/TCP: changed: leads to port 9999 of Pod shop/db instead of port 5432 of Pod shop/db
              closed: Pod shop/web -> Pod shop/db on port 5432/TCP
                before: /old/all.yaml:26:14 | ports: [ { port: 5432 } ]
                after: /new/all.yaml:26:14 | ports: [ { port: 5432, targetPort: 9999 } ]
            equal: 2 of 2 workloads, 0 of 1 way through Services
            """);
  }

  @Test
  void aLoadBalancerOpensWhatPoliciesLetThroughFromOutside() throws IOException {
    Run open = diff(SERVICE, BALANCED);
    assertThat(open.code()).isEqualTo(1);
    assertThat(open.out())
        .startsWith(
            "the traffic as a whole: widened\nload balancer 5432/TCP of Service shop/db: added")
        .contains(
            "\n  opened: every address outside, as any node -> Pod shop/db on port 5432/TCP\n",
            "\nnode port of Service shop/db: added: leads to port 5432 of Pod shop/db\n",
            "\nequal: 2 of 2 workloads, 1 of 3 ways through Services\n");
    Run guarded = diff(POLICY + SERVICE, POLICY + BALANCED);
    assertThat(guarded.code()).isEqualTo(1);
    assertThat(guarded.out())
        .startsWith(
            "the traffic as a whole: equal\nload balancer 5432/TCP of Service shop/db: added")
        .contains("\n  nobody gets to a pod by it who did not before, or the other way round\n")
        .doesNotContain("opened");
  }

  @Test
  void aServiceThatWidensAndAPolicyThatNarrowsAreIncomparable() throws IOException {
    String closed =
        """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec: { podSelector: { matchLabels: { app: web } } }
        """;
    Run run = diff(SERVICE, BALANCED + closed);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("the traffic as a whole: incomparable\n", "  opened: every address outside");
  }

  @Test
  void theSameServiceInAnotherPlaceIsEqual() throws IOException {
    Run run = diff(POLICY + BALANCED, BALANCED + "---\n" + POLICY);
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            the traffic as a whole: equal
            equal: 2 of 2 workloads, 3 of 3 ways through Services
            """);
  }

  @Test
  void programsAreToldOfServicesToo() throws IOException {
    Run run = diff(SERVICE, BALANCED, "--format", "json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(places(run.out()))
        .startsWith("{\n \"whole\": {\"relation\": \"widened\", \"differences\": []")
        .contains(
            " \"services\": [\n  {\"name\": \"load balancer 5432/TCP of Service shop/db\","
                + " \"change\": \"added\", \"what\": \"leads to port 5432 of Pod shop/db\","
                + " \"differences\": [{\"change\": \"opened\", \"witness\": \"every address"
                + " outside, as any node -> Pod shop/db on port 5432/TCP\"}], \"undecided\":"
                + " false, \"before\": [\"/old/all.yaml:15:1\"], \"after\":"
                + " [\"/new/all.yaml:18:14\"]},\n",
            " \"incompleteServices\": [],\n");
  }

  @Test
  void aPullRequestIsToldOfServicesToo() throws IOException {
    Run run = diff(BALANCED, SERVICE, "--format", "md");
    assertThat(run.code()).isEqualTo(1);
    assertThat(places(run.out()))
        .startsWith("### Traffic: narrowed\n")
        .contains(
            "| load balancer 5432/TCP of Service shop/db | removed: led to port 5432 of Pod shop/db"
                + " | closed: every address outside, as any node -&#62; Pod shop/db on port 5432/TCP"
                + " | /old/all.yaml:18:14 | /new/all.yaml:15:1 |\n");
  }

  @Test
  void codeScanningFindsServicesAtTheirPorts() throws IOException {
    Run opened = diff(SERVICE, BALANCED, "--format", "sarif");
    assertThat(opened.code()).isEqualTo(1);
    assertThat(results(opened.out()))
        .containsExactly(
            "KP191 /new/all.yaml:18 load balancer 5432/TCP of Service shop/db: added: leads to port"
                + " 5432 of Pod shop/db; opened: every address outside, as any node -> Pod shop/db"
                + " on port 5432/TCP. [what was written before](1). Witness: a node -> Pod shop/db on port 5432/TCP.",
            "KP191 /new/all.yaml:18 node port of Service shop/db: added: leads to port 5432 of Pod"
                + " shop/db; opened: every address outside, as any node -> Pod shop/db on port"
                + " 5432/TCP. [what was written before](1). Witness: a node -> Pod shop/db on port 5432/TCP.");
    assertThat(results(diff(SERVICE, "", "--format", "sarif").out()))
        .containsExactly(
            "KP192 /old/all.yaml:17 Service shop/db 5432/TCP: removed: led to port 5432 of Pod"
                + " shop/db; closed: Pod shop/web -> Pod shop/db on port 5432/TCP. Witness: Pod shop/web -> Pod shop/db on port 5432/TCP.");
    Run guarded = diff(POLICY + SERVICE, POLICY + BALANCED, "--format", "sarif");
    assertThat(results(guarded.out())).isEmpty();
    assertThat(guarded.out())
        .contains(
            "load balancer 5432/TCP of Service shop/db: added: leads to port 5432 of Pod shop/db;"
                + " nobody gets to a pod by it who did not before, or the other way round.");
  }

  @Test
  void aServiceOfHiddenPodsThatChangesIsSaidToBeUndecided() throws IOException {
    String hidden = SERVICE.replace("app: db", "app: made-by-an-operator");
    Run run = diff(hidden, BALANCED.replace("app: db", "app: made-by-an-operator"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(places(run.out()))
        .contains(
            "the traffic as a whole: undecided: Service shop/db has changed, and nothing of the"
                + " input is known to be behind it\n",
            "\nincomplete: /new/all.yaml:12:1: Service shop/db has changed, and nothing of the"
                + " input is known to be behind it\n");
    assertThat(diff(hidden, "---\n" + hidden).code()).isZero();
  }

  @Test
  void aNamespaceThatOneSideDefinesHasItsLabelsOnBoth() throws IOException {
    String clients =
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: tester, namespace: dev }
        spec: { containers: [ { name: c, image: i } ] }
        ---
        """
            + POLICY.replace(
                "podSelector: { matchLabels: { app: web } }",
                "namespaceSelector: { matchLabels: { env: dev } }");
    String namespace =
        """
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: dev, labels: { env: dev } }
        """;
    Run run = diff(clients + SERVICE, clients + namespace);
    assertThat(run.out()).contains("closed: Pod dev/tester -> Pod shop/db on port 5432/TCP");
  }

  /** {@code rule file:line message} of each result. */
  private List<String> results(String sarif) throws IOException {
    List<String> results = new ArrayList<>();
    for (JsonNode result : new ObjectMapper().readTree(sarif).at("/runs/0/results")) {
      JsonNode place = result.at("/locations/0/physicalLocation");
      results.add(
          result.get("ruleId").asText()
              + " "
              + places(place.at("/artifactLocation/uri").asText().replace("file://", ""))
              + ":"
              + place.at("/region/startLine").asInt()
              + " "
              + result.at("/message/text").asText());
    }
    return results;
  }

  private void git(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
