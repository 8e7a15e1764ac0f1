package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** KP625: two objects that ask external-dns for the same name. */
public final class DuplicateDnsRecord implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP625",
          "duplicate-dns-record",
          Severity.INFO,
          Confidence.HEURISTIC,
          "two objects ask external-dns for the same name");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  private static final String ANNOTATION = "external-dns.alpha.kubernetes.io/hostname";

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<String, Resource> owners = new HashMap<>();
    for (Resource resource : cluster.resources()) {
      Optional<String> annotation =
          resource
              .tree()
              .get("metadata")
              .flatMap(Node::asMapping)
              .flatMap(metadata -> metadata.get("annotations"))
              .flatMap(Node::asMapping)
              .flatMap(annotations -> annotations.string(ANNOTATION));
      for (String name : annotation.orElse("").split(",", -1)) {
        String host = name.strip().toLowerCase(Locale.ROOT);
        Resource before = host.isEmpty() ? null : owners.putIfAbsent(host, resource);
        if (before != null && !before.equals(resource)) {
          findings
              .report(
                  resource,
                  resource.at("metadata", "annotations", ANNOTATION),
                  before + " asks external-dns for " + host + ", too")
              .note(before.at("metadata", "annotations", ANNOTATION), "the other one")
              .help("let one object own the name, or set a set-identifier for each");
        }
      }
    }
  }
}
