package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Composer.Composed;
import io.github.kubeproof.core.source.Composer.DuplicateKey;
import io.github.kubeproof.core.source.Composer.Used;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Node.Sequence;
import io.github.kubeproof.core.source.Pieces.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * A map in a file of the user's own, such as the configuration, where every slip is an error of the
 * user's with file, line and column: unknown and repeated keys, wrong types, missing values.
 *
 * <p>A value of null, as an empty section has it, counts as absent.
 */
public final class Fields {

  private final Mapping map;
  private final Place place;

  private Fields(Mapping map, Place place) {
    this.map = map;
    this.place = place;
  }

  /**
   * The one document of a text; a text without any is an empty map.
   *
   * @throws UserError for what is no YAML, for several documents, and for anything but a map
   */
  public static Fields read(Source source) {
    List<Piece> pieces = Pieces.of(source.text());
    if (pieces.isEmpty()) {
      Mapping empty = new Mapping(List.of(), Span.at(1, 1));
      return new Fields(empty, new Document(source, 0, empty).at(NodePath.ROOT));
    }
    Piece piece = pieces.get(0);
    try {
      Composed composed = Composer.compose(piece, Limits.DEFAULT, Used.NOTHING, new Words());
      Document document = new Document(source, 0, composed.root());
      for (DuplicateKey key : composed.duplicates()) {
        throw new UserError(
            at(source, key.second())
                + ": the key \""
                + Texts.excerpt(key.key())
                + "\" stands in line "
                + key.first().keySpan().line()
                + " already");
      }
      if (pieces.size() > 1) {
        throw new UserError(
            source.name()
                + ":"
                + (pieces.get(1).line() + 1)
                + ": only one document may stand in it");
      }
      return of(composed.root(), document.at(NodePath.ROOT));
    } catch (Refusal refusal) {
      throw new UserError(at(source, refusal.span()) + ": " + refusal.getMessage());
    }
  }

  private static String at(Source source, Span span) {
    return source.name() + ":" + span.line() + ":" + span.column();
  }

  private static Fields of(Node node, Place place) {
    if (isNull(node)) {
      return new Fields(new Mapping(List.of(), node.span()), place);
    }
    return new Fields(node.asMapping().orElseThrow(() -> wrongType(place, "a map", node)), place);
  }

  /** Itself, when it has no other keys than these. */
  public Fields only(String... known) {
    for (Entry entry : map.entries()) {
      List<String> keys = Arrays.asList(known);
      if (!keys.contains(entry.key())) {
        String hint =
            Spelling.nearest(entry.key(), keys)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; known here: " + String.join(", ", keys));
        throw new UserError(
            at(place.source(), entry.keySpan())
                + ": unknown key \""
                + Texts.excerpt(entry.key())
                + "\""
                + hint);
      }
    }
    return this;
  }

  /** A text as a YAML scalar in one line that is read as just that text, line ends aside. */
  public static String quoted(String text) {
    return "'" + text.replaceAll("[\\p{Cntrl}\u0085\u2028\u2029]+", " ").replace("'", "''") + "'";
  }

  /** Where it was written. */
  public Place place() {
    return place;
  }

  /** Where the value of a key was written. */
  public Place at(String key) {
    return place.then(key);
  }

  /** The keys whose value is not null, in the order written. */
  public List<String> keys() {
    return map.entries().stream().filter(entry -> !isNull(entry.value())).map(Entry::key).toList();
  }

  public boolean has(String key) {
    return node(key).isPresent();
  }

  /** Whether the value of a key is a map, and not a scalar or a list. */
  public boolean hasMap(String key) {
    return node(key).filter(Mapping.class::isInstance).isPresent();
  }

  /** The string of a key; absent when the key is missing. */
  public Optional<String> text(String key) {
    return node(key).map(node -> text(node, at(key)));
  }

  /** The string of a key that has to be there. */
  public String requiredText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  /** The text of a string or a number, as written. */
  public Optional<String> textOrNumber(String key) {
    return node(key)
        .map(
            node ->
                node instanceof Scalar scalar && !(scalar.value() instanceof Boolean)
                    ? scalar.text()
                    : text(node, at(key)));
  }

