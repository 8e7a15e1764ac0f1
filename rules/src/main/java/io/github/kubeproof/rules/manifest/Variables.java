package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Severity;
import java.util.regex.Pattern;

/**
 * Texts that somebody fills in before they are applied, such as {@code ${APP}} of envsubst and
 * Flux, or {@code <your domain>} and {@code INGRESS_HOST} of instructions.
 *
 * <p>The API server refuses them as they stand, but they are hardly a mistake.
 */
public final class Variables {

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{|\\{\\{|<[^<>]+>|__[A-Z0-9_]+__|^[A-Z0-9]+(_[A-Z0-9]+)+$");

  private Variables() {}

  /** The draft, as mere information where a text holds a variable. */
  public static Findings.Draft mind(String text, Findings.Draft draft) {
    return PLACEHOLDER.matcher(text).find()
        ? draft
            .severity(Severity.INFO)
            .help("lint the manifest with its variables filled in: as it stands, it is refused")
        : draft;
  }
}
