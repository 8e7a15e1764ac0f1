package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.dns.CorefileFault;
import io.github.kubeproof.core.dns.CorefileFault.Kind;
import io.github.kubeproof.core.dns.CorefileFault.Phase;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;

/** KP620: a Corefile that CoreDNS refuses to start with. */
public final class InvalidCorefile implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP620",
          "invalid-corefile",
          Severity.ERROR,
          Confidence.PROVED,
          "CoreDNS does not start with its Corefile");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (CorefileText file : CorefileText.in(cluster)) {
      boolean isTemplate = file.isTemplate();
      for (CorefileFault fault : file.corefile().faults()) {
        // what is filled in may close a block, name a zone, or be a plugin
        boolean isOpen =
            isTemplate && (fault.phase() != Phase.SETUP || file.isTemplate(fault.at()));
        if (!isOpen) {
          report(file, fault, findings);
        }
      }
    }
  }

  private static void report(CorefileText file, CorefileFault fault, Findings findings) {
    boolean isCertain = fault.kind() == Kind.MISUSE || fault.message().contains("did you mean");
    file.report(fault.at(), fault.message(), findings)
        .severity(isCertain ? Severity.ERROR : Severity.WARNING)
        .confidence(isCertain ? Confidence.PROVED : Confidence.HEURISTIC)
        .help(
            switch (fault.kind()) {
              case MISUSE -> "CoreDNS refuses the whole file: no name is answered once it restarts";
              case UNKNOWN_PLUGIN ->
                  "an official build of CoreDNS 1.14 does not start with it; keep it only for a build"
                      + " of your own";
              case UNKNOWN_PROPERTY ->
                  "CoreDNS 1.14 does not start with it; keep it only for another release";
            });
  }
}
