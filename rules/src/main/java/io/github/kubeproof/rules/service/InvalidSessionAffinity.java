package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;

/** KP431: a session that lasts no time, or longer than a day. */
public final class InvalidSessionAffinity implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP431",
          "invalid-session-affinity",
          "the timeout of a session is not between 1 and 86400 seconds");

  /** A day (core validation.go, validateClientIPAffinityConfig). */
  private static final int LONGEST = 86_400;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      var config = service.spec().getSessionAffinityConfig();
      var client = config == null ? null : config.getClientIP();
      Integer timeout = client == null ? null : client.getTimeoutSeconds();
      // without an affinity the server drops its configuration unread
      if (timeout != null
          && client != null
          && "ClientIP".equals(service.spec().getSessionAffinity())
          && (timeout < 1 || timeout > LONGEST)) {
        findings
            .report(
                service,
                cluster.at(client, "timeoutSeconds"),
                "timeoutSeconds " + timeout + " is not between 1 and " + LONGEST)
            .help("leave it out for the default, three hours");
      }
    }
  }
}
