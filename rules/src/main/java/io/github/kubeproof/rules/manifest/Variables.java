package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Severity;

/**
 * Texts that somebody fills in before they are applied, such as {@code ${APP}} of envsubst and
 * Flux.
 *
 * <p>The API server refuses them as they stand, but they are hardly a mistake.
 */
final class Variables {

  private Variables() {}

  /** The draft, as mere information where a text holds a variable. */
  static Findings.Draft mind(String text, Findings.Draft draft) {
    return text.contains("${") || text.contains("{{")
        ? draft
            .severity(Severity.INFO)
            .help("lint the manifest with its variables filled in: as it stands, it is refused")
        : draft;
  }
}
