package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.dns.ServerBlock.Directive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Finds queries that a CoreDNS server sends to itself, again and again. */
public final class ForwardLoops {

  private final List<ServerBlock> blocks;
  private final BiFunction<String, Integer, Optional<Integer>> ownPort;

  private ForwardLoops(
      List<ServerBlock> blocks, BiFunction<String, Integer, Optional<Integer>> ownPort) {
    this.blocks = blocks;
    this.ownPort = ownPort;
  }

  /**
   * A zone whose queries come back.
   *
   * @param block where they start
   * @param upstream the word to look at: the server that is this one
   * @param isFatal whether the plugin loop sees it and ends the server
   */
  public record Loop(ServerBlock block, ZoneAddress zone, Token upstream, boolean isFatal) {}

  /**
   * The loops of a Corefile, at most one for each block.
   *
   * @param ownPort for an address and a port of the server's Service, the port that it listens on
   */
  public static List<Loop> in(
      Corefile corefile, BiFunction<String, Integer, Optional<Integer>> ownPort) {
    ForwardLoops loops = new ForwardLoops(corefile.blocks(), ownPort);
    List<Loop> found = new ArrayList<>();
    for (ServerBlock block : corefile.blocks()) {
      loops.from(block).ifPresent(found::add);
    }
    return found;
  }

  private Optional<Loop> from(ServerBlock block) {
    List<ZoneAddress> zones = block.zones();
    for (int i = 0; i < zones.size(); i++) {
      ZoneAddress zone = zones.get(i);
      // as the plugin loop does: a name that nobody has
      String name = "hinfo-query." + (zone.zone().equals(".") ? "" : zone.zone());
      Optional<Token> upstream = loop(block, name, new LinkedHashSet<>());
      if (upstream.isPresent()) {
        return Optional.of(new Loop(block, zone, upstream.get(), i == 0 && block.has("loop")));
      }
    }
    return Optional.empty();
  }

  /** The upstream of a block over which a name comes back to a block that had it before. */
  private Optional<Token> loop(ServerBlock block, String name, Set<ServerBlock> before) {
    if (!before.add(block)) {
      return Optional.empty();
    }
    for (Token upstream : upstreams(block, name)) {
      Optional<ServerBlock> next =
          Upstream.of(upstream.text()).flatMap(server -> served(server, name));
      if (next.isEmpty()) {
        continue;
      }
      if (before.contains(next.get()) || loop(next.get(), name, before).isPresent()) {
        return Optional.of(upstream);
      }
    }
    return Optional.empty();
  }

  /** The servers that a block asks for a name; none where another plugin answers it. */
  private static List<Token> upstreams(ServerBlock block, String name) {
    for (Directive answering : block.directives()) {
      boolean answers =
          Set.of("hosts", "file", "template", "whoami", "erratic").contains(answering.name())
              || (answering.name().equals("kubernetes") && isAuthority(answering, block, name));
      if (answers && answering.property("fallthrough").isEmpty()) {
        return List.of();
      }
    }
    for (Directive forward : block.all("forward")) {
      List<Token> args = forward.args();
      if (args.size() < 2) {
        continue;
      }
      String from = ZoneAddress.zones(args.get(0).text()).get(0);
      boolean excepted =
          forward.property("except").orElse(List.of()).stream()
              .anyMatch(zone -> ZoneAddress.isBelow(name, ZoneAddress.normal(zone.text())));
      if (ZoneAddress.isBelow(name, from) && !excepted) {
        return args.subList(1, args.size());
      }
    }
    return List.of();
  }

  private static boolean isAuthority(Directive kubernetes, ServerBlock block, String name) {
    return block.zonesOf(kubernetes).stream().anyMatch(zone -> ZoneAddress.isBelow(name, zone));
  }

  /** The block that answers a name at an address of this server. */
  private Optional<ServerBlock> served(Upstream server, String name) {
    int port =
        server.isLoopback()
            ? server.port()
            : ownPort.apply(server.host(), server.port()).orElse(-1);
    record Candidate(ServerBlock block, ZoneAddress zone) {}
    return blocks.stream()
        .filter(block -> listens(block, server))
        .flatMap(block -> block.zones().stream().map(zone -> new Candidate(block, zone)))
        .filter(candidate -> candidate.zone().port() == port)
        .filter(candidate -> candidate.zone().transport().equals("dns"))
        .filter(candidate -> ZoneAddress.isBelow(name, candidate.zone().zone()))
        .max(Comparator.comparing(candidate -> candidate.zone().zone().length()))
        .map(Candidate::block);
  }

  private static boolean listens(ServerBlock block, Upstream server) {
    List<String> binds = block.binds();
    return binds.isEmpty()
        || binds.contains(server.host())
        || binds.contains("0.0.0.0")
        || binds.contains("::")
        || (binds.contains("lo") && server.isLoopback());
  }
}
