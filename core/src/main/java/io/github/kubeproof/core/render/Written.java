package io.github.kubeproof.core.render;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Inputs;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Problem;
import io.github.kubeproof.core.source.Source;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that renderings are made of: those of the input, and those that kustomizations and
 * charts lead to. Mutable, as the latter are read when somebody asks for them; threads may share
 * it.
 */
final class Written {

  /** The text of a file, and what it holds as far as it is YAML. */
  record Text(Source source, List<Document> documents) {}

  private final Inputs inputs;
  private final Map<Path, Text> texts = new HashMap<>();

  Written(Loaded loaded, Inputs inputs) {
    this.inputs = inputs;
    Map<Source, List<Document>> documents = new LinkedHashMap<>();
    for (Document document : loaded.documents()) {
      documents.computeIfAbsent(document.source(), s -> new ArrayList<>()).add(document);
    }
    for (Problem problem : loaded.problems()) {
      // what could not be read at all has no text to point into
      if (!problem.source().text().isEmpty()) {
        documents.computeIfAbsent(problem.source(), s -> new ArrayList<>());
      }
    }
    documents.forEach(
        (source, held) -> real(source).ifPresent(path -> texts.put(path, new Text(source, held))));
  }

  /** Where a file of the input lies; empty for what is not in the file system (any more). */
  static Optional<Path> real(Source source) {
    if (source.name().equals(Source.STDIN)) {
      return Optional.empty();
    }
    return real(Path.of(source.name()));
  }

  /** A path without links in it; empty when nothing is there. */
  static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty(); // whoever asked goes on without it, and the renderer will say why
    }
  }

  /** What a text calls a file, seen from a folder; empty when nothing is there. */
  static Optional<Path> real(Path folder, String reference) {
    try {
      return real(folder.resolve(reference));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * The text of a file.
   *
   * @param near a file of the input, from which its name is told
   */
  synchronized Text text(Path real, Source near) {
    return texts.computeIfAbsent(
        real,
        path -> {
          Loaded loaded = inputs.read(path, name(path, near), near.root());
          Source source =
              loaded.documents().stream()
                  .map(Document::source)
                  .findFirst()
                  .or(() -> loaded.problems().stream().map(Problem::source).findFirst())
                  .orElseGet(() -> new Source(name(path, near), near.root(), ""));
          return new Text(source, loaded.documents());
        });
  }

  /** How the user would call a file. */
  static String name(Path real, Source near) {
    Path folder = Path.of(near.folder());
    String name =
        real(folder.toAbsolutePath())
            .map(from -> folder.resolve(from.relativize(real)).normalize())
            .orElse(real)
            .toString()
            .replace('\\', '/');
    return name.isEmpty() ? "." : name;
  }
}
