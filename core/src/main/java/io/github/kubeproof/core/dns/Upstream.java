package io.github.kubeproof.core.dns;

import io.github.kubeproof.core.traffic.Address;
import java.util.Locale;
import java.util.Optional;

/**
 * A server that {@code forward} asks.
 *
 * @param host an address, the name of a host, or a file
 * @param port 0 where it comes from a file
 */
public record Upstream(String host, int port) {

  /** What is wrong with a text; what may be the name of a host or of a file is not. */
  static Optional<String> flaw(String text) {
    int scheme = text.indexOf("://");
    String transport = scheme < 0 ? "dns" : text.substring(0, scheme).toLowerCase(Locale.ROOT);
    String rest = scheme < 0 ? text : text.substring(scheme + 3);
    if (scheme >= 0 && !transport.matches("dns|tls|https")) {
      return Optional.of(
          "forward cannot speak \""
              + transport
              + "\": \""
              + text
              + "\" needs dns://, tls:// or none");
    }
    if (rest.isEmpty()) {
      return Optional.of("no address stands behind \"" + text + "\"");
    }
    if (transport.equals("https") && rest.contains("/")) {
      return Optional.of("an upstream for HTTPS has no path: \"" + text + "\"");
    }
    if (scheme < 0 && rest.contains("/") && !rest.matches("[0-9.]+/[0-9]+")) {
      return Optional.empty(); // a file
    }
    String host = hostOf(rest);
    if (address(host).isPresent()) {
      return Optional.empty();
    }
    if (host.matches("[0-9.]+(/[0-9]+)?")) {
      return Optional.of("\"" + text + "\" is no address");
    }
    if (host.contains(",")) {
      return Optional.of("upstreams are separated by blanks: \"" + text + "\" is read as one name");
    }
    boolean isName =
        host.matches(
            "(?i)[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?(\\.[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?)*\\.?");
    return isName
        ? Optional.empty()
        : Optional.of("\"" + text + "\" is no address, no name and no file");
  }

  /** The server that a word stands for; empty for a file, and for what is no upstream. */
  public static Optional<Upstream> of(String text) {
    if (flaw(text).isPresent()) {
      return Optional.empty();
    }
    int scheme = text.indexOf("://");
    String rest = scheme < 0 ? text : text.substring(scheme + 3);
    int usual = scheme < 0 || text.startsWith("dns") ? 53 : text.startsWith("tls") ? 853 : 443;
    String host = hostOf(rest);
    if (host.contains("/")) {
      return Optional.empty();
    }
    String port = rest.substring(rest.lastIndexOf(':') + 1);
    boolean hasPort =
        !address(rest).isPresent() && rest.indexOf(':') > 0 && port.matches("[0-9]{1,5}");
    String bare = host.replaceAll("[\\[\\]]", "");
    return Optional.of(new Upstream(bare, hasPort ? Integer.parseInt(port) : usual));
  }

  private static String hostOf(String text) {
    if (address(text).isPresent() || !text.matches(".+:[^:\\]]*")) {
      return text;
    }
    return text.substring(0, text.lastIndexOf(':'));
  }

  /** The address of a text, in brackets or not, with a zone or not. */
  static Optional<Address> address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    return Address.parse(bare.replaceFirst("%.*", ""));
  }

  /** Whether it is an address of the machine itself: 127.0.0.0/8 or ::1. */
  public boolean isLoopback() {
    return address(host)
        .map(address -> address.toString())
        .filter(address -> address.startsWith("127.") || address.equals("::1"))
        .isPresent();
  }
}
