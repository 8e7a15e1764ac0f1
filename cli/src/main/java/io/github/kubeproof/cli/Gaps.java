package io.github.kubeproof.cli;

import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Front;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What keeps an answer from being the whole truth, and how that is shown.
 *
 * @param touched the pods that the gaps may touch
 */
record Gaps(List<Gap> gaps, Set<? extends Endpoint> touched) {

  boolean touch(Endpoint endpoint) {
    return touched.contains(endpoint);
  }

  /** A name, with a mark where the gaps touch it. */
  String marked(Endpoint endpoint) {
    return Text.visible(endpoint.toString()) + (touch(endpoint) ? "*" : "");
  }

  /** What something leads through, with a mark where nobody knows whether it does. */
  static String marked(Front front) {
    return Text.visible(front.toString()) + (front.gaps().isEmpty() ? "" : "*");
  }

  /** The same with those of what some traffic goes through. */
  Gaps with(List<Gap> others) {
    return new Gaps(Stream.concat(gaps.stream(), others.stream()).toList(), touched);
  }

  /** What stands behind the mark, a line for each. */
  void legend(String start, Writer out) throws IOException {
    for (Gap gap : gaps) {
      out.write(start + Text.visible(gap.place() + ": " + gap.why()) + "\n");
    }
  }

  /** All of it in one line; empty when there is none. */
  String inWords() {
    List<String> words = gaps.stream().map(gap -> gap.place() + ": " + gap.why()).toList();
    return words.isEmpty() ? "" : Text.visible("* incomplete: " + String.join("; ", words));
  }

  void json(Writer out) throws IOException {
    out.write("{\"because\": [");
    String between = "\n";
    for (Gap gap : gaps) {
      out.write(between + "  {\"place\": " + Text.json(gap.place().toString()));
      out.write(", \"why\": " + Text.json(gap.why()) + "}");
      between = ",\n";
    }
    out.write("\n ], \"members\": ");
    Text.json(touched.stream().map(Endpoint::toString).toList(), out);
    out.write("}");
  }
}
