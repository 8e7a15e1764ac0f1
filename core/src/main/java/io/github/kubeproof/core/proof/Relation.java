package io.github.kubeproof.core.proof;

import java.util.Locale;

/** How a set of flows stands to one before it. */
public enum Relation {
  EQUAL,
  /** It has all flows of the one before, and more. */
  WIDENED,
  /** It lacks flows of the one before, and has no others. */
  NARROWED,
  /** Each has flows that the other lacks. */
  INCOMPARABLE,
  /** The solver did not say, or something has a say that nothing here knows. */
  UNDECIDED;

  static Relation of(boolean opened, boolean closed) {
    if (opened) {
      return closed ? INCOMPARABLE : WIDENED;
    }
    return closed ? NARROWED : EQUAL;
  }

  /** How it stands when something else opens or closes traffic, too. */
  public Relation with(boolean opened, boolean closed) {
    return this == UNDECIDED
        ? UNDECIDED
        : of(
            opened || this == WIDENED || this == INCOMPARABLE,
            closed || this == NARROWED || this == INCOMPARABLE);
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
