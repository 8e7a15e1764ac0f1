package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Node.Mapping;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells unrendered templates of Helm, Go and Jinja from manifests that merely speak of templates,
 * as alert rules, dashboards and policies do in their strings.
 *
 * <p>Three signs make a template. A text that is no YAML has a placeholder where a line or a value
 * starts ({@link #placeholder}). A text that is YAML has a map <code>{{ ... }}</code> as a key,
 * which only a placeholder looks like; or Helm's own words in an unquoted value ({@link #isHelm});
 * or a placeholder in the name of the object, which no API server accepts ({@link #inName}).
 */
final class Templates {

  private static final String MESSAGE = "unrendered template, skipped";

  private static final Pattern HELM =
      Pattern.compile(
          "\\{\\{[^}\\n]*(?:\\.(?:Values|Release|Chart|Capabilities)\\b|\\b(?:include|template) +\")");
  private static final Pattern QUOTED = Pattern.compile("\\{\\{[^}]*\"");
  private static final Pattern BLOCK_SCALAR = Pattern.compile("[|>][-+0-9]{0,2}\\s*(?:#.*)?");

  private final String text;

  // what the scan has seen so far
  private int blockIndent = -1;
  private char quote;
  private int quoteIndent;
  private int brackets;
  private int nodeIndent = -1;
  private boolean dashed;
  private boolean valueStarts;

  private Templates(String text) {
    this.text = text;
  }

  static Refusal refusal(Span at) {
    return Refusal.ofFile(Problem.Kind.TEMPLATE, at, MESSAGE);
  }

  /** Whether a line has quotes inside of braces, which break the quotes around them. */
  static boolean breaksQuotes(String line) {
    return line.contains("{{") && QUOTED.matcher(line).find();
  }

  static boolean isHelm(String scalar) {
    return scalar.contains("{{") && HELM.matcher(scalar).find();
  }

  /** Where the object's own type or name holds a placeholder; empty when none of them does. */
  static Optional<Span> inName(Node root) {
    Optional<Mapping> object = root.asMapping();
    Optional<Mapping> metadata =
        object.flatMap(map -> map.get("metadata")).flatMap(Node::asMapping);
    return Stream.of(
            object.flatMap(map -> map.get("apiVersion")),
            object.flatMap(map -> map.get("kind")),
            metadata.flatMap(map -> map.get("name")),
            metadata.flatMap(map -> map.get("generateName")),
            metadata.flatMap(map -> map.get("namespace")))
        .flatMap(Optional::stream)
        .filter(node -> node.asString().filter(value -> value.contains("{{")).isPresent())
        .map(Node::span)
        .findFirst();
  }

  /**
   * The offset of the first placeholder in a text that is no YAML; -1 when there is none outside of
   * comments, quotes and block scalars.
   */
  static int placeholder(String text) {
    return text.contains("{{") || text.contains("{%") ? new Templates(text).scan() : -1;
  }

  private int scan() {
    for (int start = 0; start < text.length(); ) {
      int end = Source.nextLine(text, start);
      int first = start;
      while (first < end && text.charAt(first) == ' ') {
        first++;
      }
      if (first < end && !Character.isWhitespace(text.charAt(first))) {
        int found = scanLine(first, end, first - start);
        if (found >= 0) {
          return found;
        }
      }
      start = end;
    }
    return -1;
  }

  private int scanLine(int from, int end, int indent) {
    if (blockIndent >= 0 && indent > blockIndent) {
      return -1;
    }
    blockIndent = -1;
    if (quote != 0 && indent <= quoteIndent) {
      quote = 0; // a string that never ends: go on as if it had
    }
    boolean continued = brackets == 0 && !valueStarts && indent > nodeIndent && nodeIndent >= 0;
    valueStarts = !continued;
    nodeIndent = quote == 0 && !continued ? indent : nodeIndent;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        i = inQuotes(i, c);
      } else if (c == '#' && (i == from || isBlank(text.charAt(i - 1)))) {
        return -1;
      } else if (isPlaceholder(i)) {
        if (valueStarts || isCertain(i, end)) {
          return i;
        }
        i++;
      } else if (valueStarts && (c == '!' || c == '&')) {
        while (i + 1 < end && !isBlank(text.charAt(i + 1))) {
          i++;
        }
      } else if (!isBlank(c)) {
        boolean blockScalar =
            valueStarts && brackets == 0 && (c == '|' || c == '>') && startsBlock(i, end);
        if (blockScalar) {
          blockIndent = nodeIndent;
          return -1;
        }
        step(i, c, indent + i - from, end);
      }
    }
    return -1;
  }

  private int inQuotes(int i, char c) {
    if (c == '\\' && quote == '"') {
      return i + 1;
    }
    if (c == quote) {
      quote = 0;
      valueStarts = false;
    }
    return i;
  }

  private void step(int i, char c, int column, int end) {
    boolean blankFollows = i + 1 >= end || isBlank(text.charAt(i + 1));
    if (valueStarts && c == '-' && blankFollows) {
      nodeIndent = column;
      dashed = true;
      return;
    }
    nodeIndent = dashed ? column : nodeIndent;
    dashed = false;
    if (valueStarts && (c == '"' || c == '\'')) {
      quote = c;
      quoteIndent = nodeIndent;
    } else if (c == ':' && (blankFollows || brackets > 0)) {
      valueStarts = true;
    } else if (valueStarts && (c == '[' || c == '{')) {
      brackets++;
    } else if (brackets > 0 && (c == ']' || c == '}')) {
      brackets--;
      valueStarts = false;
    } else if (brackets > 0 && c == ',') {
      valueStarts = true;
    } else {
      valueStarts = false;
    }
  }

  // inside of an unquoted value, text of the manifest may well have braces: {{ $labels.pod }}
  private boolean isCertain(int i, int end) {
    return text.startsWith("{{-", i)
        || text.startsWith("{%", i)
        || HELM.matcher(text.substring(i, end)).lookingAt();
  }

  private boolean isPlaceholder(int i) {
    return text.startsWith("{{", i) || text.startsWith("{%", i);
  }

  private boolean startsBlock(int i, int end) {
    return BLOCK_SCALAR.matcher(text.substring(i, end)).matches();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
