package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.ListedEndpoints;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Spelling;
import java.util.ArrayList;
import java.util.List;

/** KP423: a Service without a selector, for which nobody lists endpoints. */
public final class ServiceWithoutEndpoints implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP423",
          "service-without-endpoints",
          Severity.INFO,
          Confidence.HEURISTIC,
          "a Service has no selector, and nothing lists its endpoints");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      boolean bare =
          service.selector().isEmpty()
              && !service.isExternalName()
              && service.resource().isUnderstood()
              && !service.ports().isEmpty()
              && service.cluster().world().patchesOf(service).isEmpty();
      if (bare) {
        check(service, findings);
      }
    }
  }

  private static void check(Service service, Findings findings) {
    List<String> listed = new ArrayList<>();
    World world = service.cluster().world();
    world.resourcesOfKind("Endpoints").forEach(resource -> listed.add(resource.name()));
    world.resourcesOfKind("EndpointSlice").forEach(resource -> listed.add(owner(resource)));
    if (listed.contains(service.name())) {
      return;
    }
    List<String> slips =
        listed.stream().filter(name -> Spelling.isSlip(service.name(), name)).distinct().toList();
    boolean closed = service.cluster().settings().closedWorld();
    if (!slips.isEmpty() || closed) {
      findings
          .report(
              service,
              service.resource().at("metadata", "name"),
              "this Service has no selector, and there are no endpoints of that name"
                  + slips.stream().findFirst().map(n -> "; did you mean " + n + "?").orElse(""))
          .severity(Severity.WARNING)
          .confidence(closed ? Confidence.PROVED : Confidence.HEURISTIC)
          .help("add a selector, or an EndpointSlice with the label " + ListedEndpoints.SERVICE);
    }
  }

  private static String owner(Resource slice) {
    return slice
        .tree()
        .get("metadata")
        .flatMap(Node::asMapping)
        .flatMap(meta -> meta.get("labels"))
        .flatMap(Node::asMapping)
        .flatMap(labels -> labels.string(ListedEndpoints.SERVICE))
        .orElse("");
  }
}
