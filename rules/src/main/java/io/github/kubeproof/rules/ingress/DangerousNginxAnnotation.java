package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.List;
import java.util.regex.Pattern;

/** KP513: an annotation writes into the configuration of nginx, past what the controller checks. */
public final class DangerousNginxAnnotation implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP513",
          "dangerous-nginx-annotation",
          Severity.WARNING,
          Confidence.PROVED,
          "an annotation puts text of its own into the configuration of ingress-nginx");

  private static final List<String> SNIPPETS =
      List.of(
          "configuration-snippet",
          "server-snippet",
          "stream-snippet",
          "auth-snippet",
          "modsecurity-snippet");

  /** Annotations that once were copied as they stand (CVE-2025-24514, 1097, 1098). */
  private static final List<String> COPIED =
      List.of(
          "auth-url",
          "auth-signin",
          "auth-tls-match-cn",
          "mirror-target",
          "mirror-host",
          "rewrite-target",
          "permanent-redirect",
          "temporal-redirect",
          "app-root");

  private static final Pattern BREAKING = Pattern.compile("[\\r\\n;{}]");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Ingress ingress : Ingress.of(cluster)) {
      for (String name : SNIPPETS) {
        if (ingress.nginx(name).filter(value -> !value.isBlank()).isPresent()) {
          findings
              .report(
                  ingress.route(),
                  ingress.atNginx(name),
                  name
                      + " writes into the configuration of nginx; controllers refuse it by default")
              .help(
                  "use an annotation made for the purpose; who may write snippets can read all"
                      + " Secrets of the controller (CVE-2021-25742)");
        }
      }
      for (String name : COPIED) {
        if (ingress
            .nginx(name)
            .filter(value -> BREAKING.matcher(value.strip()).find())
            .isPresent()) {
          findings
              .report(
                  ingress.route(),
                  ingress.atNginx(name),
                  name
                      + " holds a character that ends a directive of nginx: one of ; { } or a line")
              .help("write an address without it; controllers refuse it, or worse, obey it");
        }
      }
    }
  }
}
