package io.github.kubeproof.rules.ingress;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.openapi.models.V1IngressRule;
import io.kubernetes.client.openapi.models.V1IngressTLS;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP506: the hosts of an Ingress's rules and those of its certificates are not the same. */
public final class TlsHostMismatch implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP506",
          "tls-host-mismatch",
          Severity.WARNING,
          Confidence.PROVED,
          "a host of an Ingress has no certificate though others have one, or a certificate has no"
              + " rule");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Ingress ingress : Ingress.of(cluster)) {
      // without hosts a certificate is for all of them
      boolean listed =
          ingress.tls().stream().noneMatch(tls -> Lists.orEmpty(tls.getHosts()).isEmpty());
      if (!ingress.tls().isEmpty() && listed) {
        check(ingress, findings);
      }
    }
  }

  private static void check(Ingress ingress, Findings findings) {
    Cluster cluster = ingress.route().cluster();
    List<String> secured =
        ingress.tls().stream().flatMap(tls -> Lists.orEmpty(tls.getHosts()).stream()).toList();
    List<String> served = new ArrayList<>();
    for (V1IngressRule rule : ingress.rules()) {
      String host = rule.getHost();
      if (host == null || host.isEmpty()) {
        return; // KP510 speaks of a rule for all hosts
      }
      served.add(host);
      if (secured.stream().noneMatch(name -> Ingress.covers(name, host))) {
        Optional<String> meant =
            secured.stream().filter(name -> Spelling.isSlip(host, name)).findFirst();
        findings
            .report(
                ingress.route(),
                cluster.at(rule, "host"),
                "no certificate of this Ingress is for "
                    + host
                    + meant.map(name -> "; did you mean " + name + "?").orElse(""))
            .note(
                cluster.at(ingress.tls().get(0), "hosts"),
                "the certificates are for " + String.join(", ", secured))
            .help("add the host to tls, or give it an Ingress without tls");
      }
    }
    boolean aliased = ingress.nginx("server-alias").isPresent();
    for (V1IngressTLS tls : ingress.tls()) {
      List<String> hosts = Lists.orEmpty(tls.getHosts());
      for (int i = 0; i < hosts.size() && !served.isEmpty() && !aliased; i++) {
        String name = hosts.get(i);
        if (served.stream().noneMatch(h -> Ingress.covers(name, h) || Ingress.covers(h, name))) {
          findings
              .report(
                  ingress.route(),
                  cluster.at(tls, "hosts", i),
                  "no rule of this Ingress is for " + name + ", which it has a certificate for")
              .severity(Severity.INFO)
              .help("add a rule for the host, or remove it from tls");
        }
      }
    }
  }
}
