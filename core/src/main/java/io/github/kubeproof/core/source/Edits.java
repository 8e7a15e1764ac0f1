package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes of what is written, which keep comments, quotes, indentation and line ends.
 *
 * <p>Each answers with no edit where it cannot be sure of its result: in templates, behind aliases
 * and anchors, whose values stand elsewhere, too, and in texts of several lines.
 */
public final class Edits {

  /** What needs no quotes, as long as it is not read as something else than a string. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./-]*");

  /** What needs no escapes in quotes. */
  private static final Pattern QUOTABLE = Pattern.compile("[ -~&&[^'\"\\\\]]*");

  private static final Pattern ANCHOR = Pattern.compile("(^|[\\s\\[{,:])[&!]\\S");

  private Edits() {}

  /** All edits, or none where some of them cannot be made. */
  public static List<Edit> all(List<List<Edit>> parts) {
    List<Edit> all = new ArrayList<>();
    for (List<Edit> part : parts) {
      if (part.isEmpty()) {
        return List.of();
      }
      all.addAll(part);
    }
    return List.copyOf(all);
  }

  /**
   * Writes another scalar; a string keeps the quotes of what stood there.
   *
   * @param value a String, a number or a Boolean
   */
  public static List<Edit> value(Place place, Object value) {
    Node scalar = own(place).orElse(null);
    if (scalar == null || !isLine(scalar, place.source())) {
      return List.of();
    }
    String old = written(place.source(), scalar.span());
    return scalar(value, "'\"".indexOf(old.charAt(0)) >= 0 ? old.charAt(0) : ' ', place)
        .map(text -> List.of(new Edit(place.source(), scalar.span(), text)))
        .orElse(List.of());
  }

  /** Writes another key before the same value. */
  public static List<Edit> rename(Place place, String key) {
    NodePath parent = place.path().parent();
    String old = place.path().lastKey();
    if (parent == null
        || old == null
        || !(own(place.document().at(parent)).orElse(null) instanceof Mapping map)
        || map.get(key).isPresent()) {
      return List.of();
    }
    Optional<Span> span = map.entry(old).map(Entry::keySpan).filter(at -> isInside(at, map.span()));
    String text = span.map(at -> written(place.source(), at)).orElse("");
    for (String quote : List.of("", "\"", "'")) {
      if (text.equals(quote + old + quote) && PLAIN.matcher(key).matches()) {
        return List.of(new Edit(place.source(), span.orElseThrow(), quote + key + quote));
      }
    }
    return List.of();
  }

  /**
   * Writes something else for a part of a string.
   *
   * @param old what must stand there
   */
  public static List<Edit> part(Place place, Span span, String old, String text) {
    boolean isSafe =
        own(place).isPresent()
            && QUOTABLE.matcher(text).matches()
            && span.line() == span.endLine()
            && written(place.source(), span).equals(old);
    return isSafe ? List.of(new Edit(place.source(), span, text)) : List.of();
  }

  /** Takes a key with its value, or an item of a list, out; comments stay, each in a line. */
  public static List<Edit> remove(Place place) {
    NodePath parent = place.path().parent();
    Node node = own(place).orElse(null);
    if (parent == null || node == null) {
      return List.of();
    }
    Node around = place.document().find(parent).orElseThrow();
    if (around instanceof Mapping map) {
      Entry entry = map.entry(String.valueOf(place.path().lastKey())).orElseThrow();
      return map.entries().size() < 2 ? List.of() : remove(place.source(), around, entry);
    }
    return around.asItems().size() < 2
        ? List.of()
        : remove(place.source(), isFlow(place.source(), around), item(place, node), node);
  }

  /** Takes a key with its value out, which need not be in the tree. */
  static List<Edit> remove(Source source, Node around, Entry entry) {
    boolean isThere =
        isInside(entry.keySpan(), around.span()) && isInside(entry.value().span(), around.span());
    return isThere
        ? remove(source, isFlow(source, around), start(source, entry.keySpan()), entry.value())
        : List.of();
  }

