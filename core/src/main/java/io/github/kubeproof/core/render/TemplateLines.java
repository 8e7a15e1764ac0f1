package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Node.Sequence;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which line of a template became which line of what was printed.
 *
 * <p>A template is no YAML, so lines are all there is to compare: the two texts are laid side by
 * side so that as many lines as possible agree, in their order. Two lines agree when they are the
 * same, or when they are the same but for the template's {@code {{ ... }}}.
 */
final class TemplateLines {

  /** How many pairs of lines are compared; beyond it, only the template is known. */
  private static final long MOST = 1_000_000;

  private static final int LONGEST = 1000;

  private static final Pattern ACTION = Pattern.compile("\\{\\{.*?\\}\\}");

  private final Source template;
  private final Source printed;
  private final Map<Integer, Integer> lines;

  private TemplateLines(Source template, Source printed, Map<Integer, Integer> lines) {
    this.template = template;
    this.printed = printed;
    this.lines = lines;
  }

  /**
   * Lays a template beside what it became.
   *
   * @param numbers the lines of what was printed that came of this template, ascending
   */
  static TemplateLines of(Source template, Source printed, List<Integer> numbers) {
    List<String> made = numbers.stream().map(line -> printed.line(line).strip()).toList();
    List<String> written = new ArrayList<>();
    for (int line = 1; line <= template.lineCount(); line++) {
      written.add(template.line(line).strip());
    }
    Map<Integer, Integer> lines = new HashMap<>();
    if ((long) made.size() * written.size() <= MOST) {
      int[][] best = best(made, written);
      int i = 0;
      int j = 0;
      while (i < made.size() && j < written.size()) {
        int likeness = likeness(made.get(i), written.get(j));
        if (likeness > 0 && best[i][j] == best[i + 1][j + 1] + likeness) {
          lines.put(numbers.get(i++), ++j);
        } else if (best[i][j] == best[i][j + 1]) {
          j++;
        } else {
          i++;
        }
      }
    }
    return new TemplateLines(template, printed, lines);
  }

  /** How well the rest of both texts can be laid side by side, from each pair of lines on. */
  private static int[][] best(List<String> made, List<String> written) {
    int[][] best = new int[made.size() + 1][written.size() + 1];
    for (int i = made.size() - 1; i >= 0; i--) {
      for (int j = written.size() - 1; j >= 0; j--) {
        int skipped = Math.max(best[i + 1][j], best[i][j + 1]);
        int likeness = likeness(made.get(i), written.get(j));
        best[i][j] = Math.max(skipped, likeness == 0 ? 0 : best[i + 1][j + 1] + likeness);
      }
    }
    return best;
  }

  private static int likeness(String made, String written) {
    if (made.equals(written)) {
      return made.isEmpty() || made.startsWith("#") || made.equals("---") ? 0 : 3;
    }
    boolean comparable = written.contains("{{") && made.length() + written.length() < LONGEST;
    return comparable && fits(made, ACTION.split(written, -1)) ? 2 : 0;
  }

  /** Whether a line has certain pieces in their order, from its start to its end. */
  private static boolean fits(String made, String[] pieces) {
    String first = pieces[0].stripTrailing();
    String last = pieces[pieces.length - 1].stripLeading();
    if ((first.isEmpty() && last.isEmpty()) || !made.startsWith(first)) {
      return false; // where nothing is written out, everything would fit
    }
    int at = first.length();
    for (int i = 1; i < pieces.length - 1; i++) {
      String piece = pieces[i].strip();
      int found = made.indexOf(piece, at);
      if (found < 0) {
        return false;
      }
      at = found + piece.length();
    }
    return made.length() - last.length() >= at && made.endsWith(last);
  }

  /** The line of the template that a printed one came of; empty when nobody can tell. */
  Optional<Span> line(int number) {
    return Optional.ofNullable(lines.get(number)).map(this::whole);
  }

  /**
   * The printed values at their places in the template, those of unknown place at one around it.
   */
  Node placed(Node object) {
    List<Integer> its =
        IntStream.rangeClosed(object.span().line(), object.span().endLine()).boxed().toList();
    List<Integer> known = its.stream().filter(lines::containsKey).toList();
    if (2 * known.size() < its.size() && known.size() < lines.size()) {
      // a template that repeats itself: its other objects have taken the lines
      TemplateLines alone = of(template, printed, its);
      return alone.placed(object, alone.first(its));
    }
    return placed(object, first(known));
  }

  private Span first(List<Integer> numbers) {
    return numbers.stream()
        .flatMap(number -> line(number).stream())
        .findFirst()
        .orElse(Span.at(1, 1));
  }

  private Node placed(Node node, Span around) {
    if (node instanceof Mapping mapping) {
      List<Entry> entries = new ArrayList<>();
      List<Span> spans = new ArrayList<>();
      for (Entry entry : mapping.entries()) {
        Span key = part(entry.keySpan(), entry.key()).orElse(around);
        Node value = placed(entry.value(), key);
        entries.add(new Entry(entry.key(), key, value));
        spans.add(key);
        spans.add(value.span());
      }
      return new Mapping(entries, hull(spans, around));
    }
    if (node instanceof Sequence sequence) {
      List<Node> items = sequence.items().stream().map(item -> placed(item, around)).toList();
      return new Sequence(items, hull(items.stream().map(Node::span).toList(), around));
    }
    Scalar scalar = (Scalar) node;
    return new Scalar(scalar.value(), scalar.text(), part(scalar.span(), "").orElse(around));
  }

  private static Span hull(List<Span> spans, Span around) {
    if (spans.isEmpty()) {
      return around;
    }
    Span first = Collections.min(spans);
    Span last = first;
    for (Span span : spans) {
      boolean later =
          span.endLine() > last.endLine()
              || (span.endLine() == last.endLine() && span.endColumn() > last.endColumn());
      last = later ? span : last;
    }
    return first.to(last);
  }

  /**
   * Where a key or a value stands in the template.
   *
   * @param key the key to look for where the template has it beside an action; empty for a value
   */
  private Optional<Span> part(Span span, String key) {
    Integer line = lines.get(span.line());
    if (line == null) {
      return Optional.empty();
    }
    String text = template.line(line);
    String was = printed.line(span.line());
    if (text.strip().equals(was.strip())) {
      int shift = indentation(text) - indentation(was);
      int end = span.endLine() == span.line() ? span.endColumn() + shift : length(text) + 1;
      return Optional.of(new Span(line, span.column() + shift, line, end));
    }
    int start = key.isEmpty() ? -1 : text.indexOf(key + ":");
    if (start >= 0) {
      return Optional.of(span(line, text, start, start + key.length()));
    }
    int colon = text.indexOf(": ");
    int action = text.indexOf("{{");
    boolean value = key.isEmpty() && colon >= 0 && colon < action;
    return Optional.of(
        value
            ? span(
                line,
                text,
                text.length() - text.substring(colon + 2).stripLeading().length(),
                text.stripTrailing().length())
            : whole(line));
  }

  private Span whole(int line) {
    String text = template.line(line);
    return span(line, text, indentation(text), text.stripTrailing().length());
  }

  private static Span span(int line, String text, int from, int to) {
    int start = text.codePointCount(0, from) + 1;
    return new Span(line, start, line, Math.max(start, text.codePointCount(0, to) + 1));
  }

  private static int indentation(String text) {
    return text.length() - text.stripLeading().length();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
