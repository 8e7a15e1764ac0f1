package io.github.kubeproof.core.report;

import com.contrastsecurity.sarif.MultiformatMessageString;
import com.contrastsecurity.sarif.PropertyBag;
import com.contrastsecurity.sarif.ReportingConfiguration;
import com.contrastsecurity.sarif.ReportingDescriptor;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Report;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.RulePage;
import io.github.kubeproof.core.lint.Severity;
import java.util.LinkedHashSet;
import java.util.Set;

/** Rules as SARIF describes them. */
final class SarifRules {

  /** Rules of this group find what an attacker could use. */
  private static final String SECURITY_GROUP = "permissiveness";

  private SarifRules() {}

  static Set<ReportingDescriptor> of(Report report) {
    Set<ReportingDescriptor> rules = new LinkedHashSet<>();
    for (RuleInfo rule : report.rules()) {
      rules.add(descriptor(rule, report.pages().of(rule)));
    }
    return rules;
  }

  private static ReportingDescriptor descriptor(RuleInfo rule, RulePage page) {
    return new ReportingDescriptor()
        .withId(rule.id())
        .withName(rule.name())
        .withShortDescription(
            new MultiformatMessageString().withText(Words.sentence(rule.summary())))
        .withFullDescription(
            new MultiformatMessageString().withText(Words.sentence(page.summary())))
        .withHelp(
            new MultiformatMessageString().withText(page.markdown()).withMarkdown(page.markdown()))
        .withDefaultConfiguration(
            new ReportingConfiguration()
                .withLevel(ReportingConfiguration.Level.fromValue(level(rule.severity()))))
        .withProperties(properties(rule));
  }

  /** {@code precision}, {@code problem.severity} and {@code security-severity} are GitHub's. */
  private static PropertyBag properties(RuleInfo rule) {
    Set<String> tags = new LinkedHashSet<>(rule.tags());
    PropertyBag properties =
        new PropertyBag()
            .withAdditionalProperty(
                "precision", rule.confidence() == Confidence.PROVED ? "very-high" : "medium")
            .withAdditionalProperty(
                "problem.severity",
                rule.severity() == Severity.INFO ? "recommendation" : rule.severity().word());
    if (rule.group().equals(SECURITY_GROUP)) {
      tags.add("security");
      properties.setAdditionalProperty("security-severity", securitySeverity(rule.severity()));
    }
    return properties.withTags(tags);
  }

  /** On the scale of CVSS: high, medium or low. */
  private static String securitySeverity(Severity severity) {
    return switch (severity) {
      case ERROR -> "8.0";
      case WARNING -> "5.5";
      case INFO -> "3.0";
    };
  }

  /** SARIF's word for a severity. */
  static String level(Severity severity) {
    return severity == Severity.INFO ? "note" : severity.word();
  }
}