  // where an item starts: at its dash in block style; -1 when something else stands before that
  private static int item(Place place, Node node) {
    Source source = place.source();
    int start = start(source, node.span());
    NodePath parent = place.path().parent();
    if (parent != null && isFlow(source, place.document().find(parent).orElseThrow())) {
      return start;
    }
    int dash = start - 1;
    while (dash >= 0 && source.text().charAt(dash) == ' ') {
      dash--;
    }
    boolean isDash = dash >= 0 && source.text().charAt(dash) == '-';
    return isDash && lineBefore(source, dash).isBlank() ? dash : -1;
  }

  private static List<Edit> remove(Source source, boolean flow, int start, Node node) {
    String text = source.text();
    int end = Math.max(start, end(source, node.span()));
    if (start < 0 || ANCHOR.matcher(text.substring(start, end)).find() || isTemplate(source)) {
      return List.of();
    }
    if (flow) {
      return removeBetweenCommas(source, start, end);
    }
    int lineEnd = lineEnd(text, end);
    String tail = text.substring(end, lineEnd).strip();
    if (text.startsWith(":", end)) {
      end++; // a key without a value
      tail = tail.substring(1).strip();
    }
    if (!tail.isEmpty() && !tail.startsWith("#")) {
      return List.of();
    }
    String before = lineBefore(source, start);
    if (!before.isBlank()) {
      return tail.isEmpty() ? removeFirstKey(source, start, lineEnd) : List.of();
    }
    int from = start - before.length();
    StringBuilder kept = new StringBuilder();
    for (String comment : comments(source, source.span(start, lineEnd), node)) {
      kept.append(lineBreak(source)).append(before).append(comment);
    }
    if (from == 0) {
      return List.of(); // a document that begins with what is removed
    }
    int previous = text.startsWith("\r\n", from - 2) ? from - 2 : from - 1;
    return List.of(new Edit(source, source.span(previous, lineEnd), kept.toString()));
  }

  /** The next key moves up behind the dash. */
  private static List<Edit> removeFirstKey(Source source, int start, int lineEnd) {
    String text = source.text();
    int next = Source.nextLine(text, lineEnd);
    int key = next;
    while (key < text.length() && text.charAt(key) == ' ') {
      key++;
    }
    boolean isKey =
        key < text.length()
            && key - next == lineBefore(source, start).length()
            && "#\r\n\t-".indexOf(text.charAt(key)) < 0
            && lineBefore(source, start).matches(" *- +")
            && !ANCHOR.matcher(lineBefore(source, start)).find();
    return isKey ? List.of(new Edit(source, source.span(start, key), "")) : List.of();
  }

  private static List<Edit> removeBetweenCommas(Source source, int start, int end) {
    String text = source.text();
    if (text.substring(start, end).indexOf('#') >= 0) {
      return List.of();
    }
    int behind = end;
    while (behind < text.length() && Character.isWhitespace(text.charAt(behind))) {
      behind++;
    }
    if (text.startsWith(",", behind)) {
      do {
        behind++;
      } while (behind < text.length() && Character.isWhitespace(text.charAt(behind)));
      return text.startsWith("#", behind)
          ? List.of()
          : List.of(new Edit(source, source.span(start, behind), ""));
    }
    int before = start - 1;
    while (before >= 0 && Character.isWhitespace(text.charAt(before))) {
      before--;
    }
    return before >= 0 && text.charAt(before) == ','
        ? List.of(new Edit(source, source.span(before, end), ""))
        : List.of();
  }

  /** Puts a key behind another one of the same map. */
  public static List<Edit> addAfter(Place sibling, String key, Object value) {
    NodePath parent = sibling.path().parent();
    Node node = own(sibling).orElse(null);
    if (node == null
        || parent == null
        || !(sibling.document().find(parent).orElseThrow() instanceof Mapping map)
        || map.get(key).isPresent()) {
      return List.of();
    }
    Source source = sibling.source();
    Span at = map.entry(String.valueOf(sibling.path().lastKey())).orElseThrow().keySpan();
    String old = written(source, at);
    String quote = old.startsWith("\"") ? "\"" : "";
    Optional<String> text =
        scalar(value, ' ', sibling).map(scalar -> quote + key + quote + ": " + scalar);
    boolean isPlain = !quote.isEmpty() || PLAIN.matcher(key).matches();
    boolean isBlock = !isFlow(source, map);
    boolean isText = isBlock && "|>".indexOf(first(source, node.span())) >= 0;
    return text.isEmpty() || !isPlain || isText
        ? List.of()
        : insert(source, isBlock, start(source, at), end(source, node.span()), text.get());
  }

