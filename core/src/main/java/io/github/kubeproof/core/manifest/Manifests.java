package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * Documents read as Kubernetes objects.
 *
 * @param resources in the order of the documents
 * @param fragments patches: parts of objects, about which nothing can be said alone
 * @param problems fields that the API server would not understand, each at its place
 */
public record Manifests(
    List<Resource> resources, List<Resource> fragments, List<Problem> problems, Origins origins) {

  public Manifests {
    resources = List.copyOf(resources);
    fragments = List.copyOf(fragments);
    problems = List.copyOf(problems);
  }

  /** Reads documents, on as many threads as wanted; the result does not depend on their number. */
  public static Manifests read(List<Document> documents, int jobs) {
    ObjectReader reader = new ObjectReader(Fragments.of(documents));
    if (jobs <= 1 || documents.size() <= 1) {
      return joined(documents.stream().map(reader::read).toList());
    }
    ForkJoinPool pool = new ForkJoinPool(jobs);
    try {
      // a parallel stream runs in the pool that it is started from, and keeps the order
      return joined(
          pool.submit(() -> documents.parallelStream().map(reader::read).toList()).join());
    } finally {
      pool.shutdown();
    }
  }

  private static Manifests joined(List<Manifests> parts) {
    List<Resource> resources = new ArrayList<>();
    List<Resource> fragments = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Manifests part : parts) {
      resources.addAll(part.resources);
      fragments.addAll(part.fragments);
      problems.addAll(part.problems);
    }
    return new Manifests(
        resources,
        fragments,
        problems,
        Origins.of(parts.stream().map(Manifests::origins).toList()));
  }
}
