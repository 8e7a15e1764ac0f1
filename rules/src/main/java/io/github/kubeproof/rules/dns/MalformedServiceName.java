package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.dns.HostReference;
import io.github.kubeproof.core.dns.Mention;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Spelling;
import java.util.List;
import java.util.Optional;

/** KP612: the full name of a Service, put together wrongly. */
public final class MalformedServiceName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP612",
              "malformed-service-name",
              Severity.WARNING,
              Confidence.HEURISTIC,
              "the full name of a Service has a part that is missing, misspelt or in the wrong place")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Mention mention : Mention.of(cluster)) {
      meant(mention)
          .filter(meant -> !Mentions.isAlias(mention))
          .ifPresent(
              meant ->
                  Mentions.report(
                          mention,
                          "no Service has the name "
                              + mention.reference().host()
                              + "; did you mean "
                              + meant
                              + "?",
                          findings)
                      .help("the full name is service.namespace.svc." + cluster.settings().domain())
                      .unsafeFix(
                          "write " + meant,
                          "the program finds the Service",
                          Edits.part(
                              mention.place(), mention.span(), mention.reference().host(), meant)));
    }
  }

  /** The name that was probably meant. */
  private static Optional<String> meant(Mention mention) {
    Cluster cluster = mention.cluster();
    String domain = cluster.settings().domain();
    HostReference reference = mention.reference();
    List<String> labels = reference.labels();
    int svc = labels.indexOf("svc");
    Optional<Service> turned = Mentions.turned(mention);
    if (turned.isPresent()) {
      return turned.map(
          service ->
              service.name()
                  + "."
                  + service.namespace()
                  + reference.host().substring((labels.get(0) + "." + labels.get(1)).length()));
    }
    if (svc >= 2) {
      String rest = String.join(".", labels.subList(svc + 1, labels.size()));
      boolean isSlip = !rest.isEmpty() && Spelling.isSlip(rest, domain);
      return isSlip
          ? Optional.of(String.join(".", labels.subList(0, svc + 1)) + "." + domain)
          : Optional.empty();
    }
    String bare = String.join(".", labels);
    if (!bare.endsWith("." + domain)) {
      return Optional.empty();
    }
    List<String> front = labels.subList(0, labels.size() - domain.split("\\.", -1).length);
    return switch (front.size()) {
      case 2 -> known(front.get(0), front.get(1), cluster);
      case 3 -> {
        if (front.get(1).equals("svc")) {
          yield known(front.get(0), front.get(2), cluster);
        }
        boolean isSlip =
            Spelling.distance(front.get(2), "svc") == 1 || front.get(2).equals("service");
        yield isSlip ? known(front.get(0), front.get(1), cluster) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  /** The full name of a Service that the input has; two labels turned around are one, too. */
  private static Optional<String> known(String name, String namespace, Cluster cluster) {
    String domain = cluster.settings().domain();
    if (!cluster.world().services(namespace, name).isEmpty()
        || (name.equals("kubernetes") && namespace.equals("default"))) {
      return Optional.of(name + "." + namespace + ".svc." + domain);
    }
    boolean isTurned =
        cluster.world().services(name, namespace).stream().anyMatch(s -> s.namespaceIsWritten());
    return isTurned ? Optional.of(namespace + "." + name + ".svc." + domain) : Optional.empty();
  }
}