  /**
   * Puts a key before all others of a map, which is the value of a key itself.
   *
   * @param value a scalar, or a map of such values
   */
  public static List<Edit> addFirst(Place place, String key, Object value) {
    Source source = place.source();
    if (!(own(place).orElse(null) instanceof Mapping map)
        || map.entries().isEmpty()
        || map.get(key).isPresent()
        || place.path().lastKey() == null) {
      return List.of();
    }
    int first = start(source, map.entries().get(0).keySpan());
    String quote = source.text().charAt(first) == '"' ? "\"" : "";
    String text = entry(key, value, quote, place).orElse("");
    if (text.isEmpty()) {
      return List.of();
    }
    if (isFlow(source, map)) {
      return List.of(new Edit(source, source.span(first, first), text + ", "));
    }
    // behind the key whose value it is, so that comments stay with what follows them
    NodePath parent = Objects.requireNonNull(place.path().parent());
    Span above =
        place
            .document()
            .find(parent)
            .flatMap(Node::asMapping)
            .flatMap(around -> around.entry(String.valueOf(place.path().lastKey())))
            .orElseThrow()
            .keySpan();
    String indentation = lineBefore(source, first);
    int lineEnd = lineEnd(source.text(), end(source, above));
    String tail = source.text().substring(end(source, above), lineEnd).strip();
    boolean isAlone = tail.equals(":") || tail.matches(":\\s+#.*");
    return indentation.isBlank() && isAlone
        ? List.of(
            new Edit(source, source.span(lineEnd, lineEnd), lineBreak(source) + indentation + text))
        : List.of();
  }

  /**
   * Moves all keys of a map below a new one, each with its value, which must be a scalar.
   *
   * @param paths for each key of the map, the one or two keys that lead to its value below the new
   *     one
   */
  public static List<Edit> nest(Place place, String key, Map<String, List<String>> paths) {
    Source source = place.source();
    if (!(own(place).orElse(null) instanceof Mapping map)
        || !map.entries().stream()
            .map(Entry::key)
            .collect(Collectors.toSet())
            .equals(paths.keySet())) {
      return List.of();
    }
    List<Edit> edits = new ArrayList<>();
    boolean isFlow = isFlow(source, map);
    int left = map.entries().size();
    for (Entry entry : map.entries()) {
      boolean isFirst = edits.isEmpty();
      boolean isLast = --left == 0;
      String old = written(source, entry.keySpan());
      String quote = old.startsWith("\"") ? "\"" : "";
      String before = lineBefore(source, start(source, entry.keySpan()));
      boolean isPlain =
          old.equals(quote + entry.key() + quote)
              && isLine(own(place.then(entry.key())).orElse(null), source)
              && (isFlow || before.isBlank());
      if (!isPlain) {
        return List.of();
      }
      List<String> path = Objects.requireNonNull(paths.get(entry.key()));
      List<String> keys = new ArrayList<>(path);
      if (isFirst) {
        keys.add(0, key);
      }
      // a key below another stands between braces, or further to the right in a line of its own
      String step = isFlow ? "{ " : lineBreak(source) + before + "  ".repeat(isFirst ? 1 : 2);
      StringBuilder text = new StringBuilder(isFlow || isFirst ? "" : "  ");
      for (int i = 0; i < keys.size(); i++) {
        text.append(quote).append(keys.get(i)).append(quote);
        if (i < keys.size() - 1) {
          text.append(isFlow ? ": " : ":").append(step).append(isFlow ? "" : "  ".repeat(i));
        }
      }
      edits.add(new Edit(source, entry.keySpan(), text.toString()));
      int closing = path.size() - 1 + (isLast ? 1 : 0);
      if (isFlow && closing > 0) {
        int end = end(source, entry.value().span());
        edits.add(new Edit(source, source.span(end, end), " }".repeat(closing)));
      }
    }
    return edits;
  }

