package io.github.kubeproof.core.dns;

import java.util.ArrayList;
import java.util.List;

/**
 * How names are resolved on a node, as kubelet reads the node's {@code resolv.conf}
 * (pkg/kubelet/network/dns/dns.go, parseResolvConf).
 *
 * @param options one for each name, the last one written
 */
public record NodeResolver(List<String> nameservers, List<String> searches, List<String> options) {

  public NodeResolver {
    nameservers = List.copyOf(nameservers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }

  /**
   * What kubelet uses where it is told to read no file: the node itself, for each address of it.
   */
  public static NodeResolver without(List<String> nodeAddresses) {
    List<String> servers = new ArrayList<>();
    for (String address : nodeAddresses.isEmpty() ? List.of("127.0.0.1") : nodeAddresses) {
      servers.add(address.contains(":") ? "::1" : "127.0.0.1");
    }
    return new NodeResolver(servers, List.of("."), List.of());
  }

  /** The resolver of a file's text. */
  public static NodeResolver of(String text) {
    List<String> nameservers = new ArrayList<>();
    List<String> searches = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] words = line.strip().split("\\s+");
      List<String> values = List.of(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" -> values.stream().findFirst().ifPresent(nameservers::add);
        case "search" -> {
          searches.clear(); // the last line wins
          values.stream()
              .filter(search -> !search.equals("."))
              .map(
                  search ->
                      search.endsWith(".") ? search.substring(0, search.length() - 1) : search)
              .forEach(searches::add);
        }
        case "options" -> values.forEach(option -> put(option, options));
        default -> {}
      }
    }
    return new NodeResolver(nameservers, searches, options);
  }

  private static void put(String option, List<String> options) {
    String name = option.split(":", -1)[0];
    options.removeIf(other -> other.split(":", -1)[0].equals(name));
    options.add(option);
  }
}
