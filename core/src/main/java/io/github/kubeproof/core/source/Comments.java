package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Pieces.Piece;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;

/**
 * Finds the comments that speak to Kubeproof: a {@code #} behind a blank or at the start of a line,
 * and not inside of a scalar.
 *
 * <p>The scalars come from a second pass of the parser, over those few files only that have such a
 * comment. SnakeYAML can hand out comments itself, but then parses some documents differently.
 */
final class Comments {

  private static final String ADDRESS = "kubeproof:";

  private Comments() {}

  static List<Comment> in(Source source) {
    if (!source.text().contains(ADDRESS)) {
      return List.of();
    }
    List<Span> scalars = scalars(source.text());
    List<Comment> comments = new ArrayList<>();
    for (int line = 1; line <= source.lineCount(); line++) {
      String text = source.line(line);
      int hash = text.contains(ADDRESS) ? hash(text, line, scalars) : -1;
      if (hash >= 0 && text.indexOf(ADDRESS, hash) >= 0) {
        int column = text.codePointCount(0, hash) + 1;
        boolean alone = text.substring(0, hash).isBlank();
        comments.add(new Comment(line, column, text.substring(hash).stripTrailing(), alone));
      }
    }
    return List.copyOf(comments);
  }

  // where the comment of a line starts; -1 when it has none
  static int hash(String text, int line, List<Span> scalars) {
    for (int hash = text.indexOf('#'); hash >= 0; hash = text.indexOf('#', hash + 1)) {
      boolean first = hash == 0 || " \t".indexOf(text.charAt(hash - 1)) >= 0;
      Span at = Span.at(line, text.codePointCount(0, hash) + 1);
      if (first && scalars.stream().noneMatch(scalar -> isInside(scalar, at))) {
        return hash;
      }
    }
    return -1;
  }

  private static boolean isInside(Span scalar, Span at) {
    boolean starts =
        scalar.line() < at.line() || (scalar.line() == at.line() && scalar.column() <= at.column());
    boolean ends =
        scalar.endLine() < at.line()
            || (scalar.endLine() == at.line() && scalar.endColumn() <= at.column());
    return starts && !ends;
  }

  private static List<Span> scalars(String text) {
    List<Span> scalars = new ArrayList<>();
    for (Piece piece : Pieces.of(text)) {
      List<Span> found = new ArrayList<>();
      for (String readable = Json.readable(piece.text()); readable != null; ) {
        found.clear();
        readable = collect(readable, piece, found);
      }
      scalars.addAll(found);
    }
    return scalars;
  }

  /**
   * Collects the scalars of a text; of a broken one those before the fault.
   *
   * @return the text to try instead; null when there is none
   */
  private static @Nullable String collect(String text, Piece piece, List<Span> scalars) {
    ParserImpl parser = Composer.parser(new TextReader(text, piece.line(), piece.column()));
    try {
      for (Event event = parser.getEvent(); event != null; event = parser.getEvent()) {
        if (event instanceof ScalarEvent scalar) {
          scalars.add(inner(scalar));
        }
      }
      return null;
    } catch (MarkedYAMLException e) {
      return Composer.withSpacesForTabs(text, e.getProblemMark());
    } catch (YAMLException | NumberFormatException e) {
      return null; // the reader of the documents has reported it
    }
  }

  // the first line of a block scalar is its header, and may end with a comment
  private static Span inner(ScalarEvent scalar) {
    Span span = Composer.spanOf(scalar);
    boolean block = (scalar.isLiteral() || scalar.isFolded()) && span.line() < span.endLine();
    return block ? new Span(span.line() + 1, 1, span.endLine(), span.endColumn()) : span;
  }
}
