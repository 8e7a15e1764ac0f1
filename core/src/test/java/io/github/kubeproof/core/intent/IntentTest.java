package io.github.kubeproof.core.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.cluster.Assumptions;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Settings.PortRange;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.intent.Intent.Kind;
import io.github.kubeproof.core.intent.Intent.Ports;
import io.github.kubeproof.core.source.Fields;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntentTest {

  private static final Ports POSTGRES = new Ports(new PortRange(5432, 5432), Set.of(Protocol.TCP));

  private static List<Intent> read(String yaml) {
    return Intent.all(Fields.read(new Source("c.yaml", yaml)), "intents", Assumptions.NONE);
  }

  private static Party party(String text) {
    return new IntentText(Set.of("Redis")).party(text);
  }

  private static Intent one(String flows) {
    return read("intents: [{ deny: " + flows + " }]").get(0);
  }

  @Test
  void bothSpellingsMeanTheSame() {
    Intent line = Intent.parse("deny from namespace=dev to Service/shop/db port 5432/TCP");
    Intent yaml = one("{ from: { namespace: dev }, to: Service/shop/db, port: 5432 }");

    assertThat(line.kind()).isEqualTo(Kind.DENY);
    assertThat(line.from()).isEqualTo(Party.Pods.of("dev"));
    assertThat(line.to()).isEqualTo(new Party.Service("shop", "db"));
    assertThat(line.ports()).isEqualTo(POSTGRES);
    assertThat(List.of(yaml.kind(), yaml.from(), yaml.to(), yaml.ports()))
        .isEqualTo(List.of(line.kind(), line.from(), line.to(), line.ports()));
    assertThat(line)
        .hasToString("deny from namespace dev to Service shop/db on port 5432/TCP")
        .extracting(intent -> intent.place().then("deny", "from").toString())
        .isEqualTo("--intent:1:1");
  }

  @Test
  void partiesArePodsObjectsAndAddresses() {
    assertThat(party("Deployment/shop/web"))
        .isEqualTo(new Party.Workload("Deployment", "shop", "web"));
    assertThat(party("Redis/shop/cache")).isEqualTo(new Party.Workload("Redis", "shop", "cache"));
    assertThat(party("10.0.0.0/8")).isEqualTo(new Party.Block(Cidr.of("10.0.0.0/8")));
    assertThat(party("fd00::/8")).isEqualTo(new Party.Block(Cidr.of("fd00::/8")));
    assertThat(party("outside")).isEqualTo(new Party.Outside(List.of()));
    assertThat(((Party.Outside) party("internet")).except())
        .contains(Cidr.of("10.0.0.0/8"), Cidr.of("fc00::/7"));
    assertThat(party("namespaceSelector=team=obs,env in (dev, test) podSelector=!legacy"))
        .isEqualTo(
            new Party.Pods(
                Selectors.parse("env in (test,dev),team=obs"), Selectors.parse("!legacy")))
        .hasToString("pods with !legacy in namespaces with env in [dev, test], team=obs");
  }

  @Test
  void selectorsMayBeWrittenAsInManifests() {
    Intent intent =
        one(
            """
            {
              from: { namespace: dev, podSelector: { matchLabels: { app: web },
                matchExpressions: [{ key: tier, operator: NotIn, values: [db, cache] }] } },
              to: { namespaceSelector: {} }
            }""");

    assertThat(intent.from())
        .isEqualTo(
            new Party.Pods(
                Selector.ofLabels(Map.of(World.NAMESPACE_NAME, "dev")),
                Selectors.parse("app=web,tier notin (cache,db)")));
    assertThat(((Party.Pods) intent.from()).namespace()).contains("dev");
    assertThat(intent.to()).isEqualTo(new Party.Pods(Selector.EVERYTHING, Selector.EVERYTHING));
    assertThat(intent.ports()).isEqualTo(Ports.ALL).hasToString("every port");
  }

  @Test
  void portsAreNumbersRangesAndProtocols() {
    assertThat(one("{ from: outside, to: outside, port: 53/UDP }").ports())
        .isEqualTo(new Ports(new PortRange(53, 53), Set.of(Protocol.UDP)));
    assertThat(one("{ from: outside, to: outside, port: 8000-8100, protocol: SCTP }").ports())
        .isEqualTo(new Ports(new PortRange(8000, 8100), Set.of(Protocol.SCTP)))
        .hasToString("ports 8000-8100/SCTP");
    assertThat(one("{ from: outside, to: outside, protocol: UDP }").ports())
        .isEqualTo(new Ports(new PortRange(1, 65535), Set.of(Protocol.UDP)))
        .hasToString("every port/UDP");
  }

  @Test
  void anIntentMayAssume() {
    Intent intent =
        read("""
                intents:
                  - allow: { from: internet, to: Deployment/shop/web }
                    assume:
                      namespaces: [{ name: obs, labels: { team: obs } }]
                      services: [obs/prometheus]
                      workloads: [{ namespace: shop, labels: { app: c }, createdBy: Redis/c }]
                """)
            .get(0);

    assertThat(intent.assume())
        .isEqualTo(
            new Assumptions(
                Map.of("obs", Map.of("team", "obs")),
                List.of(new Assumptions.Service("obs", "prometheus")),
                List.of(new Assumptions.Pods("shop", Map.of("app", "c"), "Redis/c"))));
    assertThat(intent.place()).hasToString("c.yaml:2:5");
    assertThat(intent.place().then("allow", "to")).hasToString("c.yaml:2:34");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          block from a to b                   | not an intent
          deny from namespace=Dev to outside  | the namespace "Dev" is no DNS label
          deny from web to outside            | not a party: web; write namespace=NAME
          deny from Deploymnt/a/b to outside  | kind Deploymnt; did you mean Deployment?
          deny from Redis/a/b to outside      | cannot be of kind Redis; choose Service or one of
          deny from 10.0.0.0/33 to outside    | not a block of addresses
          deny from podSelector=a=? to outside| label value "?" is no label value
          deny from podSelector=a b to outside| not a label selector
          deny from outside to outside port 0 | not a port
          deny from outside to outside port x | not a port
          deny from outside to outside port 1/tcp | the protocol must be TCP, UDP or SCTP, not tcp
          deny from namespace=a namespace=b to outside | namespace= stands twice
          deny from namespace=a namespaceSelector=b=c to outside | not both
          """)
  void slipsOnTheCommandLineAreNamed(String text, String message) {
    assertThatThrownBy(() -> Intent.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {}                                   | c.yaml:1:11: an intent has either allow or deny
          { deny: { to: outside } }            | c.yaml:1:13: from is missing
          { deny: { from: x, to: outside } }   | c.yaml:1:27: not a party: x
          { deny: { from: {}, to: outside } }  | c.yaml:1:21: name who is meant
          { deny: { from: { namespce: a } } }  | did you mean namespace?
          { deny: { from: { cidr: a } } }      | c.yaml:1:35: not a block of addresses
          { deny: { from: { cidr: 1.2.3.4/32, namespace: a } } } | unknown key "namespace"
          { deny: { from: { podSelector: { app: web } } } } | known here: matchLabels
          { deny: { from: outside, to: outside, port: 99999 } } | c.yaml:1:55: not a port
          { deny: { from: outside, to: outside, port: 1/UDP, protocol: UDP } } | has a protocol already
          { deny: { from: outside, to: outside }, assume: { servces: [] } } | did you mean services?
          """)
  void slipsInTheConfigurationHaveAPlace(String item, String message) {
    assertThatThrownBy(() -> read("intents: [" + item + "]"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }
}
