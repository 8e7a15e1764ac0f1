package io.github.kubeproof.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.source.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class HintsTest {

  private static String policyHint(String spec) {
    return hint("networking.k8s.io/v1", "NetworkPolicy", "spec:\n" + spec.indent(2));
  }

  private static String hint(String apiVersion, String kind, String body) {
    List<Problem> problems =
        Yaml.read(
                "apiVersion: %s\nkind: %s\nmetadata: {name: a}\n%s"
                    .formatted(apiVersion, kind, body))
            .problems()
            .stream()
            .filter(problem -> problem.kind() == Problem.Kind.UNKNOWN_FIELD)
            .toList();
    assertThat(problems).hasSize(1);
    return problems.get(0).message();
  }

  @Test
  void misspeltFieldIsNamed() {
    assertThat(policyHint("policyType: [Ingress]"))
        .isEqualTo(
            "unknown field \"spec.policyType\" in NetworkPolicy, did you mean \"policyTypes\"?");
    assertThat(policyHint("podselector: {}")).endsWith(", did you mean \"podSelector\"?");
    assertThat(policyHint("ingerss: []")).endsWith(", did you mean \"ingress\"?");
  }

  @Test
  void nothingIsGuessedForWhatIsFarFromEveryField() {
    assertThat(policyHint("order: 10")).isEqualTo("unknown field \"spec.order\" in NetworkPolicy");
  }

  @Test
  void labelsOfASelectorBelongUnderMatchLabels() {
    assertThat(policyHint("podSelector: {app.kubernetes.io/name: web}"))
        .isEqualTo(
            "unknown field \"spec.podSelector.app.kubernetes.io/name\" in NetworkPolicy, labels"
                + " belong under \"matchLabels\"");
    assertThat(policyHint("podSelector: {matchLabel: {app: web}}"))
        .endsWith(", did you mean \"matchLabels\"?");
  }

  @Test
  void theOtherDirectionIsTurnedAround() {
    assertThat(policyHint("ingress: [{to: []}]")).endsWith(", did you mean \"from\"?");
    assertThat(policyHint("egress: [{from: []}]")).endsWith(", did you mean \"to\"?");
  }

  @Test
  void fieldOfALevelBelowIsSentThere() {
    assertThat(policyHint("ingress: [{from: [{cidr: 10.0.0.0/8}]}]"))
        .isEqualTo(
            "unknown field \"spec.ingress[0].from[0].cidr\" in NetworkPolicy, it belongs under"
                + " \"ipBlock\"");
    assertThat(hint("networking.k8s.io/v1", "NetworkPolicy", "podSelector: {}"))
        .isEqualTo("unknown field \"podSelector\" in NetworkPolicy, it belongs under \"spec\"");
  }

  @Test
  void fieldOfALevelAboveIsSentThere() {
    assertThat(policyHint("ingress: [{from: [{ports: []}]}]"))
        .endsWith(", it belongs in \"spec.ingress[0]\"");
    assertThat(policyHint("metadata: {}")).endsWith(", it belongs at the top");
  }

  @Test
  void oldIngressBackendIsTranslated() {
    assertThat(
            hint("networking.k8s.io/v1", "Ingress", "spec: {defaultBackend: {serviceName: web}}"))
        .endsWith(", did you mean \"service.name\"?");
    assertThat(hint("networking.k8s.io/v1", "Ingress", "spec: {backend: {}}"))
        .endsWith(", did you mean \"defaultBackend\"?");
  }

  @Test
  void catalogueGivesTheSameHints() {
    String route = "gateway.networking.k8s.io/v1";
    assertThat(hint(route, "HTTPRoute", "spec: {parentRef: []}"))
        .endsWith(", did you mean \"parentRefs\"?");
    assertThat(hint(route, "HTTPRoute", "spec: {rules: [{hostnames: [a.example.com]}]}"))
        .endsWith(", it belongs in \"spec\"");
    assertThat(hint(route, "HTTPRoute", "rules: []")).endsWith(", it belongs under \"spec\"");
  }
}
