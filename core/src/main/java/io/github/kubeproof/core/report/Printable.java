package io.github.kubeproof.core.report;

import java.util.HexFormat;

/**
 * Text from manifests made safe for terminals and logs: what cannot be seen, or changes what is
 * seen (escape sequences, the direction of writing), is written as an escape.
 */
final class Printable {

  private Printable() {}

  /** A text on one line; a tab is a blank. */
  static String of(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints().forEach(point -> result.append(of(point)));
    return result.toString();
  }

  static String of(int point) {
    if (point == '\t') {
      return " ";
    }
    if (isSafe(point)) {
      return Character.toString(point);
    }
    HexFormat hex = HexFormat.of();
    return point <= 0xffff ? "\\u" + hex.toHexDigits((char) point) : "\\U" + hex.toHexDigits(point);
  }

  // ranges and not Character.getType, whose answers change with the JDK
  private static boolean isSafe(int point) {
    if (point < 0x7f) {
      return point >= 0x20;
    }
    boolean control = point <= 0x9f;
    boolean invisible =
        point == 0xad
            || point == 0x61c
            || point == 0x180e
            || in(point, 0x200b, 0x200f)
            || in(point, 0x2028, 0x202e)
            || in(point, 0x2060, 0x206f)
            || point == 0xfeff
            || in(point, 0xfff9, 0xfffb)
            || in(point, 0xe0000, 0xe0fff);
    return !control && !invisible && !in(point, 0xd800, 0xdfff);
  }

  private static boolean in(int point, int first, int last) {
    return first <= point && point <= last;
  }
}
