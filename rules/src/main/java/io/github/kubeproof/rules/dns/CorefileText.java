package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Cluster.Typed;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.dns.Corefile;
import io.github.kubeproof.core.dns.Token;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Span;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Corefile in a ConfigMap.
 *
 * @param namespace the ConfigMap's
 */
record CorefileText(Resource map, String namespace, Place place, String text, Corefile corefile) {

  /** The Corefiles of a unit. */
  static List<CorefileText> in(Cluster cluster) {
    List<CorefileText> found = new ArrayList<>();
    for (Typed<V1ConfigMap> map : cluster.all(V1ConfigMap.class)) {
      for (Map.Entry<String, String> entry : Lists.orEmpty(map.model().getData()).entrySet()) {
        if (entry.getValue() != null && isCorefile(map.resource(), entry.getKey())) {
          found.add(
              new CorefileText(
                  map.resource(),
                  cluster.namespaceOf(map.resource()),
                  map.resource().at("data", entry.getKey()),
                  entry.getValue(),
                  Corefile.parse(entry.getValue(), name -> Optional.empty())));
        }
      }
    }
    return found;
  }

  /** {@code coredns-custom} is what k3s and AKS import server blocks from. */
  private static boolean isCorefile(Resource map, String key) {
    return key.equals("Corefile")
        || key.equals("Corefile.base")
        || (map.name().equals("coredns-custom") && key.endsWith(".server"));
  }

  /** Whether somebody fills something in before CoreDNS reads it. */
  boolean isTemplate() {
    return text.lines().anyMatch(Corefile::hasPlaceholder);
  }

  boolean isTemplate(Token token) {
    return Corefile.hasPlaceholder(text.lines().skip(token.line() - 1L).findFirst().orElse(""));
  }

  private Span span(Token token) {
    return place.within(token.line(), token.column(), token.length());
  }

  /** Says something at a word of the file. */
  Findings.Draft report(Token token, String message, Findings findings) {
    return findings.report(map, place, span(token), message);
  }

  /** The workloads of the neighbourhood whose pods read it. */
  List<Workload> readers(Cluster cluster) {
    return cluster.world().workloads().stream()
        .filter(workload -> workload.namespace().equals(namespace))
        .filter(
            workload ->
                Lists.orEmpty(workload.podSpec().getVolumes()).stream().anyMatch(this::isMounted))
        .toList();
  }

  private boolean isMounted(V1Volume volume) {
    return volume.getConfigMap() != null && map.name().equals(volume.getConfigMap().getName());
  }
}
