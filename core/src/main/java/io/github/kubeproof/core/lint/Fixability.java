package io.github.kubeproof.core.lint;

/** Whether the findings of a rule may have a {@link Fix}, and of what kind. */
public enum Fixability {
  NONE("none"),
  SAFE("safe"),
  UNSAFE("unsafe"),
  /** Of some findings safe, of others unsafe. */
  EITHER("safe or unsafe");

  private final String word;

  Fixability(String word) {
    this.word = word;
  }

  /** {@code none}, {@code safe}, {@code unsafe} or {@code safe or unsafe}. */
  public String word() {
    return word;
  }

  boolean covers(boolean isSafe) {
    return this == EITHER || this == (isSafe ? SAFE : UNSAFE);
  }
}
