package io.github.kubeproof.core.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a host that stands in a text, perhaps with a port.
 *
 * @param host in lower case, as written otherwise: {@code cart}, {@code cart.shop.svc}
 * @param port 0 where none is written
 * @param scheme of the URL, in lower case; empty where there is none
 * @param line the line of the text that the host stands in, counted from 1
 * @param column where the host starts, in code points, counted from 1
 */
public record HostReference(String host, int port, String scheme, Kind kind, int line, int column) {

  /** How sure it is that something is looked up and called under the name. */
  public enum Kind {
    /** The host of a URL. */
    URL,
    /** A name with a port. */
    HOST_AND_PORT,
    /** A name that only Services have, or below the usual domain, without anything else. */
    NAME
  }

  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?";
  private static final String NAME = LABEL + "(?:\\." + LABEL + ")*\\.?";

  // what follows a name that is whole; a variable may go on with it
  private static final String END = "(?![A-Za-z0-9_.$%{(*@-])";

  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^\\s/@'\"]*@)?(?<url>"
              + NAME
              + "))"
              + "(?::(?<urlport>[0-9]{1,5}))?"
              + END
              + "|(?<![A-Za-z0-9_./:$%{}*\\\\-])(?:(?<host>"
              + NAME
              + "):(?<port>[0-9]{1,5})(?!:)"
              + END
              + "|(?<service>"
              + LABEL
              + "(?:\\."
              + LABEL
              + ")+(?:\\.svc(?:\\."
              + LABEL
              + ")*|\\.cluster\\.local)\\.?)(?![:])"
              + END
              + ")");

  /** The references of a text, in the order written; addresses and localhost are none. */
  public static List<HostReference> in(String text) {
    List<HostReference> found = new ArrayList<>();
    Matcher matcher = null;
    int line = 1;
    for (int start = 0; start < text.length(); line++) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline;
      if (mayHold(text, start, end)) {
        matcher = matcher == null ? REFERENCE.matcher(text) : matcher;
        matcher.region(start, end);
        while (matcher.find()) {
          read(matcher, text, line, start).ifPresent(found::add);
        }
      }
      start = end + 1;
    }
    return found;
  }

  /** A quick look, as most lines of most values hold nothing. */
  private static boolean mayHold(String text, int start, int end) {
    for (int i = start; i < end - 1; i++) {
      char next = text.charAt(i + 1);
      boolean isPort = next >= '0' && next <= '9' && i > start;
      if ((text.charAt(i) == ':' && (next == '/' || isPort))
          || (next == 's' && text.startsWith(".svc", i))
          || (next == 'c' && text.startsWith(".cluster.local", i))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<HostReference> read(
      Matcher matcher, String text, int line, int lineStart) {
    String group =
        matcher.group("url") != null ? "url" : matcher.group("host") != null ? "host" : "service";
    String host = matcher.group(group).toLowerCase(Locale.ROOT);
    if (!isName(host)) {
      return Optional.empty();
    }
    String port = group.equals("url") ? matcher.group("urlport") : matcher.group("port");
    String scheme = matcher.group("scheme");
    return Optional.of(
        new HostReference(
            host,
            port == null ? 0 : Integer.parseInt(port),
            scheme == null ? "" : scheme.toLowerCase(Locale.ROOT),
            kind(group),
            line,
            1 + text.codePointCount(lineStart, matcher.start(group))));
  }

  private static Kind kind(String group) {
    return switch (group) {
      case "url" -> Kind.URL;
      case "host" -> Kind.HOST_AND_PORT;
      default -> Kind.NAME;
    };
  }

  private static boolean isName(String host) {
    return !host.equals("localhost") && host.chars().anyMatch(c -> c >= 'a' && c <= 'z');
  }

  /** The labels of the host. */
  public List<String> labels() {
    String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return List.of(bare.split("\\.", -1));
  }

  /** Whether a dot at its end keeps the search list of the pod out. */
  public boolean isAbsolute() {
    return host.endsWith(".");
  }

  /**
   * The port that is called: the one written, or that of the scheme; empty where neither says it.
   */
  public Optional<Integer> calledPort() {
    if (port != 0) {
      return Optional.of(port);
    }
    return switch (scheme) {
      case "http", "ws" -> Optional.of(80);
      case "https", "wss" -> Optional.of(443);
      default -> Optional.empty();
    };
  }

  /**
   * The Service that the name stands for in a pod.
   *
   * @param namespace of the pod
   * @return empty where the name can be no Service's: {@code example.org} and such are not told
   *     from {@code service.namespace}, so ask whether there is such a one
   */
  public Optional<ServiceName> service(String namespace, String domain) {
    List<String> labels = labels();
    int svc = labels.indexOf("svc");
    if (svc >= 0) {
      String rest = String.join(".", labels.subList(svc + 1, labels.size()));
      boolean ours = rest.isEmpty() || rest.equals(domain);
      return !ours || svc < 2 || svc > 3
          ? Optional.empty()
          : Optional.of(
              new ServiceName(
                  labels.get(svc - 2), labels.get(svc - 1), svc == 3 ? labels.get(0) : ""));
    }
    if (isAbsolute()) {
      return Optional.empty();
    }
    return switch (labels.size()) {
      case 1 -> Optional.of(new ServiceName(labels.get(0), namespace, ""));
      case 2 -> Optional.of(new ServiceName(labels.get(0), labels.get(1), ""));
      default -> Optional.empty();
    };
  }

  /** Whether only a name of a cluster looks like this: {@code svc} stands behind two labels. */
  public boolean isQualified() {
    return labels().indexOf("svc") >= 2;
  }

  /**
   * A Service by name.
   *
   * @param pod the pod behind a headless Service that is meant; empty for the Service itself
   */
  public record ServiceName(String name, String namespace, String pod) {}
}
