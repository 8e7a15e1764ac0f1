package io.github.kubeproof.cli;

import io.github.kubeproof.core.reach.AddressRange;
import io.github.kubeproof.core.source.UserError;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Small things about text that is shown. */
final class Text {

  /** How many ranges of addresses a person is shown. */
  private static final int SHOWN = 6;

  private Text() {}

  /**
   * One line without control characters: names of files and values of manifests are other people's
   * words, and must neither move the cursor nor start a line of their own.
   */
  static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                visible.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                visible.appendCodePoint(c);
              }
            });
    return visible.toString();
  }

  /** {@code 1 error}, {@code 2 errors}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** The word for a constant. */
  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** {@code every address outside}, or the first of some ranges. */
  static String ranges(List<AddressRange> ranges) {
    if (ranges.equals(AddressRange.ALL)) {
      return "every address outside";
    }
    List<String> words = ranges.stream().limit(SHOWN).map(AddressRange::toString).toList();
    return String.join(", ", words)
        + (ranges.size() > SHOWN ? " and " + (ranges.size() - SHOWN) + " more" : "");
  }

  /**
   * The file that the value of a flag names.
   *
   * @throws UserError for what can be no name of a file
   */
  static Path path(String flag, String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new UserError(flag + ": not a file name: " + name);
    }
  }

  /** A string of JSON, with its quotes. */
  static String json(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A list of strings of JSON. */
  static void json(List<String> strings, Writer out) throws IOException {
    String between = "[";
    for (String string : strings) {
      out.write(between + json(string));
      between = ", ";
    }
    out.write(strings.isEmpty() ? "[]" : "]");
  }

  /** A cell of CSV (RFC 4180); one that starts like a formula is one for a spreadsheet. */
  static String csv(String cell) {
    String safe = cell.matches("[=+\\-@].*") ? "'" + cell : cell;
    return safe.matches("[^\",\r\n]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
  }

  /** A cell of a table in Markdown. */
  static String markdown(String text) {
    return visible(text).replace("|", "\\|").replace("*", "\\*");
  }
}
