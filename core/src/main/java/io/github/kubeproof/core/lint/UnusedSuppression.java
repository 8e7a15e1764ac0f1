package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Suppressions.Complaint;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Edits;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * KP013: a suppression that silences nothing, has expired, or cannot be read.
 *
 * <p>What it finds is known only when all other rules have run: the {@link Linter} collects it
 * then.
 */
public final class UnusedSuppression implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP013",
              "unused-suppression",
              Severity.WARNING,
              Confidence.PROVED,
              "a suppression silences nothing, has expired, or cannot be read")
          .fixable(Fixability.SAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** Finds nothing in a unit alone. */
  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    // a suppression is unused only when no rule at all needs it
  }

  /** The complaints as findings, where this rule is among those that ran. */
  static List<Finding> findings(List<Complaint> complaints, Collection<RuleInfo> ran) {
    if (!ran.contains(INFO)) {
      return List.of();
    }
    return complaints.stream()
        .map(
            complaint ->
                new Finding(
                    INFO,
                    INFO.severity(),
                    INFO.confidence(),
                    complaint.source().folder(),
                    null,
                    complaint.source(),
                    complaint.span(),
                    complaint.place(),
                    complaint.message(),
                    "",
                    List.of(),
                    null,
                    fix(complaint)))
        .toList();
  }

  /** A comment that silences nothing, and that says nothing else. */
  private static @Nullable Fix fix(Complaint complaint) {
    if (complaint.fault() != Suppressions.Fault.UNUSED || complaint.place() != null) {
      return null;
    }
    List<Edit> edits =
        complaint.source().comments().stream()
            .filter(comment -> comment.line() == complaint.span().line())
            .filter(comment -> comment.text().matches("#+\\s*kubeproof:[^#]*"))
            .filter(
                comment ->
                    SuppressionsDirective.ofComment(comment.text())
                        .filter(directive -> directive.words().size() <= 1)
                        .isPresent())
            .findFirst()
            .map(comment -> Edits.remove(complaint.source(), comment))
            .orElse(List.of());
    return edits.isEmpty() ? null : new Fix("remove the comment", "", edits);
  }
}
