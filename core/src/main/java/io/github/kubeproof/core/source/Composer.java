package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Node.Sequence;
import io.github.kubeproof.core.source.Pieces.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.parser.ParserImpl;

/**
 * Builds the tree of one document from the parser's events, as go-yaml v2 decodes it: aliases share
 * nodes, merges are flattened in the order written, the last of duplicate keys wins.
 *
 * <p>Events carry the same marks as SnakeYAML's composed nodes, and a second tree is saved:
 * composing 18.6 MB of manifests with SnakeYAML takes 1.75 CPU seconds in a fresh JVM (C1), finding
 * and reading the files and building this tree 1.8 in all.
 */
final class Composer {

  /** What came of a document that could be read. */
  record Composed(Node root, List<DuplicateKey> duplicates, Used used) {}

  /** What the documents of a file, so far, take of its limits. */
  record Used(int nodes, int repeatedNodes) {
    static final Used NOTHING = new Used(0, 0);
  }

  /**
   * A key that stands in a map for the second time.
   *
   * @param first what is lost
   * @param map the map, once it is read
   */
  record DuplicateKey(String key, Entry first, Span second, Mapping map) {}

  /** A node under its name, with the number of nodes in it; no node yet while it is being read. */
  private record Anchor(@Nullable Node node, int size) {}

  private static final String MERGE_KEY = "<<";

  // every tab that has to be read as a space costs one more pass
  private static final long MOST_CHARACTERS = 50_000_000;

  private final String text;
  private final Limits limits;
  private final Words words;
  private final boolean json;
  private final boolean maybeTemplate;
  private final TextReader reader;
  private final ParserImpl parser;

  private final Map<String, Anchor> anchors = new HashMap<>();
  private final List<DuplicateKey> duplicates = new ArrayList<>();
  private int nodes;
  private int repeatedNodes;
  // where the last thing that was written ends: a collection in block style has no end of its own
  private int endLine;
  private int endColumn;

  private Composer(String text, Piece piece, Limits limits, Used used, Words words) {
    this.text = text;
    this.limits = limits;
    this.nodes = used.nodes();
    this.repeatedNodes = used.repeatedNodes();
    this.words = words;
    this.json = Json.startsAt(text, 0);
    this.maybeTemplate = text.contains("{{");
    this.reader = new TextReader(text, piece.line(), piece.column());
    this.parser = parser(reader);
  }