  /**
   * The string of a key that YAML reads as a boolean when it is {@code off}, {@code on} and the
   * like: those are told as they were written.
   */
  public Optional<String> word(String key) {
    return node(key)
        .map(
            node ->
                node instanceof Scalar scalar && scalar.value() instanceof Boolean
                    ? scalar.text()
                    : text(node, at(key)));
  }

  /** The whole number of a key. */
  public OptionalInt number(String key) {
    Optional<Node> node = node(key);
    return node.isEmpty() ? OptionalInt.empty() : OptionalInt.of(number(node.get(), at(key)));
  }

  /** The string of a key, read further; what the reader refuses is told with its place. */
  public <T> Optional<T> parsed(String key, Function<String, T> reader) {
    return text(key).map(text -> parse(text, at(key), reader));
  }

  /** The strings of a list, each read further; empty when the key is missing. */
  public <T> List<T> allParsed(String key, Function<String, T> reader) {
    return items(key, (node, at) -> parse(text(node, at), at, reader));
  }

  /** The strings of a list. */
  public List<String> texts(String key) {
    return allParsed(key, text -> text);
  }

  /** The whole numbers of a list. */
  public List<Integer> numbers(String key) {
    return items(key, Fields::number);
  }

  /** The map of a key; absent when the key is missing. */
  public Optional<Fields> fields(String key) {
    return node(key).map(node -> of(node, at(key)));
  }

  /** The maps of a list; empty when the key is missing. */
  public List<Fields> allFields(String key) {
    return items(key, Fields::of);
  }

  /** The map of a key whose values are all strings, such as labels; empty when it is missing. */
  public Map<String, String> strings(String key) {
    Map<String, String> strings = new LinkedHashMap<>();
    fields(key)
        .ifPresent(
            fields ->
                fields
                    .map
                    .entries()
                    .forEach(
                        entry ->
                            strings.put(entry.key(), text(entry.value(), fields.at(entry.key())))));
    return strings;
  }

  /** What is wrong with the value of a key, for the user to read. */
  public UserError error(String key, String message) {
    return new UserError(at(key) + ": " + message);
  }

  /** What is said of a key that has to be there. */
  public UserError missing(String key) {
    return new UserError(place + ": " + key + " is missing");
  }

  private Optional<Node> node(String key) {
    return map.get(key).filter(node -> !isNull(node));
  }

  private interface Reader<T> {
    T read(Node node, Place place);
  }

  private <T> List<T> items(String key, Reader<T> reader) {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (!(node.get() instanceof Sequence sequence)) {
      throw wrongType(at(key), "a list", node.get());
    }
    List<T> read = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      read.add(reader.read(sequence.items().get(i), at(key).then(i)));
    }
    return read;
  }

  private static <T> T parse(String text, Place place, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (UserError e) {
      throw new UserError(place + ": " + e.getMessage());
    }
  }

  private static String text(Node node, Place place) {
    return node.asString().orElseThrow(() -> wrongType(place, "a string", node));
  }

  private static int number(Node node, Place place) {
    if (node instanceof Scalar scalar
        && scalar.value() instanceof Long number
        && number == number.intValue()) {
      return number.intValue();
    }
    throw wrongType(place, "a whole number", node);
  }

  private static UserError wrongType(Place place, String wanted, Node node) {
    Object last = place.path().isRoot() ? "the file" : place.path().lastKey();
    String what = last == null ? "this" : last.toString();
    boolean quotes = wanted.equals("a string") && node instanceof Scalar scalar && !scalar.isNull();
    return new UserError(
        place
            + ": "
            + what
            + " must be "
            + wanted
            + ", not "
            + Texts.excerpt(node.described())
            + (quotes ? "; put it in quotes" : ""));
  }

  private static boolean isNull(Node node) {
    return node instanceof Scalar scalar && scalar.isNull();
  }
}
