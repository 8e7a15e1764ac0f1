package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Loaded;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network that pods are attached to beside their primary one, or instead of it. NetworkPolicies
 * say nothing of what flows there.
 *
 * @param network {@code namespace/name} of its NetworkAttachmentDefinition; {@code namespace/?}
 *     where what is written cannot be read
 * @see "Kubernetes Network Custom Resource Definition De-facto Standard, 4.1.1; kubevirt.io/api
 *     core/v1 schema.go: MultusNetwork"
 */
public record Attachment(String network, Place place) {

  private static final List<String> ANNOTATIONS =
      List.of("k8s.v1.cni.cncf.io/networks", "v1.multus-cni.io/default-network");

  private static final String UNREADABLE = "?";

  /** What the pods of a workload are attached to, each network once. */
  public static List<Attachment> of(Workload workload) {
    List<Attachment> found = new ArrayList<>();
    V1ObjectMeta meta = workload.podMeta();
    if (meta != null && meta.getAnnotations() != null) {
      for (String key : ANNOTATIONS) {
        Place place = workload.cluster().at(meta, "annotations", key);
        names(meta.getAnnotations().getOrDefault(key, ""))
            .forEach(name -> found.add(of(name, workload, place)));
      }
    }
    if (workload.isVirtual()) {
      Place place = workload.cluster().at(workload.podSpec(), "networks");
      place.node().map(Node::asItems).orElse(List.of()).stream()
          .flatMap(network -> map(network, "multus").stream())
          .flatMap(multus -> multus.string("networkName").stream())
          .forEach(name -> found.add(of(name, workload, place)));
    }
    return found.stream().distinct().toList();
  }

  private static Attachment of(String name, Workload workload, Place place) {
    return new Attachment(name.contains("/") ? name : workload.namespace() + "/" + name, place);
  }

  /** Of a list in JSON, or of words between commas: {@code namespace/name@interface}. */
  private static Stream<String> names(String annotation) {
    if (!annotation.strip().startsWith("[")) {
      return Stream.of(annotation.split(",", -1))
          .map(word -> word.split("@", 2)[0].strip())
          .filter(name -> !name.isEmpty());
    }
    Loaded list = new YamlReader(Limits.DEFAULT).read(new Source("annotation", annotation));
    return list.problems().isEmpty()
        ? list.documents().stream()
            .flatMap(document -> document.root().asItems().stream())
            .map(Attachment::name)
        : Stream.of(UNREADABLE);
  }

  private static String name(Node item) {
    Optional<Node.Mapping> network = item.asMapping();
    String name = network.flatMap(map -> map.string("name")).orElse(UNREADABLE);
    return network
        .flatMap(map -> map.string("namespace"))
        .map(namespace -> namespace + "/" + name)
        .orElse(name);
  }

  private static Optional<Node.Mapping> map(Node node, String key) {
    return node.asMapping().flatMap(map -> map.get(key)).flatMap(Node::asMapping);
  }
}
