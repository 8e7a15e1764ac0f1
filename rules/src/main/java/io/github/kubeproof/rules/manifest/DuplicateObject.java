package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Identity;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Node.Sequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** KP011: an object that stands twice in one unit; the later one replaces the earlier. */
public final class DuplicateObject implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP011",
          "duplicate-object",
          Severity.WARNING,
          Confidence.PROVED,
          "an object stands twice in what is deployed together, and only the last one counts");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    // a missing namespace is whatever the deployer chooses, and need not be the default one
    record Key(Identity identity, boolean namespaceIsWritten) {}
    Map<Key, Resource> first = new HashMap<>();
    for (Resource resource : cluster.resources()) {
      if (resource.name().isEmpty()) {
        continue;
      }
      Key key = new Key(cluster.identityOf(resource), !resource.writtenNamespace().isEmpty());
      Resource before = first.putIfAbsent(key, resource);
      if (before != null) {
        report(resource, before, findings);
      }
    }
  }

  private static void report(Resource resource, Resource before, Findings findings) {
    boolean same = sayTheSame(resource.tree(), before.tree());
    findings
        .report(
            resource,
            resource.at("metadata", "name"),
            resource
                + (same
                    ? " stands here for a second time, with the same content"
                    : " is defined for a second time, and the last definition replaces the others"))
        .severity(same ? Severity.INFO : Severity.WARNING)
        .help(same ? "remove one of them" : "give it another name, or remove one of them")
        .note(before.at("metadata", "name"), "the first one");
  }

  /** Whether two trees hold the same values, wherever they stand; the order of keys is none. */
  private static boolean sayTheSame(Node one, Node other) {
    if (one instanceof Scalar a && other instanceof Scalar b) {
      return Objects.equals(a.value(), b.value());
    }
    if (one instanceof Sequence a && other instanceof Sequence b) {
      List<Node> items = a.items();
      if (items.size() != b.items().size()) {
        return false;
      }
      for (int i = 0; i < items.size(); i++) {
        if (!sayTheSame(items.get(i), b.items().get(i))) {
          return false;
        }
      }
      return true;
    }
    if (one instanceof Mapping a && other instanceof Mapping b) {
      for (Node.Entry entry : a.entries()) {
        Optional<Node> value = b.get(entry.key());
        if (value.isEmpty() || !sayTheSame(entry.value(), value.get())) {
          return false;
        }
      }
      return a.entries().size() == b.entries().size();
    }
    return false;
  }
}
