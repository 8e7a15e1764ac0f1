package io.github.kubeproof.core.source;

import java.util.List;

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
}
