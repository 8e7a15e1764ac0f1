package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.dns.HostReference.ServiceName;
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
import java.util.Set;
import java.util.TreeSet;

/** KP611: a name of a Service that there is none of. */
public final class UnknownServiceName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP611",
              "unknown-service-name",
              Severity.WARNING,
              Confidence.HEURISTIC,
              "a program is given the name of a Service that does not exist")
          .fixable(Fixability.UNSAFE);

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Mention mention : Mention.of(cluster)) {
      // KP612 speaks of two labels that are turned around
      if (mention.isApiServer() || Mentions.turned(mention).isPresent()) {
        continue;
      }
      mention
          .reference()
          .service(mention.namespace(), cluster.settings().domain())
          .filter(name -> cluster.world().services(name.namespace(), name.name()).isEmpty())
          .ifPresent(name -> check(mention, name, findings));
    }
  }

  private static void check(Mention mention, ServiceName name, Findings findings) {
    Cluster cluster = mention.cluster();
    World world = cluster.world();
    List<Service> neighbours = servicesIn(name.namespace(), world);
    if (Mentions.isAlias(mention) || isElsewhere(mention, name, !neighbours.isEmpty(), findings)) {
      return;
    }
    if (neighbours.isEmpty()) {
      return;
    }
    List<String> slips =
        neighbours.stream()
            .map(Service::name)
            .distinct()
            .filter(service -> Spelling.isSlip(name.name(), service))
            .toList();
    boolean isCalled = mention.isCalled() || mention.reference().isQualified();
    if (slips.size() == 1 && isCalled) {
      Service meant =
          neighbours.stream().filter(s -> s.name().equals(slips.get(0))).findFirst().orElseThrow();
      Mentions.report(
              mention,
              "there is no Service "
                  + name.namespace()
                  + "/"
                  + name.name()
                  + "; did you mean "
                  + slips.get(0)
                  + "?",
              findings)
          .note(meant.resource().at("metadata", "name"), meant + " is one slip away")
          .unsafeFix(
              "name " + meant.name(),
              "the program finds the Service",
              Edits.part(
                  mention.place(),
                  mention.span(),
                  mention.reference().host(),
                  meant.name() + mention.reference().host().substring(name.name().length())));
    } else if (mention.reference().isQualified()) {
      boolean closed = cluster.settings().closedWorld();
      Mentions.report(
              mention, "the input has no Service " + name.namespace() + "/" + name.name(), findings)
          .severity(closed ? Severity.WARNING : Severity.INFO)
          .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC);
    }
  }

  /**
   * Reports a namespace that is wrong: the only Service of the name is in another one. Where the
   * input does not know the namespace, it must be one slip away.
   */
  private static boolean isElsewhere(
      Mention mention, ServiceName name, boolean isNamespaceKnown, Findings findings) {
    List<Service> others =
        mention.cluster().world().servicesNamed(name.name()).stream()
            .filter(Service::namespaceIsWritten)
            .toList();
    Set<String> namespaces = new TreeSet<>();
    others.forEach(service -> namespaces.add(service.namespace()));
    boolean writesNamespace =
        mention.reference().isQualified()
            || (mention.reference().labels().size() == 2 && mention.isCalled());
    if (!writesNamespace || namespaces.size() != 1) {
      return false;
    }
    Service meant = others.get(0);
    boolean isSlip = Spelling.isSlip(name.namespace(), meant.namespace());
    boolean isTogether = meant.cluster().equals(mention.cluster());
    if (!isSlip && !(mention.reference().isQualified() && (isNamespaceKnown || isTogether))) {
      return false;
    }
    boolean isSure = isSlip || (isNamespaceKnown && isTogether);
    Mentions.report(
            mention,
            "there is no Service "
                + name.namespace()
                + "/"
                + name.name()
                + ", but one in namespace "
                + meant.namespace(),
            findings)
        .severity(isSure ? Severity.WARNING : Severity.INFO)
        .note(meant.resource().at("metadata", "name"), meant + " is here")
        .help("write " + name.name() + "." + meant.namespace());
    return true;
  }

  /** The Services that name a namespace, as only they show that the input knows it. */
  private static List<Service> servicesIn(String namespace, World world) {
    return world.clusters().stream()
        .flatMap(cluster -> cluster.services().stream())
        .filter(service -> service.namespace().equals(namespace))
        .filter(service -> service.namespaceIsWritten() || namespace.equals("default"))
        .toList();
  }
}
