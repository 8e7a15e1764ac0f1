package io.github.kubeproof.core.lint;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run found; the same for the same input, however many threads worked on it.
 *
 * @param rules the rules that ran, sorted by id
 * @param findings sorted by {@link Finding#ORDER}
 * @param suppressed findings that somebody silenced, each with the reason
 * @param notices in the order of files and positions
 * @param files how many files were read
 * @param resources how many objects they hold
 * @param pages what explains the rules; not read unless a reporter asks
 * @param comparison with the baseline; null where there is none
 */
public record Report(
    List<RuleInfo> rules,
    List<Finding> findings,
    List<Suppressed> suppressed,
    List<Notice> notices,
    int files,
    int resources,
    RulePages pages,
    Baseline.@Nullable Comparison comparison) {

  /** A report without a baseline. */
  public Report(
      List<RuleInfo> rules,
      List<Finding> findings,
      List<Suppressed> suppressed,
      List<Notice> notices,
      int files,
      int resources,
      RulePages pages) {
    this(rules, findings, suppressed, notices, files, resources, pages, null);
  }

  /** What silences a finding. */
  public enum By {
    /** A comment or an annotation. */
    SOURCE,
    CONFIGURATION,
    BASELINE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A finding that is silenced.
   *
   * @param justification the reason as written; empty when none is given
   */
  public record Suppressed(Finding finding, By by, String justification) {}

  public Report {
    rules = List.copyOf(rules);
    findings = List.copyOf(findings);
    suppressed = List.copyOf(suppressed);
    notices = List.copyOf(notices);
  }

  /** Whether an answer is missing somewhere, as the notices say. */
  public boolean isIncomplete() {
    return notices.stream().anyMatch(Notice::incomplete);
  }

  public long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }
}
