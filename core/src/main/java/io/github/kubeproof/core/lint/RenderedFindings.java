package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Says where findings in renderings come from. What several kustomizations take over from one file
 * is one fault, so it is reported once.
 */
final class RenderedFindings {

  /** How many renderings with the same fault are named. */
  private static final int MOST = 5;

  /** A fault of a file. */
  private record Fault(String rule, Severity severity, Source source, Span span, NodePath path) {}

  private RenderedFindings() {}

  /** In the order given; of those that are one fault, the first stays and names the others. */
  static List<Finding> folded(List<Finding> findings) {
    List<Finding> result = new ArrayList<>();
    Map<Fault, Integer> firsts = new HashMap<>();
    Map<Integer, Integer> unnamed = new TreeMap<>();
    for (Finding finding : findings) {
      Optional<Document> renderer = renderer(finding);
      Place place = finding.place();
      if (place == null || renderer.isEmpty()) {
        result.add(finding);
        continue;
      }
      Fault fault =
          new Fault(
              finding.rule().id(),
              finding.severity(),
              finding.source(),
              finding.span(),
              place.path());
      int at = firsts.computeIfAbsent(fault, f -> result.size());
      Finding first = at < result.size() ? result.get(at) : finding;
      if (renderer(first).equals(renderer)) {
        result.add(noted(finding, renderer.get(), "in the rendering of " + name(renderer.get())));
      } else if (renderings(first) < MOST) {
        boolean same = finding.message().equals(first.message());
        String also = "also in the rendering of " + name(renderer.get());
        String text = same ? also : also + ": " + finding.message();
        result.set(at, noted(first, renderer.get(), text));
      } else {
        unnamed.merge(at, 1, Integer::sum);
      }
    }
    unnamed.forEach(
        (at, more) -> {
          Finding first = result.get(at);
          String text = "the same in " + more + " more rendering" + (more == 1 ? "" : "s");
          result.set(at, noted(first, renderer(first).orElseThrow(), text));
        });
    return result;
  }

  private static long renderings(Finding finding) {
    return finding.notes().stream()
        .filter(note -> note.message().contains("in the rendering of "))
        .count();
  }

  private static Finding noted(Finding finding, Document renderer, String text) {
    List<Note> notes = new ArrayList<>(finding.notes());
    notes.add(new Note(renderer.at(NodePath.ROOT), text));
    return finding.withNotes(notes);
  }

  private static String name(Document renderer) {
    String folder = renderer.source().folder();
    return folder.isEmpty() ? "." : folder;
  }

  private static Optional<Document> renderer(Finding finding) {
    Place place = finding.place();
    return place == null ? Optional.empty() : place.document().renderedBy();
  }
}
