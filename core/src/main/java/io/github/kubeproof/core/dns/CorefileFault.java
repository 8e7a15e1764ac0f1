package io.github.kubeproof.core.dns;

/**
 * Something for which CoreDNS refuses to start.
 *
 * @param at the word to look at
 * @param message what is wrong, in words that can stand alone
 */
public record CorefileFault(Phase phase, Kind kind, Token at, String message) {

  /** How far CoreDNS comes before it gives up. */
  public enum Phase {
    /** Braces, imports and the names of plugins. */
    PARSE,
    /** The names of the server blocks. */
    KEYS,
    /** What a plugin wants of its lines. */
    SETUP,
    /** What is served twice, and where. */
    SERVERS
  }

  /** How certain it is for a CoreDNS that is not the one we know. */
  public enum Kind {
    MISUSE,
    /** A plugin that an official build does not have; another build may. */
    UNKNOWN_PLUGIN,
    /** A property that the plugin does not have; that of another release may. */
    UNKNOWN_PROPERTY
  }
}
