package io.github.kubeproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks, and the addresses of nodes and pods, of which manifests tell nothing. */
class AddressesTest {

  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop, labels: { app: web } }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: client, namespace: shop }
      spec: { containers: [ { name: c, image: i } ] }
      ---
      apiVersion: v1
      kind: Pod
      metadata: { name: agent, namespace: shop }
      spec: { hostNetwork: true, containers: [ { name: c, image: i } ] }
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: web } }
        ingress: [ { from: [ BLOCKS ] } ]
      """;

  private static final String TEN = "{ ipBlock: { cidr: 10.0.0.0/8 } }";
  private static final String HALVES =
      "{ ipBlock: { cidr: 0.0.0.0/1 } }, { ipBlock: { cidr: 128.0.0.0/1 } }";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("a.yaml");
  }

  private String prove(String blocks, String intent, String... flags) throws IOException {
    Files.writeString(file, MANIFESTS.replace("BLOCKS", blocks));
    String[] arguments = new String[flags.length + 4];
    System.arraycopy(flags, 0, arguments, 4, flags.length);
    arguments[0] = "prove";
    arguments[1] = folder.toString();
    arguments[2] = "--intent";
    arguments[3] = intent;
    String out = Run.of(arguments).out();
    return out.substring(0, out.indexOf(':'));
  }

  private String denyFromAgent(String blocks, String... flags) throws IOException {
    return prove(blocks, "deny from Pod/shop/agent to Pod/shop/web", flags);
  }

  @Test
  void whereANodeIsNobodyKnows() throws IOException {
    assertThat(denyFromAgent(TEN)).isEqualTo("undecided");
    assertThat(Run.of("why", "shop/agent", "shop/web", "80", folder.toString()).out())
        .contains(
            "policy shop/web matches nodes by their addresses, and some are not known: these are"
                + " taken to be IPv4, and in no smaller block");
    // it has some address, and that is in one of the halves
    assertThat(denyFromAgent(HALVES)).isEqualTo("refuted");
    assertThat(denyFromAgent("{ ipBlock: { cidr: 0.0.0.0/0 } }")).isEqualTo("refuted");
    assertThat(denyFromAgent("{ podSelector: {} }")).isEqualTo("proved");
    // what pods do to one another is known all the same
    assertThat(prove(TEN, "deny from Pod/shop/client to Pod/shop/web")).isEqualTo("proved");
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/16, refuted",
    "10.0.0.0/8, refuted",
    "192.168.0.0/16, proved",
    "8.0.0.0/6, undecided",
    "fd00::/64, proved"
  })
  void theBlocksOfNodesTellIt(String nodes, String answer) throws IOException {
    assertThat(denyFromAgent(TEN, "--node-cidr", nodes)).isEqualTo(answer);
  }

  @Test
  void nodesOfSeveralBlocksMayDiffer() throws IOException {
    String[] both = {"--node-cidr", "10.1.0.0/16", "--node-cidr", "192.168.0.0/16"};
    assertThat(denyFromAgent(TEN, both)).isEqualTo("undecided");
    assertThat(denyFromAgent(TEN + ", { ipBlock: { cidr: 192.0.0.0/8 } }", both))
        .isEqualTo("refuted");
    String except = "{ ipBlock: { cidr: 10.0.0.0/8, except: [ 10.1.0.0/24 ] } }";
    assertThat(denyFromAgent(except, "--node-cidr", "10.1.0.0/16")).isEqualTo("undecided");
    assertThat(denyFromAgent(except, "--node-cidr", "10.1.0.0/25")).isEqualTo("proved");
  }

  @ParameterizedTest
  @CsvSource({"10.1.0.0/16, refuted", "192.168.0.0/16, proved", ", undecided"})
  void whereBlocksMatchPodsTheirsTellIt(String pods, String answer) throws IOException {
    String intent = "deny from Pod/shop/client to Pod/shop/web";
    assertThat(
            pods == null
                ? prove(TEN, intent, "--ipblock-matches-pods")
                : prove(TEN, intent, "--ipblock-matches-pods", "--pod-cidr", pods))
        .isEqualTo(answer);
  }
}
