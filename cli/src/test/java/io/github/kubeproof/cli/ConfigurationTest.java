package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration says takes effect. */
class ConfigurationTest {

  /** No pod for db, and a cache with nothing behind it that the input shows. */
  private static final String SHOP =
      """
      apiVersion: v1
      kind: Service
      metadata: { name: cache, namespace: shop }
      spec: { selector: { app: cache }, ports: [{ port: 6379 }] }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: web }] }
      """;

  @TempDir private Path folder;

  @BeforeEach
  void makeItARepository() throws IOException {
    Files.createDirectory(folder.resolve(".git"));
  }

  private void configure(String text) throws IOException {
    Files.writeString(folder.resolve(".kubeproof.yaml"), "version: 1\n" + text);
  }

  /** The findings of a rule, as severity and file. */
  private String lint(String rule, String... flags) {
    String[] args =
        Stream.concat(
                Stream.of("lint", folder.toString(), "--format", "github", "--select", rule),
                Stream.of(flags))
            .toArray(String[]::new);
    Run run = Run.of(args);
    assertThat(run.err()).isEmpty();
    return run.out()
        .lines()
        .filter(line -> line.startsWith("::"))
        .map(line -> line.replaceAll("::(\\w+) file=[^,]*?([^/,]+),.*", "$1 $2"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @Test
  void filesAreExcluded() throws IOException {
    Manifests.bad(folder);
    Manifests.good(folder);
    assertThat(lint("KP407")).isEqualTo("error bad.yaml");
    configure("inputs: { exclude: [bad.yaml] }\n");
    assertThat(lint("KP407")).isEmpty();
    assertThat(lint("KP407", "--exclude", "x")).isEqualTo("error bad.yaml");
    assertThat(lint("KP407", "--no-config")).isEqualTo("error bad.yaml");
  }

  @Test
  void theClusterIsDescribed() throws IOException {
    Manifests.bad(folder);
    configure("cluster: { nodePortRange: 80-90 }\n");
    assertThat(lint("KP407")).isEmpty();
    assertThat(lint("KP407", "--node-port-range", "30000-32767")).isEqualTo("error bad.yaml");
  }

  @Test
  void flagsComeBeforeVariablesBeforeTheConfiguration() throws IOException {
    String bad = Manifests.bad(folder).toString();
    assertThat(Run.of("lint", bad).code()).isEqualTo(1);
    configure("failOn: never\n");
    assertThat(Run.of("lint", bad).code()).isZero();
    Map<String, String> variable = Map.of("KUBEPROOF_FAIL_ON", "error");
    assertThat(Run.with(variable, "lint", bad).code()).isEqualTo(1);
    assertThat(Run.with(variable, "lint", bad, "--fail-on", "never").code()).isZero();
    assertThat(Run.with(Map.of("KUBEPROOF_NO_CONFIG", "true"), "lint", bad).code()).isEqualTo(1);
  }

  @Test
  void rulesAreJudgedOrSwitchedOff() throws IOException {
    String bad = Manifests.bad(folder).toString();
    configure("rules: { KP407: { severity: info } }\n");
    assertThat(lint("KP407")).isEqualTo("notice bad.yaml");
    configure("rules: { node-port-out-of-range: { severity: off } }\n");
    assertThat(Run.of("lint", bad).out()).doesNotContain("KP407");
    assertThat(lint("KP407")).isEqualTo("error bad.yaml");
  }

  @Test
  void objectsAreExempted() throws IOException {
    Manifests.bad(folder);
    configure(
        "rules: { KP407: { ignore: [{ resource: \"Service/*/w?b\", reason: an old cluster }] } }\n");
    assertThat(lint("KP407,KP013")).isEmpty();
    assertThat(Run.of("lint", folder.toString(), "--format", "sarif", "--select", "KP407").out())
        .contains("\"kind\": \"external\"", "\"justification\": \"an old cluster\"");
    assertThat(lint("KP407", "--no-suppressions")).isEqualTo("error bad.yaml");
  }

  @Test
  void exemptionsThatEndedOrMatchNothingAreFindings() throws IOException {
    Manifests.bad(folder);
    configure(
        "rules: { KP407: { ignore:"
            + " [{ resource: Service/web, reason: x, until: 2020-01-01 }] } }\n");
    assertThat(lint("KP407,KP013")).isEqualTo("error bad.yaml\nwarning .kubeproof.yaml");
    configure("rules: { KP407: { ignore: [{ resource: Service/shop/*, reason: x }] } }\n");
    assertThat(lint("KP407,KP013")).isEqualTo("error bad.yaml\nwarning .kubeproof.yaml");
    // a part of the project cannot tell that an exemption is in vain
    String bad = folder.resolve("bad.yaml").toString();
    assertThat(Run.of("lint", bad, "--select", "KP407,KP013").out()).doesNotContain("KP013");
  }

  @Test
  void whatIsAssumedIsNotMissed() throws IOException {
    Files.writeString(folder.resolve("shop.yaml"), SHOP);
    assertThat(lint("KP404")).isEqualTo("notice shop.yaml");
    configure("assume: { workloads: [{ namespace: shop, labels: { app: cache } }] }\n");
    assertThat(lint("KP404")).isEmpty();
    configure("assume: { workloads: [{ namespace: other, labels: { app: cache } }] }\n");
    assertThat(lint("KP404")).isEqualTo("notice shop.yaml");
  }

  /** Lets pods of namespaces with a label in, and nothing else. */
  private static final String GUARDED =
      SHOP
          + """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: { name: web, namespace: shop }
          spec:
            podSelector: {}
            ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: obs } } }] }]
          """;

  @Test
  void questionsAboutTrafficHeedTheConfiguration() throws IOException {
    Files.writeString(folder.resolve("shop.yaml"), GUARDED);
    Files.writeString(
        folder.resolve("other.yaml"), SHOP.replace("namespace: shop", "namespace: monitoring"));
    String flows = "src\tdst\tprotocol\tport\nmonitoring/Deployment/web\tshop/Deployment/web";
    String[] eval = {"eval", "--flows", "-", folder.toString()};

    Run closed = Run.of(flows + "\tTCP\t80\n", Map.of(), eval);
    assertThat(closed.out()).contains("\tdeny\t");
    configure("assume: { namespaces: [{ name: monitoring, labels: { team: obs } }] }\n");
    Run open = Run.of(flows + "\tTCP\t80\n", Map.of(), eval);
    assertThat(open.out()).contains("\tallow\t").doesNotContain("deny");

    configure("inputs: { exclude: [other.yaml] }\n");
    assertThat(Run.of("reach", folder.toString()).out()).doesNotContain("monitoring");
    assertThat(Run.of("reach", folder.toString(), "--no-config").out()).contains("monitoring");
    configure("clustr: {}\n");
    assertThat(Run.of("reach", folder.toString()).code()).isEqualTo(2);
  }

  @Test
  void namespacesTellTheirEnvironment() throws IOException {
    Path file = folder.resolve("shop.yaml");
    Files.writeString(
        file,
        GUARDED.replace("{ matchLabels: { team: obs } }", "{}")
            + """
            ---
            apiVersion: v1
            kind: Namespace
            metadata: { name: shop, labels: { stage: live } }
            """);
    assertThat(lint("KP210")).isEmpty();
    configure("labels: { env: { key: stage } }\n");
    assertThat(lint("KP210")).isEmpty();
    configure("labels: { env: { key: stage, production: [live] } }\n");
    assertThat(lint("KP210")).isEqualTo("warning shop.yaml");
    assertThat(Run.of("fix", folder.toString(), "--select", "KP210", "--unsafe").code()).isZero();
    assertThat(Files.readString(file))
        .contains("from: [{ namespaceSelector: { matchLabels: { stage: live } } }] }]");
  }

  @Test
  void aUnitMayBeClosed() throws IOException {
    Files.writeString(folder.resolve("shop.yaml"), SHOP);
    Files.createDirectory(folder.resolve("b"));
    Files.writeString(folder.resolve("b/other.yaml"), SHOP.replace("shop", "other"));
    configure("inputs: { units: [{ name: all, paths: [shop.yaml], world: closed }] }\n");
    assertThat(lint("KP404")).isEqualTo("notice other.yaml\nwarning shop.yaml");
  }

  @Test
  void slipsEndTheRunWithTwo() throws IOException {
    String bad = Manifests.bad(folder).toString();
    configure("clustr: {}\n");
    assertThat(Run.of("lint", bad))
        .isEqualTo(
            new Run(
                2,
                "",
                "kubeproof: "
                    + folder
                    + "/.kubeproof.yaml:2:1: unknown key \"clustr\"; did you mean cluster?\n"));
    assertThat(Run.of("lint", bad, "--config", folder + "/none").err())
        .isEqualTo("kubeproof: no such configuration: " + folder + "/none\n");
    assertThat(Run.of("lint", bad, "--config", "x", "--no-config").err())
        .isEqualTo("kubeproof: --config and --no-config exclude each other\n");
    assertThat(Run.of("lint", bad, "--no-config", "--cni", "calcio").err())
        .isEqualTo("kubeproof: --cni: unknown word: calcio; did you mean calico?\n");
  }

  @Test
  void showTellsWhereEachValueComesFrom() throws IOException {
    configure("cluster: { domain: example.org, cni: cilium }\nfailOn: info\n");
    Run run =
        Run.with(
            Map.of("KUBEPROOF_CNI", "calico"),
            "config",
            "show",
            folder.toString(),
            "--fail-on",
            "warning");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .contains(
            "failOn | warning | --fail-on",
            "cluster.cni | calico | KUBEPROOF_CNI",
            "cluster.domain | example.org | " + folder + "/.kubeproof.yaml:2:20",
            "cluster.nodePortRange | 30000-32767 | default",
            "cluster.version | - | default");
  }

  @Test
  void schemaKnowsTheRules() {
    Run run = Run.of("config", "schema");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("{")
        .contains("\"KP404\", \"selector-matches-nothing\"", "\"calico\"");
  }

  @Test
  void initWritesOnceAndNeverAgain() throws IOException {
    Manifests.bad(folder);
    Path file = folder.resolve(".kubeproof.yaml");

    assertThat(Run.of("init", folder.toString()))
        .isEqualTo(new Run(0, "", "kubeproof: wrote " + file + ", from 1 object\n"));
    String written = Files.readString(file);
    assertThat(written).contains("the input has 80 outside of it");
    assertThat(Run.of("config", "show", folder.toString()).code()).isZero();
    assertThat(Run.of("init", folder.toString()))
        .isEqualTo(new Run(2, "", "kubeproof: " + file + " is there already, and is left alone\n"));
    assertThat(file).hasContent(written);
  }

  @Test
  void intentsAreJudgedWithEverythingThatTheyAreAbout() throws IOException {
    Path deploy = Files.createDirectory(folder.resolve("deploy"));
    Files.writeString(
        deploy.resolve("policy.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: open, namespace: prod }
        spec: { podSelector: {}, ingress: [{}] }
        """);
    configure(
        """
        intents:
          - deny: { from: { namespace: dev }, to: { namespace: prod } }
          - deny: { from: { namespace: prod }, to: { namespace: dev } }
          - allow: { from: Deployment/prod/web, to: { namespace: prod } }
        """);

    Run run = Run.of("lint", folder.toString(), "--format", "github", "--select", "KP1");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out().lines().filter(line -> line.startsWith("::error")))
        .hasSize(2)
        .anyMatch(line -> line.contains("policy.yaml,line=4") && line.contains("namespace prod on"))
        // nothing is written about it, so there is no line but that of the intent
        .anyMatch(line -> line.contains(".kubeproof.yaml,line=4"));
    assertThat(run.out()).contains("no such workload: Deployment/prod/web");

    Run part = Run.of("lint", deploy.toString(), "--format", "github", "--select", "KP1");
    assertThat(part.code()).isZero();
    assertThat(part.out()).contains("the intents of the configuration are not judged");
  }
}
