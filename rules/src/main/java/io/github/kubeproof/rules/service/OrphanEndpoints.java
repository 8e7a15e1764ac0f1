package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.ListedEndpoints;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Spelling;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1Endpoints;
import java.util.Optional;

/** KP436: endpoints of a Service that the input does not have. */
public final class OrphanEndpoints implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP436",
          "orphan-endpoints",
          Severity.INFO,
          Confidence.HEURISTIC,
          "endpoints are listed for a Service that does not exist");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Cluster.Typed<V1EndpointSlice> found : cluster.all(V1EndpointSlice.class)) {
      String owner = ListedEndpoints.serviceOf(found.model());
      Place place = found.resource().at("metadata", "labels", ListedEndpoints.SERVICE);
      check(cluster, found.resource(), place, owner, findings);
    }
    for (Cluster.Typed<V1Endpoints> found : cluster.all(V1Endpoints.class)) {
      if (!Lists.orEmpty(found.model().getSubsets()).isEmpty()) {
        Resource endpoints = found.resource();
        Place place = endpoints.at("metadata", "name");
        check(cluster, endpoints, place, endpoints.name(), findings);
      }
    }
  }

  private static void check(
      Cluster cluster, Resource endpoints, Place place, String owner, Findings findings) {
    String namespace = cluster.namespaceOf(endpoints);
    World world = cluster.world();
    if (owner.isEmpty() || !world.services(namespace, owner).isEmpty()) {
      return;
    }
    Optional<Service> meant =
        world.clusters().stream()
            .flatMap(unit -> unit.services().stream())
            .filter(service -> service.namespace().equals(namespace))
            .filter(service -> Spelling.isSlip(owner, service.name()))
            .findFirst();
    boolean closed = cluster.settings().closedWorld();
    Draft draft =
        findings
            .report(
                endpoints,
                place,
                "there is no Service %s/%s, so nothing uses these endpoints"
                    .formatted(namespace, owner))
            .severity(meant.isPresent() || closed ? Severity.WARNING : Severity.INFO)
            .help(meant.map(service -> "did you mean " + service.name() + "?").orElse("add it"));
    meant.ifPresent(
        service ->
            draft.note(service.resource().at("metadata", "name"), "this one has such a name"));
  }
}
