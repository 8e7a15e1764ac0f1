package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Findings;

/** Says something about a host at the word that names it. */
final class Mentions {

  private Mentions() {}

  static Findings.Draft report(Mention mention, String message, Findings findings) {
    return findings.report(mention.resource(), mention.place(), mention.span(), message);
  }
}
