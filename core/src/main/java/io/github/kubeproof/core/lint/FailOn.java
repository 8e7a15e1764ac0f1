package io.github.kubeproof.core.lint;

import java.util.Locale;

/** From which severity on a finding makes a run fail. */
public enum FailOn {
  ERROR,
  WARNING,
  INFO,
  NEVER;

  public boolean fails(Report report) {
    return this != NEVER
        && report.findings().stream()
            .anyMatch(finding -> finding.severity().isAtLeast(Severity.valueOf(name())));
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The word, so that a list of the constants reads as what the user may type. */
  @Override
  public String toString() {
    return word();
  }
}
