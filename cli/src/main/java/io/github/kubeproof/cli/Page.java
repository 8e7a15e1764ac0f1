package io.github.kubeproof.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows Markdown on a terminal: as much of it as rule pages use, which is headings, paragraphs,
 * lists, fenced code, code in a line, emphasis and links.
 */
record Page(boolean colours) {

  private static final int WIDTH = 90;

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern STRONG = Pattern.compile("\\*\\*([^*]+)\\*\\*");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\(([^)]+)\\)");
  private static final Pattern ITEM = Pattern.compile("( *(?:[-*]|\\d+\\.) )(.*)");

  String render(String markdown) {
    StringBuilder page = new StringBuilder();
    StringBuilder paragraph = new StringBuilder();
    boolean code = false;
    for (String line : markdown.lines().toList()) {
      boolean fence = line.strip().startsWith("```");
      if (fence || code || line.isBlank() || line.startsWith("#") || ITEM.matcher(line).matches()) {
        flow(paragraph, page);
      }
      if (fence) {
        code = !code;
      } else if (code) {
        page.append(line.isBlank() ? "" : "    " + line).append('\n');
      } else if (line.isBlank()) {
        page.append('\n');
      } else if (line.startsWith("#")) {
        page.append(paint("1", inline(line.replaceFirst("#+ *", "")))).append('\n');
      } else {
        paragraph.append(paragraph.isEmpty() ? line : " " + line.strip());
      }
    }
    flow(paragraph, page);
    return page.toString();
  }

  /** Breaks a paragraph or an item of a list into lines, and empties it. */
  private void flow(StringBuilder paragraph, StringBuilder page) {
    if (paragraph.isEmpty()) {
      return;
    }
    Matcher item = ITEM.matcher(paragraph);
    String bullet = item.matches() ? item.group(1) : "";
    String rest = item.matches() ? item.group(2) : paragraph.toString();
    StringBuilder line = new StringBuilder(bullet);
    for (String word : rest.strip().split(" +", -1)) {
      if (line.length() > bullet.length() && line.length() + 1 + word.length() > WIDTH) {
        page.append(inline(line.toString())).append('\n');
        line = new StringBuilder(" ".repeat(bullet.length()));
      }
      boolean first = line.toString().isBlank() || line.length() == bullet.length();
      line.append(first ? "" : " ").append(word);
    }
    page.append(inline(line.toString())).append('\n');
    paragraph.setLength(0);
  }

  private String inline(String text) {
    String linked = LINK.matcher(text).replaceAll("$1 ($2)");
    String strong = STRONG.matcher(linked).replaceAll(found -> quoted("1", found.group(1)));
    // without colours the backticks tell code from words
    return colours
        ? CODE.matcher(strong).replaceAll(found -> quoted("36", found.group(1)))
        : strong;
  }

  private String quoted(String colour, String text) {
    return Matcher.quoteReplacement(paint(colour, text));
  }

  private String paint(String colour, String text) {
    return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }
}
