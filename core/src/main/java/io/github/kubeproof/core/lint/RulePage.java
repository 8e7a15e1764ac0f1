package io.github.kubeproof.core.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The page that stands beside a rule's class and explains it to users.
 *
 * @param markdown the whole page, with {@code \n} line ends
 * @param title the text of its first heading
 * @param summary the first paragraph below the title, as one line
 */
public record RulePage(String markdown, String title, String summary) {

  /**
   * Reads the page of a rule.
   *
   * @throws IllegalStateException when there is none, or when it does not start with a title and a
   *     paragraph
   */
  public static RulePage of(Rule rule) {
    String file = rule.getClass().getSimpleName() + ".md";
    try (InputStream in = rule.getClass().getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(
            "rule " + rule.info().id() + " has no page: " + file + " is not beside its class");
      }
      return parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RulePage parse(String file, String text) {
    String markdown = text.replace("\r\n", "\n");
    List<String> paragraphs =
        List.of(markdown.split("\n\\s*\n")).stream()
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .toList();
    if (paragraphs.size() < 2
        || !paragraphs.get(0).startsWith("# ")
        || paragraphs.get(0).contains("\n")
        || !Character.isLetterOrDigit(plain(paragraphs.get(1)).codePointAt(0))) {
      throw new IllegalStateException(
          file + " must start with a line \"# title\", an empty line and a paragraph");
    }
    return new RulePage(
        markdown,
        paragraphs.get(0).substring(2).strip(),
        paragraphs.get(1).replaceAll("\\s+", " "));
  }

  /** Without the marks that a sentence may start with. */
  private static String plain(String paragraph) {
    return paragraph.replaceFirst("^[`*_\"]+(?=.)", "");
  }
}
