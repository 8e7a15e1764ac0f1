package io.github.kubeproof.core.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was read: the documents in the order of the input, what is wrong with the input itself, and
 * how many files were looked into.
 *
 * @param replaced documents as they were written, which renderings among the others stand for
 */
public record Loaded(
    List<Document> documents, List<Problem> problems, int files, List<Document> replaced) {
  public Loaded {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
    replaced = List.copyOf(replaced);
  }

  /** With nothing rendered. */
  public Loaded(List<Document> documents, List<Problem> problems, int files) {
    this(documents, problems, files, List.of());
  }

  /**
   * The same input with edits made in it; only what they change is read again.
   *
   * @param edits none of which overlaps another
   */
  public Loaded with(Collection<Edit> edits) {
    Map<Source, List<Edit>> bySource =
        edits.stream()
            .collect(Collectors.groupingBy(Edit::source, LinkedHashMap::new, Collectors.toList()));
    YamlReader reader = new YamlReader(Limits.DEFAULT);
    List<Problem> read = new ArrayList<>(problems);
    Map<Source, List<Document>> changed = new LinkedHashMap<>();
    bySource.forEach(
        (source, list) -> {
          read.removeIf(problem -> problem.source() == source);
          Loaded again =
              reader.read(new Source(source.name(), source.root(), Edit.applied(source, list)));
          read.addAll(again.problems());
          changed.put(source, manifestsOf(source, again));
        });
    List<Document> all = new ArrayList<>();
    Set<Source> done = new HashSet<>();
    for (Document document : documents) {
      if (!changed.containsKey(document.source())) {
        all.add(document);
      } else if (done.add(document.source())) {
        all.addAll(changed.getOrDefault(document.source(), List.of()));
      }
    }
    return new Loaded(all, read, files);
  }

  // as the first time: of JSON in folders only what claims to be a manifest
  private List<Document> manifestsOf(Source source, Loaded again) {
    boolean onlyManifests =
        documents.stream()
            .filter(document -> document.source() == source)
            .allMatch(document -> YamlReader.isManifest(document.root()));
    return again.documents().stream()
        .filter(document -> !onlyManifests || YamlReader.isManifest(document.root()))
        .toList();
  }
}
