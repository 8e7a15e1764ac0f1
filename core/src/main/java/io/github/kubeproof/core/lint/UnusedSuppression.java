package io.github.kubeproof.core.lint;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Suppressions.Complaint;
import java.util.Collection;
import java.util.List;

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
          "a suppression silences nothing, has expired, or cannot be read");

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
                    null))
        .toList();
  }
}
