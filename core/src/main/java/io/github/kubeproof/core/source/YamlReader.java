package io.github.kubeproof.core.source;

import io.github.kubeproof.core.source.Composer.Composed;
import io.github.kubeproof.core.source.Composer.DuplicateKey;
import io.github.kubeproof.core.source.Composer.Used;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Pieces.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads the documents of one text, YAML or JSON. What cannot be read becomes a problem, and the
 * documents around it are read all the same.
 *
 * <p>One reader may be used for many texts and by many threads.
 */
public final class YamlReader {

  private final Limits limits;
  private final Words words = new Words();

  public YamlReader(Limits limits) {
    this.limits = limits;
  }

  /**
   * The problems come in the order of the text. A raw template, or a file beyond the limits, gives
   * one problem and no document.
   */
  public Loaded read(Source source) {
    List<Document> documents = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Used used = Used.NOTHING;
    List<Piece> pieces = Pieces.of(source.text());
    for (Piece piece : pieces) {
      try {
        Composed composed = Composer.compose(piece, limits, used, words);
        used = composed.used();
        Node root = composed.root();
        Optional<Span> template = Templates.inName(root);
        if (template.isPresent()) {
          throw Templates.refusal(template.get());
        }
        documents.add(new Document(source, piece.index(), root));
        if (isManifest(root)) {
          composed.duplicates().forEach(key -> problems.add(duplicate(source, key)));
        }
      } catch (Refusal refusal) {
        Refusal judged = judged(refusal, source, pieces, piece);
        if (judged.isOfWholeFile()) {
          return new Loaded(List.of(), List.of(judged.problem(source)), 1);
        }
        problems.add(judged.problem(source));
      }
    }
    problems.sort(Comparator.comparing(Problem::span));
    return new Loaded(documents, problems, 1);
  }

  /** Whether a document says what it is, as everything that a cluster takes has to. */
  static boolean isManifest(Node root) {
    return root instanceof Mapping map
        && map.get("apiVersion").isPresent()
        && map.get("kind").isPresent();
  }

  // bad YAML is no news where the text is a template
  private static Refusal judged(Refusal refusal, Source source, List<Piece> pieces, Piece piece) {
    if (refusal.kind() != Problem.Kind.SYNTAX) {
      return refusal;
    }
    int placeholder = Templates.placeholder(piece.text());
    if (placeholder >= 0) {
      TextReader reader = new TextReader(piece.text(), piece.line(), piece.column());
      reader.forward(placeholder);
      return Templates.refusal(reader.here());
    }
    // a weaker sign, which must not take the other documents of a file away
    boolean alone = pieces.size() == 1;
    return alone && Templates.breaksQuotes(source.line(refusal.span().line()))
        ? Templates.refusal(refusal.span())
        : refusal;
  }

  // values.yaml, workflows and the like are read for kustomize and friends, and not judged
  private static Problem duplicate(Source source, DuplicateKey key) {
    return new Problem(
        Problem.Kind.DUPLICATE_KEY,
        source,
        key.second(),
        "the key \""
            + Texts.excerpt(key.key())
            + "\" stands in line "
            + key.first().keySpan().line()
            + " already; only the last one counts",
        null,
        Edits.remove(source, key.map(), key.first()));
  }
}
