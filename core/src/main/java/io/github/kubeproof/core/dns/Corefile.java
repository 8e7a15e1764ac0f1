package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.dns.CorefileFault.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The configuration of a CoreDNS server, and what it refuses to start with.
 *
 * <p>Read as CoreDNS 1.14 reads it (coredns/caddy caddyfile/parse.go, coredns core/dnsserver).
 *
 * @param blocks those that could be read, up to the first fault of the grammar
 * @param isOpen whether files are imported between the blocks, so that there may be more of them
 * @param faults those of the first phase that has some: CoreDNS does not come further
 */
public record Corefile(List<ServerBlock> blocks, boolean isOpen, List<CorefileFault> faults) {

  /** What is filled in before CoreDNS reads it: by sed, envsubst, Helm, kubeadm or CoreDNS. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "__[A-Z0-9_]+__|\\{\\{|\\}\\}|\\{[$%]|\\$\\{|\\$\\(?[A-Za-z_]|<[A-Za-z][A-Za-z0-9 _.-]*>"
              + "|@[A-Za-z_]+@|%[A-Za-z_]+%|\\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\\b|\\}[A-Z]{3,}"
              + "|\\bUPSTREAM[A-Z]*\\b");

  public Corefile {
    blocks = List.copyOf(blocks);
    faults = List.copyOf(faults);
  }

  /**
   * What CoreDNS makes of a text.
   *
   * @param environment the value of a variable; empty when nobody knows it
   */
  public static Corefile parse(String text, Function<String, Optional<String>> environment) {
    CorefileParser parser = new CorefileParser(Lexer.tokens(text), environment);
    List<CorefileFault> faults = new ArrayList<>();
    try {
      parser.parse();
    } catch (Misuse misuse) {
      faults.add(misuse.in(Phase.PARSE));
    }
    if (faults.isEmpty()) {
      parser.blocks().stream()
          .flatMap(block -> block.keys().stream())
          .forEach(key -> ZoneAddress.fault(key).ifPresent(faults::add));
    }
    if (faults.isEmpty()) {
      parser.blocks().forEach(block -> faults.addAll(Plugins.faults(block)));
    }
    if (faults.isEmpty()) {
      faults.addAll(doubled(parser.blocks()));
    }
    return new Corefile(parser.blocks(), parser.importsServers(), faults);
  }

  /** Whether a line of it is to be filled in by somebody before CoreDNS reads it. */
  public static boolean hasPlaceholder(String line) {
    int comment = line.indexOf('#');
    return PLACEHOLDER.matcher(comment < 0 ? line : line.substring(0, comment)).find();
  }

  private record Listener(String transport, String zone, long port, String address) {}

  /** Zones that two blocks serve at one address (core/dnsserver/address.go). */
  private static List<CorefileFault> doubled(List<ServerBlock> blocks) {
    List<CorefileFault> faults = new ArrayList<>();
    Map<Listener, ZoneAddress> served = new HashMap<>();
    Set<Listener> bound = new HashSet<>();
    for (ServerBlock block : blocks) {
      List<String> addresses = block.binds().isEmpty() ? List.of("") : block.binds();
      for (ZoneAddress zone : block.zones()) {
        if (zone.port() < 0 || zone.port() > 65535) {
          faults.add(fault(zone, "there is no port " + zone.port()));
          continue;
        }
        Listener anywhere = new Listener(zone.transport(), zone.zone(), zone.port(), "");
        for (String address : addresses) {
          Listener here = new Listener(zone.transport(), zone.zone(), zone.port(), address);
          ZoneAddress before = served.get(here);
          if (before != null) {
            faults.add(
                fault(
                    zone,
                    zone
                        + (address.isEmpty() ? "" : " on " + address)
                        + " is served twice, first in line "
                        + before.key().line()));
          } else if (address.isEmpty() ? bound.contains(anywhere) : served.containsKey(anywhere)) {
            faults.add(fault(zone, zone + " is served both on all addresses and on some of them"));
          } else if (!block.has("view")) {
            served.put(here, zone);
            if (!address.isEmpty()) {
              bound.add(anywhere);
            }
          }
        }
      }
    }
    return faults;
  }

  private static CorefileFault fault(ZoneAddress zone, String message) {
    return new CorefileFault(Phase.SERVERS, CorefileFault.Kind.MISUSE, zone.key(), message);
  }
}
