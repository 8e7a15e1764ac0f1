package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.source.Edit;
import java.util.List;

/**
 * What would mend a finding.
 *
 * @param title an instruction in one line: "write TCP"
 * @param effect how it changes the traffic; empty for a safe fix: the manifests then mean what they
 *     did, or the API server refuses them as they stand
 * @param edits all of them together
 */
public record Fix(String title, String effect, List<Edit> edits) {

  public Fix {
    edits = List.copyOf(edits);
    if (edits.isEmpty()) {
      throw new IllegalArgumentException("a fix without an edit: " + title);
    }
  }

  public boolean isSafe() {
    return effect.isEmpty();
  }

  /** The word for it in reports: "safe" or "unsafe". */
  public String applicability() {
    return isSafe() ? "safe" : "unsafe";
  }

  /** {@code write 8080 (changes traffic: opens port 8080)}. */
  @Override
  public String toString() {
    return isSafe() ? title : title + " (changes traffic: " + effect + ")";
  }
}
