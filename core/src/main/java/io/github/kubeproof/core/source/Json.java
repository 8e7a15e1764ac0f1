package io.github.kubeproof.core.source;

import org.jspecify.annotations.Nullable;

/**
 * What JSON may do and YAML 1.1 may not: tabs as white space, {@code \/} in strings, and several
 * values one after another.
 *
 * <p>Only the outline is looked at, brackets and strings; the YAML parser judges the rest.
 */
final class Json {

  /** Stands for the backslash of {@code \/}, so that no column moves; a private-use character. */
  private static final char SLASH_MARK = '\uE0F5';

  private Json() {}

  /** Whether a list or map of JSON could start at an offset, blanks aside. */
  static boolean startsAt(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isBlank(c)) {
        return c == '{' || c == '[';
      }
    }
    return false;
  }

  /**
   * The offset behind the value that starts at an offset; -1 when no list or map of JSON starts or
   * ends there.
   */
  static int end(String text, int from) {
    return startsAt(text, from) ? walk(text, from, null) : -1;
  }

  /** The same text, character by character, as a YAML parser can read it. */
  static String readable(String text) {
    if (!startsAt(text, 0) || (text.indexOf('\t') < 0 && !text.contains("\\/"))) {
      return text;
    }
    StringBuilder readable = new StringBuilder(text);
    return walk(text, 0, readable) < 0 ? text : readable.toString();
  }

  /** Undoes what {@link #readable} did inside of a string. */
  static String original(String scalar) {
    return scalar.replace(SLASH_MARK + "/", "/");
  }

  private static int walk(String text, int from, @Nullable StringBuilder readable) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> i = endOfString(text, i, readable);
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (--depth <= 0) {
            return i + 1;
          }
        }
        case '\t' -> {
          if (readable != null) {
            readable.setCharAt(i, ' ');
          }
        }
        default -> {
          if (!isBlank(c) && c != ',' && c != ':' && !isLiteral(c)) {
            return -1;
          }
        }
      }
    }
    return -1;
  }

  // the offset of the closing quote, or of the end of the text
  private static int endOfString(String text, int quote, @Nullable StringBuilder readable) {
    int i = quote + 1;
    for (; i < text.length() && text.charAt(i) != '"'; i++) {
      if (text.charAt(i) == '\\' && i + 1 < text.length()) {
        if (text.charAt(i + 1) == '/' && readable != null) {
          readable.setCharAt(i, SLASH_MARK);
        }
        i++;
      }
    }
    return i;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  // true, false, null and numbers
  private static boolean isLiteral(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '+'
        || c == '.'
        || c == 'E';
  }
}
