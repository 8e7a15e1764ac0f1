package io.github.kubeproof.core.lint;

import java.util.Locale;

/** Which rules run where the user names none. */
public enum Profile {
  /** Those whose findings are nearly always worth a change. */
  RECOMMENDED,
  /** All of them, also those that are a matter of taste or of policy. */
  STRICT;

  /** The word that the user types for it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
