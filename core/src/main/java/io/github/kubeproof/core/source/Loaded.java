package io.github.kubeproof.core.source;

import java.util.List;

/**
 * What was read: the documents in the order of the input, what is wrong with the input itself, and
 * how many files were looked into.
 */
public record Loaded(List<Document> documents, List<Problem> problems, int files) {
  public Loaded {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
  }
}