  /** A key with its value, in one line. */
  private static Optional<String> entry(String key, Object value, String quote, Place place) {
    Optional<String> text = Optional.empty();
    if (value instanceof Map<?, ?> map) {
      List<String> entries = new ArrayList<>();
      map.forEach(
          (inner, of) -> entry(String.valueOf(inner), of, quote, place).ifPresent(entries::add));
      text =
          entries.isEmpty() || entries.size() < map.size()
              ? Optional.empty()
              : Optional.of("{ " + String.join(", ", entries) + " }");
    } else {
      text = scalar(value, ' ', place);
    }
    boolean isPlain = !quote.isEmpty() || PLAIN.matcher(key).matches();
    return text.filter(written -> isPlain).map(written -> quote + key + quote + ": " + written);
  }

  /** Whether it is a scalar that is written, in one line. */
  private static boolean isLine(@Nullable Node node, Source source) {
    return node instanceof Scalar scalar
        && scalar.span().line() == scalar.span().endLine()
        && !written(source, scalar.span()).isEmpty()
        && "|>".indexOf(first(source, scalar.span())) < 0;
  }

  /**
   * Puts a key into a map that has nothing in it yet and is written <code>{}</code>.
   *
   * @param value a scalar, or a map of such values
   */
  public static List<Edit> fill(Place place, String key, Object value) {
    Source source = place.source();
    if (!(own(place).orElse(null) instanceof Mapping map)
        || !map.entries().isEmpty()
        || !written(source, map.span()).equals("{}")) {
      return List.of();
    }
    String quote = isFlow(source, place.document().root()) ? "\"" : "";
    return entry(key, value, quote, place)
        .map(text -> List.of(new Edit(source, map.span(), "{ " + text + " }")))
        .orElse(List.of());
  }

  /** Puts a copy of a list's item behind it, in which another scalar stands. */
  public static List<Edit> repeat(Place item, Object value, Object... steps) {
    NodePath parent = item.path().parent();
    Node node = own(item).orElse(null);
    List<Edit> change = value(item.then(steps), value);
    if (parent == null || node == null || change.isEmpty()) {
      return List.of();
    }
    Source source = item.source();
    int start = item(item, node);
    int end = end(source, node.span());
    if (start < 0 || ANCHOR.matcher(source.text().substring(start, end)).find()) {
      return List.of();
    }
    boolean flow = isFlow(source, item.document().find(parent).orElseThrow());
    boolean isCommented = !comments(source, source.span(start, end), node).isEmpty();
    Edit inner = change.get(0);
    String copy =
        source.text().substring(start, inner.start())
            + inner.text()
            + source.text().substring(inner.end(), end);
    return isCommented && (flow || copy.indexOf('#') >= 0)
        ? List.of()
        : insert(source, !flow, start, end, copy);
  }

  /** Takes a comment out, with its line where nothing else stands there. */
  public static List<Edit> remove(Source source, Comment comment) {
    String text = source.text();
    int start = source.offset(comment.line(), comment.column());
    int lineEnd = lineEnd(text, start);
    if (comment.alone()) {
      int from = start - lineBefore(source, start).length();
      return List.of(new Edit(source, source.span(from, Source.nextLine(text, lineEnd)), ""));
    }
    while (start > 0 && " \t".indexOf(text.charAt(start - 1)) >= 0) {
      start--;
    }
    return List.of(new Edit(source, source.span(start, lineEnd), ""));
  }

  /**
   * Puts something behind a key with its value, or behind an item.
   *
   * @param start where the key or the item starts, in whose column a new line starts, too
   */
  private static List<Edit> insert(Source source, boolean block, int start, int end, String text) {
    String before = lineBefore(source, start);
    String indentation = lineBreak(source) + " ".repeat(before.codePointCount(0, before.length()));
    if (!block) {
      String gap = before.isBlank() && !before.isEmpty() ? "," + indentation : ", ";
      return List.of(new Edit(source, source.span(end, end), gap + text));
    }
    int lineEnd = lineEnd(source.text(), end);
    String tail = source.text().substring(end, lineEnd).strip();
    return tail.isEmpty() || tail.startsWith("#")
        ? List.of(new Edit(source, source.span(lineEnd, lineEnd), indentation + text))
        : List.of();
  }

