package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

  private void git(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
