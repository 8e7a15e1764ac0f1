package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.dns.CorefileFault.Kind;

/** A Corefile is wrong at a word; caught where the Corefile is read. */
final class Misuse extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Token at;
  private final Kind kind;

  Misuse(Token at, String message) {
    this(at, message, Kind.MISUSE);
  }

  Misuse(Token at, String message, Kind kind) {
    super(message, null, false, false);
    this.at = at;
    this.kind = kind;
  }

  CorefileFault in(CorefileFault.Phase phase) {
    return new CorefileFault(phase, kind, at, String.valueOf(getMessage()));
  }
}