  /** The node at a place that belongs to it alone, and is no part of a template. */
  private static Optional<Node> own(Place place) {
    Source source = place.source();
    if (isTemplate(source)) {
      return Optional.empty();
    }
    Node around = place.document().root();
    NodePath at = NodePath.ROOT;
    for (Object step : place.path().steps()) {
      if (isShared(source, around)) {
        return Optional.empty();
      }
      at = at.then(step);
      Optional<Node> node = place.document().find(at);
      if (node.isEmpty() || !isInside(node.get().span(), around.span())) {
        return Optional.empty();
      }
      boolean isElsewhere =
          around instanceof Mapping map
              && map.entry(String.valueOf(step))
                  .filter(entry -> !isInside(entry.keySpan(), node.get().span(), map.span()))
                  .isPresent();
      if (isElsewhere) {
        return Optional.empty();
      }
      around = node.get();
    }
    return isShared(source, around) ? Optional.empty() : Optional.of(around);
  }

  /** Whether a value has an anchor, so that it may stand elsewhere, too, or a tag. */
  private static boolean isShared(Source source, Node node) {
    return "&!*".indexOf(first(source, node.span())) >= 0;
  }

  private static boolean isTemplate(Source source) {
    return source.text().contains("{{");
  }

  // an alias stands behind the value that it points to
  private static boolean isInside(Span key, Span value, Span map) {
    return isInside(key, map) && key.compareTo(value) <= 0;
  }

  private static boolean isInside(Span inner, Span outer) {
    return Span.at(outer.line(), outer.column()).compareTo(Span.at(inner.line(), inner.column()))
            <= 0
        && Span.at(inner.endLine(), inner.endColumn())
                .compareTo(Span.at(outer.endLine(), outer.endColumn()))
            <= 0;
  }

  private static boolean isFlow(Source source, Node node) {
    return "[{".indexOf(first(source, node.span())) >= 0;
  }

  /** A scalar as it is written; empty where it would need escapes. */
  private static Optional<String> scalar(Object value, char quote, Place place) {
    if (!(value instanceof String text)) {
      return Optional.of(String.valueOf(value));
    }
    if (!QUOTABLE.matcher(text).matches()) {
      return Optional.empty();
    }
    boolean isPlain =
        quote == ' '
            && !isFlow(place.source(), place.document().root())
            && PLAIN.matcher(text).matches()
            && Scalars.plain(text) instanceof String;
    char used = quote == ' ' ? '"' : quote;
    return Optional.of(isPlain ? text : used + text + used);
  }

  /** The comments of some lines, which are no part of a value. */
  private static List<String> comments(Source source, Span span, Node node) {
    List<Span> scalars = new ArrayList<>();
    collect(node, scalars);
    List<String> comments = new ArrayList<>();
    for (int line = span.line(); line <= span.endLine(); line++) {
      String text = source.line(line);
      int hash = text.indexOf('#') < 0 ? -1 : Comments.hash(text, line, scalars);
      if (hash >= 0) {
        comments.add(text.substring(hash).stripTrailing());
      }
    }
    return comments;
  }

  private static void collect(Node node, List<Span> scalars) {
    if (node instanceof Mapping map) {
      for (Entry entry : map.entries()) {
        scalars.add(entry.keySpan());
        collect(entry.value(), scalars);
      }
    } else if (node instanceof Scalar) {
      scalars.add(node.span());
    } else {
      node.asItems().forEach(item -> collect(item, scalars));
    }
  }

  private static String written(Source source, Span span) {
    return source.text().substring(start(source, span), end(source, span));
  }

  private static char first(Source source, Span span) {
    int start = start(source, span);
    return start < source.text().length() ? source.text().charAt(start) : ' ';
  }

  private static int start(Source source, Span span) {
    return source.offset(span.line(), span.column());
  }

  private static int end(Source source, Span span) {
    return source.offset(span.endLine(), span.endColumn());
  }

  private static String lineBefore(Source source, int offset) {
    int start = offset;
    while (start > 0 && "\r\n".indexOf(source.text().charAt(start - 1)) < 0) {
      start--;
    }
    return source.text().substring(start, offset);
  }

  private static int lineEnd(String text, int from) {
    int end = from;
    while (end < text.length() && "\r\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /** How lines end in a text, judged by its first one. */
  private static String lineBreak(Source source) {
    String text = source.text();
    int end = lineEnd(text, 0);
    return end == text.length() ? "\n" : text.substring(end, Source.nextLine(text, end));
  }
}
