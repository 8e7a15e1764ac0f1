package io.github.kubeproof.core.report;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Names of files as URIs. */
final class Uris {

  private static final String PLAIN = "-._~/";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Uris() {}

  /** A reference relative to the working directory; a {@code file:} URI for an absolute name. */
  static String of(String name) {
    if (name.matches("[A-Za-z]:/.*")) {
      return "file:///" + name.substring(0, 2) + encode(name.substring(2));
    }
    return name.startsWith("/") ? "file://" + encode(name) : encode(withoutDot(name));
  }

  static boolean isAbsolute(String uri) {
    return uri.startsWith("file:");
  }

  /** Without {@code ./} at the start, which code hosts do not understand. */
  static String withoutDot(String name) {
    return name.startsWith("./") && name.length() > 2 ? withoutDot(name.substring(2)) : name;
  }

  private static String encode(String path) {
    StringBuilder uri = new StringBuilder();
    for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || PLAIN.indexOf(c) >= 0;
      uri.append(plain ? String.valueOf(c) : "%" + HEX.toHexDigits(octet));
    }
    return uri.toString();
  }
}
