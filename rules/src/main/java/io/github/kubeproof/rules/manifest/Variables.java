package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Span;
import java.util.Optional;
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

  /**
   * Reports what is wrong with a text, if anything is: {@code host "a_b" has an underscore}.
   *
   * @param what the text is, as a reader would call it
   * @param flaw what follows the text in the message; empty when nothing is wrong with it
   */
  public static void reportFlaw(
      Resource resource,
      Place place,
      String what,
      String text,
      Optional<String> flaw,
      Findings findings) {
    reportFlaw(resource, place, place.span(), what, text, flaw, findings);
  }

  /** Reports what is wrong with the key of something that is written, if anything is. */
  static void reportFlawOfKey(
      Resource resource,
      Place place,
      String what,
      String key,
      Optional<String> flaw,
      Findings findings) {
    reportFlaw(resource, place, place.keySpan(), what, key, flaw, findings);
  }

  private static void reportFlaw(
      Resource resource,
      Place place,
      Span span,
      String what,
      String text,
      Optional<String> flaw,
      Findings findings) {
    flaw.ifPresent(
        f -> mind(text, findings.report(resource, place, span, what + " \"" + text + "\" " + f)));
  }

  /** The draft, as mere information where a text holds a variable. */
  public static Findings.Draft mind(String text, Findings.Draft draft) {
    return PLACEHOLDER.matcher(text).find()
        ? draft
            .severity(Severity.INFO)
            .help("lint the manifest with its variables filled in: as it stands, it is refused")
        : draft;
  }
}
