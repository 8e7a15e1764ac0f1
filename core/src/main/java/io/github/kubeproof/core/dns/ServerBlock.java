package io.github.kubeproof.core.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a Corefile says of some zones.
 *
 * @param keys the zones with their ports as written, variables replaced
 * @param directives in the order written, imported ones included
 * @param isOpen whether it imports files, so that there may be more in it
 */
public record ServerBlock(List<Token> keys, List<Directive> directives, boolean isOpen) {

  public ServerBlock {
    keys = List.copyOf(keys);
    directives = List.copyOf(directives);
  }

  /** A plugin's line, with its block. */
  public record Directive(String name, List<Token> tokens) {
    public Directive {
      tokens = List.copyOf(tokens);
    }

    public Token at() {
      return tokens.get(0);
    }

    /** The words behind the name, up to the end of the line or the start of a block. */
    public List<Token> args() {
      Dispenser words = new Dispenser(tokens);
      words.next();
      return words.remaining();
    }

    /** The words of a property of its block; absent without such a property. */
    public Optional<List<Token>> property(String property) {
      Dispenser words = new Dispenser(tokens);
      words.next();
      words.remaining();
      while (words.nextBlock()) {
        boolean found = words.val().equals(property);
        List<Token> args = words.remaining();
        if (found) {
          return Optional.of(args);
        }
      }
      return Optional.empty();
    }
  }

  public List<Directive> all(String name) {
    return directives.stream().filter(directive -> directive.name().equals(name)).toList();
  }

  public boolean has(String name) {
    return directives.stream().anyMatch(directive -> directive.name().equals(name));
  }

  /** The zones it serves; the reverse zones of a network where one is written instead. */
  public List<ZoneAddress> zones() {
    List<ZoneAddress> zones = new ArrayList<>();
    for (Token key : keys) {
      zones.addAll(ZoneAddress.of(key));
    }
    return zones;
  }

  /** The zones that a plugin answers for: those behind its name, or all of the block. */
  public List<String> zonesOf(Directive directive) {
    List<String> zones = new ArrayList<>();
    directive.args().forEach(zone -> zones.addAll(ZoneAddress.zones(zone.text())));
    if (zones.isEmpty()) {
      zones().forEach(zone -> zones.add(zone.zone()));
    }
    return zones;
  }

  /** The addresses and interfaces that it listens on; empty for all of them. */
  public List<String> binds() {
    return all("bind").stream().flatMap(bind -> bind.args().stream()).map(Token::text).toList();
  }
}
