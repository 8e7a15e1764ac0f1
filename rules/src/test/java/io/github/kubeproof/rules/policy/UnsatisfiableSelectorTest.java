package io.github.kubeproof.rules.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.lint.Finding;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.testkit.Case;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnsatisfiableSelectorTest {

  @Test
  void theNotesNameTheSmallestSetOfConditions() {
    Source policy =
        new Source(
            "policy.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: web, namespace: shop }
            spec:
              podSelector:
                matchLabels: { env: prod, app: web }
                matchExpressions:
                  - { key: env, operator: Exists }
                  - { key: env, operator: NotIn, values: [test] }
                  - { key: app, operator: Exists }
                  - { key: env, operator: NotIn, values: [prod, stage] }
            """);

    List<Finding> findings =
        new Case("policy", List.of(policy)).lint(List.of(new UnsatisfiableSelector())).findings();

    assertThat(findings).hasSize(1);
    Finding finding = findings.get(0);
    assertThat(finding.message())
        .isEqualTo("no pod can match: label env would be \"prod\" and not be one of [prod, stage]");
    assertThat(finding.span().line()).isEqualTo(11);
    assertThat(finding.notes()).hasSize(1);
    assertThat(finding.notes().get(0).message()).isEqualTo("here it would be \"prod\"");
    assertThat(finding.notes().get(0).place().span().line()).isEqualTo(6);
  }
}