  /** A parser whose limits are ours and not SnakeYAML's. */
  static ParserImpl parser(TextReader reader) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    return new ParserImpl(reader, options);
  }

  static Composed compose(Piece piece, Limits limits, Used used, Words words) throws Refusal {
    String text = Json.readable(piece.text());
    refuseControlCharacters(text, piece);
    if (!text.endsWith("\n")) {
      text += "\n"; // as kubectl does, so that a block scalar at the end of a file ends with one
    }
    for (long passed = text.length(); ; passed += text.length()) {
      Composer composer = new Composer(text, piece, limits, used, words);
      try {
        return composer.document();
      } catch (MarkedYAMLException e) {
        String repaired = withSpacesForTabs(text, e.getProblemMark());
        if (repaired == null) {
          throw SyntaxErrors.refusal(e, text, composer.last());
        }
        if (passed > MOST_CHARACTERS) {
          throw Refusal.limit(composer.reader.here(), "too many tabs stand for spaces up to here");
        }
        text = repaired;
      } catch (YAMLException e) {
        throw Refusal.syntax(
            composer.reader.here(), SyntaxErrors.oneLine(String.valueOf(e.getMessage())));
      }
    }
  }

  private static void refuseControlCharacters(String text, Piece piece) throws Refusal {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          c < 0x20
              ? c == '\t' || c == '\n' || c == '\r'
              : c < 0x7F || c == 0x85 || (c > 0x9F && c < 0xFFFE);
      if (!allowed) {
        TextReader reader = new TextReader(text, piece.line(), piece.column());
        reader.forward(i);
        throw Refusal.syntax(
            reader.here(),
            String.format(Locale.ROOT, "the control character U+%04X is not allowed", (int) c));
      }
    }
  }

  /**
   * The text without the tabs at which SnakeYAML gave up though go-yaml takes them for spaces:
   * behind something in their line, or anywhere between brackets. Null when it gave up for another
   * reason.
   */
  static @Nullable String withSpacesForTabs(String text, @Nullable Mark mark) {
    int at = mark == null ? text.length() : mark.getIndex();
    if (at >= text.length()) {
      return null;
    }
    if (text.charAt(at) == ' ' && at > 0 && text.charAt(at - 1) == '\t') {
      at--; // only between brackets does SnakeYAML get past a tab
    } else if (text.charAt(at) != '\t' || isIndentation(text, at)) {
      return null;
    }
    int end = at;
    while (end < text.length() && text.charAt(end) == '\t') {
      end++;
    }
    return text.substring(0, at) + " ".repeat(end - at) + text.substring(end);
  }

  private static boolean isIndentation(String text, int tab) {
    for (int i = tab - 1; i >= 0 && text.charAt(i) != '\n' && text.charAt(i) != '\r'; i--) {
      if (" \t-?".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private Composed document() throws Refusal {
    next(); // stream start
    if (next() instanceof StreamEndEvent) {
      // no more than comments, though a line separator of YAML 1.1 made it look like content
      return new Composed(
          new Scalar(null, "", reader.here()), duplicates, new Used(nodes, repeatedNodes));
    }
    Node root = node(next(), 0);
    next(); // document end
    if (!(next() instanceof StreamEndEvent)) {
      throw Refusal.syntax(reader.here(), "this does not belong to the document above it");
    }
    return new Composed(root, duplicates, new Used(nodes, repeatedNodes));
  }

  private Event next() throws Refusal {
    try {
      return parser.getEvent();
    } catch (NumberFormatException e) {
      // the scanner reads \UFFFFFFFF as a number of 32 bits with a sign
      throw Refusal.syntax(reader.here(), "an escape names no character of Unicode");
    }
  }

  private Node node(Event event, int depth) throws Refusal {
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    if (event instanceof AliasEvent alias) {
      return alias(alias);
    }
    CollectionStartEvent start = (CollectionStartEvent) event;
    if (depth >= limits.depth()) {
      throw Refusal.limit(
          span(start),
          "lists and maps stand more than " + limits.depth() + " levels inside each other");
    }
    String anchor = start.getAnchor();
    int before = nodes;
    count(start);
    if (anchor != null) {
      anchors.put(anchor, new Anchor(null, 0));
    }
    Node node =
        start instanceof MappingStartEvent mapping
            ? mapping(mapping, depth)
            : sequence((SequenceStartEvent) start, depth);
    if (anchor != null) {
      anchors.put(anchor, new Anchor(node, nodes - before));
    }
    return node;
  }

  private Scalar scalar(ScalarEvent event) throws Refusal {
    Span span = event.isLiteral() || event.isFolded() ? blockSpan(event) : span(event);
    String written = words.intern(value(event));
    Object value = Scalars.value(resolved(event, written, span), written, span);
    Scalar scalar = new Scalar(value, written, span);
    count(event);
    if (event.getAnchor() != null) {
      anchors.put(event.getAnchor(), new Anchor(scalar, 1));
    }
    endLine = span.endLine();
    endColumn = span.endColumn();
    return scalar;
  }

  // the parser takes the blank lines behind a block scalar for a part of it
  private Span blockSpan(ScalarEvent event) {
    Mark start = event.getStartMark();
    int line = event.getEndMark().getLine() + 1;
    int end = event.getEndMark().getIndex();
    while (end > start.getIndex() + 1 && " \t\r\n".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
      boolean endsLine =
          text.charAt(end) == '\n' || (text.charAt(end) == '\r' && text.charAt(end + 1) != '\n');
      line -= endsLine ? 1 : 0;
    }
    int lineStart = end;
    while (lineStart > 0 && "\r\n".indexOf(text.charAt(lineStart - 1)) < 0) {
      lineStart--;
    }
    int column = text.codePointCount(lineStart, end) + 1;
    return new Span(start.getLine() + 1, start.getColumn() + 1, line, column);
  }

  private void count(Event event) throws Refusal {
    nodes++;
    if (nodes - repeatedNodes > limits.nodes()) {
      throw Refusal.ofFile(
          Problem.Kind.LIMIT,
          span(event),
          "more than " + limits.nodes() + " values stand in this file, so none of it is read");
    }
  }

  private String value(ScalarEvent event) {
    return json && event.isDQuoted() ? Json.original(event.getValue()) : event.getValue();
  }

  private @Nullable Object resolved(ScalarEvent event, String written, Span span) throws Refusal {
    if (event.getTag() != null) {
      return Scalars.tagged(event.getTag(), written, span);
    }
    if (!event.isPlain()) {
      return written;
    }
    if (maybeTemplate && Templates.isHelm(written)) {
      throw Templates.refusal(span);
    }
    return Scalars.plain(written);
  }

  private Node alias(AliasEvent event) throws Refusal {
    Span span = span(event);
    Anchor anchor = anchors.get(event.getAnchor());
    if (anchor == null) {
      throw Refusal.syntax(
          span, "no anchor &" + Texts.excerpt(event.getAnchor()) + " stands before this alias");
    }
    if (anchor.node() == null) {
      throw Refusal.syntax(
          span, "the anchor &" + Texts.excerpt(event.getAnchor()) + " contains itself");
    }
    if (anchor.size() > limits.repeatedNodes() - repeatedNodes) {
      throw Refusal.limit(
          span, "the aliases of this file repeat more than " + limits.repeatedNodes() + " values");
    }
    repeatedNodes += anchor.size();
    nodes += anchor.size();
    end(event);
    return anchor.node();
  }

  private Sequence sequence(SequenceStartEvent start, int depth) throws Refusal {
    end(start);
    List<Node> items = new ArrayList<>();
    Event event = next();
    for (; !(event instanceof SequenceEndEvent); event = next()) {
      items.add(node(event, depth + 1));
    }
    if (start.isFlow()) {
      end(event);
    }
    return new Sequence(items, toEnd(start));
  }

  private Mapping mapping(MappingStartEvent start, int depth) throws Refusal {
    end(start);
    Map<String, Entry> entries = new LinkedHashMap<>();
    Set<String> merged = new HashSet<>(0);
    List<Entry> lost = new ArrayList<>(0);
    List<Span> later = new ArrayList<>(0);
    Event event = next();
    for (; !(event instanceof MappingEndEvent); event = next()) {
      if (isMerge(event)) {
        Span at = span(event);
        Event source = next();
        merge(source, node(source, depth + 1), at, entries, merged);
        continue;
      }
      Span keySpan = span(event);
      String key = key(start, event);
      Entry entry = new Entry(key, keySpan, node(next(), depth + 1));
      Entry earlier = entries.remove(key);
      if (!merged.remove(key) && earlier != null) {
        lost.add(earlier);
        later.add(keySpan);
      }
      entries.put(key, entry);
    }
    if (start.isFlow()) {
      end(event);
    }
    Mapping map = new Mapping(List.copyOf(entries.values()), toEnd(start));
    for (int i = 0; i < lost.size(); i++) {
      duplicates.add(new DuplicateKey(lost.get(i).key(), lost.get(i), later.get(i), map));
    }
    return map;
  }

  private String key(MappingStartEvent map, Event event) throws Refusal {
    Span span = span(event);
    if (event instanceof ScalarEvent scalar) {
      if (scalar.getAnchor() != null) {
        scalar(scalar);
      }
      String written = words.intern(value(scalar));
      return Scalars.key(resolved(scalar, written, span), written, span);
    }
    if (event instanceof AliasEvent alias && alias(alias) instanceof Scalar scalar) {
      return Scalars.key(scalar.value(), scalar.text(), span);
    }
    boolean braces =
        map.isFlow()
            && event.getStartMark().getIndex() == map.getStartMark().getIndex() + 1
            && text.startsWith("{{", map.getStartMark().getIndex());
    if (braces) {
      throw Templates.refusal(span(map));
    }
    throw Refusal.syntax(span, "a list or a map cannot be a key");
  }

  private static boolean isMerge(Event event) {
    return event instanceof ScalarEvent key
        && key.getValue().equals(MERGE_KEY)
        && (key.getTag() == null ? key.isPlain() : key.getTag().equals(Scalars.MERGE_TAG));
  }

  // go-yaml writes a merged map over what stands before it, unlike YAML's own rule
  private static void merge(
      Event event, Node source, Span at, Map<String, Entry> entries, Set<String> merged)
      throws Refusal {
    List<Node> maps = event instanceof SequenceStartEvent ? source.asItems() : List.of(source);
    for (int i = maps.size() - 1; i >= 0; i--) {
      if (!(maps.get(i) instanceof Mapping map)) {
        throw Refusal.syntax(at, "<< needs a map or a list of maps");
      }
      for (Entry entry : map.entries()) {
        entries.put(entry.key(), entry);
        merged.add(entry.key());
      }
    }
  }

  // behind the last thing that could be read
  private Span last() {
    return Span.at(Math.max(1, endLine), Math.max(1, endColumn));
  }

  private void end(Event event) {
    endLine = event.getEndMark().getLine() + 1;
    endColumn = event.getEndMark().getColumn() + 1;
  }

  private Span toEnd(Event start) {
    Mark mark = start.getStartMark();
    return words.intern(new Span(mark.getLine() + 1, mark.getColumn() + 1, endLine, endColumn));
  }

  private Span span(Event event) {
    return words.intern(spanOf(event));
  }

  static Span spanOf(Event event) {
    Mark start = event.getStartMark();
    Mark end = event.getEndMark();
    return new Span(
        start.getLine() + 1, start.getColumn() + 1, end.getLine() + 1, end.getColumn() + 1);
  }
}
