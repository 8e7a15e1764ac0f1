package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Member;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** KP012: objects that are deployed together, of which some may end up elsewhere. */
public final class MixedNamespaces implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP012",
              "mixed-namespaces",
              Severity.INFO,
              Confidence.HEURISTIC,
              "some objects of a unit name their namespace, and others do not")
          .onlyStrict();

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    List<Member> members = new ArrayList<>(cluster.workloads());
    members.addAll(cluster.services());
    members.addAll(cluster.policies());
    members.addAll(cluster.routes());
    List<Member> without = members.stream().filter(m -> !m.namespaceIsWritten()).toList();
    Optional<Member> with = members.stream().filter(Member::namespaceIsWritten).findFirst();
    if (with.isPresent() && !without.isEmpty()) {
      Member first = without.get(0);
      int others = without.size() - 1;
      findings
          .report(
              first,
              first.resource().at("metadata", "name"),
              "%s names no namespace%s, but others of %s do"
                  .formatted(
                      first.resource(), others == 0 ? "" : ", nor do " + others + " more", cluster))
          .note(with.get().resource().at("metadata", "namespace"), "this one does")
          .help("name the namespace everywhere, or nowhere and let kubectl --namespace choose");
    }
  }
}
