package io.github.kubeproof.core.lint;

import java.util.Locale;

/** How bad a finding is; the worst first. */
public enum Severity {
  /** The API server rejects it, or the cluster surely misbehaves. */
  ERROR,
  /** Very likely wrong. */
  WARNING,
  /** Worth knowing. */
  INFO;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isAtLeast(Severity other) {
    return compareTo(other) <= 0;
  }
}
