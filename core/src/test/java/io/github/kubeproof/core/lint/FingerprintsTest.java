package io.github.kubeproof.core.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kubeproof.core.manifest.Manifests;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import io.github.kubeproof.core.source.YamlReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

  private static final RuleInfo RULE =
      RuleInfo.of("KP401", "rule", Severity.ERROR, Confidence.PROVED, "a rule");

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: { name: web, namespace: shop }
      spec:
        ports:
        - name: http
          port: 80
        - name: metrics
          port: 9090
      """;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: web, namespace: shop }
      spec:
        ingress:
        - from:
          - podSelector: { matchLabels: { app: a, tier: x } }
          - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16] }
          ports:
          - port: 80
          - { port: 53, protocol: UDP }
      """;

  private static Resource resource(String file, String yaml) {
    return resource(file, yaml, 0);
  }

  private static Resource resource(String file, String yaml, int number) {
    Source source = new Source(file, yaml);
    return Manifests.read(new YamlReader(Limits.DEFAULT).read(source).documents(), 1)
        .resources()
        .get(number);
  }

  private static Finding finding(RuleInfo rule, Resource resource, Object... steps) {
    Place place = resource.place().then(steps);
    return new Finding(
        rule,
        rule.severity(),
        rule.confidence(),
        "unit",
        resource,
        place.source(),
        place.span(),
        place,
        "wrong",
        "",
        List.of(),
        null);
  }

  private static Finding finding(String file, int line, String message) {
    return new Finding(
        RULE,
        RULE.severity(),
        RULE.confidence(),
        "unit",
        null,
        new Source(file, ""),
        Span.at(line, 1),
        null,
        message,
        "",
        List.of(),
        null);
  }

  private static String of(Finding finding) {
    return Fingerprints.of(List.of(finding)).fingerprint(finding);
  }

  private static String of(Resource resource, Object... steps) {
    return of(finding(RULE, resource, steps));
  }

  @Test
  void aFingerprintStaysWhatItIs() {
    // it stands in the baselines of users: another value breaks them
    assertThat(of(resource("a.yaml", SERVICE), "spec", "ports", 0, "port"))
        .isEqualTo("262026025adc6db7");
  }

  @Test
  void movingAndIndentingChangesNothing() {
    String indented =
        """
        # a comment

        apiVersion: v1
        kind: Service
        metadata:
            name: web
            namespace: shop
        spec:
            ports:
                -   name: http
                    port: 80
        """;
    assertThat(of(resource("b/c.yaml", indented), "spec", "ports", 0, "port"))
        .isEqualTo(of(resource("a.yaml", SERVICE), "spec", "ports", 0, "port"));
  }

  @Test
  void theOrderOfAListChangesNothing() {
    String reordered =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec:
          ports:
          - port: 9090
            name: metrics
          - port: 80
            name: http
        """;
    Resource before = resource("a.yaml", SERVICE);
    Resource after = resource("a.yaml", reordered);
    assertThat(of(after, "spec", "ports", 1, "port"))
        .isEqualTo(of(before, "spec", "ports", 0, "port"))
        .isNotEqualTo(of(before, "spec", "ports", 1, "port"));
  }

  @Test
  void peersAndPortsAreKnownByWhatTheySay() {
    String reordered =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec:
          ingress:
          - ports:
            - { protocol: UDP, port: 53 }
            - port: 80
            from:
            - ipBlock: { except: [10.2.0.0/16, 10.1.0.0/16], cidr: 10.0.0.0/8 }
            - podSelector: { matchLabels: { tier: x, app: a } }
        """;
    Resource before = resource("a.yaml", POLICY);
    Resource after = resource("a.yaml", reordered);
    Object[] first = {"spec", "ingress", 0, "from", 0};
    Object[] second = {"spec", "ingress", 0, "from", 1};
    assertThat(of(after, second)).isEqualTo(of(before, first)).isNotEqualTo(of(before, second));
    assertThat(of(after, first)).isEqualTo(of(before, second));
    assertThat(of(after, "spec", "ingress", 0, "ports", 0))
        .isEqualTo(of(before, "spec", "ingress", 0, "ports", 1));
    assertThat(of(after, "spec", "ingress", 0, "from", 0, "ipBlock", "except", 0))
        .isEqualTo(of(before, "spec", "ingress", 0, "from", 1, "ipBlock", "except", 1));
  }

  @Test
  void anItemOfAListKindIsTheSameObject() {
    String list =
        "apiVersion: v1\nkind: List\nitems:\n" + ("- " + SERVICE.strip()).replace("\n", "\n  ");
    Resource item = resource("a.yaml", list);
    assertThat(item.place().path()).hasToString("items[0]");
    assertThat(of(item, "spec", "ports", 0, "port"))
        .isEqualTo(of(resource("a.yaml", SERVICE), "spec", "ports", 0, "port"));
  }

  @Test
  void ruleObjectAndFieldTellFindingsApart() {
    Resource service = resource("a.yaml", SERVICE);
    Resource other = resource("a.yaml", SERVICE.replace("namespace: shop", "namespace: dev"));
    RuleInfo otherRule =
        RuleInfo.of("KP402", "other", Severity.ERROR, Confidence.PROVED, "another rule");
    assertThat(
            List.of(
                of(service, "spec"),
                of(service, "spec", "type"),
                of(service),
                of(other, "spec"),
                of(finding(otherRule, service, "spec"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void equalFindingsAreCounted() {
    Finding one = finding(RULE, resource("a.yaml", SERVICE), "spec");
    Finding two = finding(RULE, resource("b.yaml", SERVICE), "spec");
    Fingerprints fingerprints = Fingerprints.of(List.of(two, one));
    assertThat(fingerprints.fingerprint(one)).isEqualTo(of(one)).isEqualTo(of(two));
    assertThat(fingerprints.fingerprint(two)).isNotEqualTo(fingerprints.fingerprint(one));
  }

  @Test
  void withoutAnObjectTheFileAndTheMessageCount() {
    assertThat(of(finding("a.yaml", 7, "bad at line 7")))
        .isEqualTo(of(finding("a.yaml", 9, "bad at line 9")))
        .isNotEqualTo(of(finding("b.yaml", 7, "bad at line 7")))
        .isNotEqualTo(of(finding("a.yaml", 7, "worse at line 7")));
  }

  @Test
  void silencedFindingsHaveFingerprintsToo() {
    Finding open = finding(RULE, resource("a.yaml", SERVICE), "spec");
    Finding silenced = finding(RULE, resource("b.yaml", SERVICE), "spec");
    Report report =
        new Report(
            List.of(RULE),
            List.of(open),
            List.of(new Report.Suppressed(silenced, Report.By.SOURCE, "")),
            List.of(),
            2,
            2,
            new RulePages(List.of()));
    Fingerprints fingerprints = Fingerprints.of(report);
    assertThat(fingerprints.fingerprint(silenced)).isNotEqualTo(fingerprints.fingerprint(open));
  }

  @Test
  void aStrangerHasNone() {
    Finding stranger = finding("a.yaml", 1, "wrong");
    assertThatThrownBy(() -> Fingerprints.of(List.of()).fingerprint(stranger))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("not one of these findings");
  }

  /** A finding at one port of the Service, with a note at another place. */
  private static Finding collision(int port, Object... other) {
    Resource resource = resource("a.yaml", SERVICE);
    Finding finding = finding(RULE, resource, "spec", "ports", port, "port");
    return new Finding(
        finding.rule(),
        finding.severity(),
        finding.confidence(),
        finding.unit(),
        resource,
        finding.source(),
        finding.span(),
        finding.place(),
        finding.message(),
        finding.help(),
        List.of(new Note(resource.place().then(other), "the other one")),
        finding.witness());
  }

  @Test
  void whichOfTwoThatCollideComesFirstDoesNotCount() {
    assertThat(of(collision(0, "spec", "ports", 1, "port")))
        .isEqualTo(of(collision(1, "spec", "ports", 0, "port")))
        .isNotEqualTo(of(resource("a.yaml", SERVICE), "spec", "ports", 0, "port"));
    // a note elsewhere explains, and may change
    assertThat(of(collision(0, "metadata", "name")))
        .isEqualTo(of(resource("a.yaml", SERVICE), "spec", "ports", 0, "port"));
  }

  @Test
  void indexesInMessagesDoNotCount() {
    assertThat(of(finding("a.yaml", 1, "\"ports[0].port\" is missing")))
        .isEqualTo(of(finding("a.yaml", 9, "\"ports[12].port\" is missing")))
        .isNotEqualTo(of(finding("a.yaml", 1, "\"ports[0].name\" is missing")));
  }
}
