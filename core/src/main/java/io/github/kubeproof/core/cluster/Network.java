package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Place;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A primary network of OVN-Kubernetes, which pods of some namespaces are on instead of the default
 * network of the cluster: a UserDefinedNetwork or a ClusterUserDefinedNetwork.
 *
 * @param namespaces those whose pods are on it: the label that makes a namespace ask for such a
 *     network is among what they need
 * @param place where it says that it is a primary one
 * @param isRefused whether something in it keeps the API server from taking it: nobody knows what
 *     will be meant
 * @see "ovn-kubernetes go-controller/pkg/crd/userdefinednetwork/v1;
 *     okep-5193-user-defined-networks"
 */
public record Network(
    Resource resource, Cluster cluster, Selector namespaces, Place place, boolean isRefused) {

  /** What a namespace must carry from the start, with any value, for its pods to be on one. */
  public static final String NAMESPACE_LABEL = "k8s.ovn.org/primary-user-defined-network";

  /** The namespaces that ask for a primary network. */
  public static final Selector ASKING =
      new Selector(
          List.of(new Selector.Requirement(NAMESPACE_LABEL, Selector.Operator.EXISTS, List.of())));

  /** How the configuration of OVN-Kubernetes has it, in JSON. */
  private static final Pattern PRIMARY = Pattern.compile("\"role\"\\s*:\\s*\"?primary");

  private static final String CLUSTER_WIDE = "ClusterUserDefinedNetwork";

  /** The network that an object describes; empty for other kinds, and for secondary networks. */
  static Optional<Network> of(Resource resource, Cluster cluster) {
    boolean isNetwork =
        resource.apiVersion().equals("k8s.ovn.org/v1")
            && (resource.kind().equals("UserDefinedNetwork")
                || resource.kind().equals(CLUSTER_WIDE));
    return isNetwork ? new Reader(resource, cluster).read() : Optional.empty();
  }

  /**
   * Whether an object defines a network that pods are only on besides their primary one, where they
   * say so.
   */
  static boolean isSecondary(Resource resource) {
    boolean isPrimary =
        resource
            .tree()
            .get("spec")
            .flatMap(Node::asMapping)
            .flatMap(spec -> spec.string("config"))
            .filter(config -> PRIMARY.matcher(config).find())
            .isPresent();
    return resource.kind().equals("NetworkAttachmentDefinition") && !isPrimary;
  }

  /** Whether it is for several namespaces, which it picks by their labels. */
  public boolean isClusterWide() {
    return resource.kind().equals(CLUSTER_WIDE);
  }

  /** The namespace of a network that is for one alone. */
  public String namespace() {
    return cluster.namespaceOf(resource);
  }

  /** {@code UserDefinedNetwork namespace/name}. */
  @Override
  public String toString() {
    return resource.toString();
  }

  /** Reads the tree, because these kinds have no official Java models. */
  private record Reader(Resource resource, Cluster cluster) {

    Optional<Network> read() {
      boolean wide = resource.kind().equals(CLUSTER_WIDE);
      Optional<Node.Mapping> spec = map(resource.tree(), "spec");
      Optional<Selector> namespaces =
          wide
              ? spec.flatMap(of -> map(of, "namespaceSelector")).flatMap(Selector::of)
              : Optional.of(Selector.ofNamespace(cluster.namespaceOf(resource)));
      Selector those =
          namespaces.orElse(Selector.EVERYTHING).and(ASKING).orElse(Selector.EVERYTHING);
      Optional<Node.Mapping> network = wide ? spec.flatMap(of -> map(of, "network")) : spec;
      String topology = network.flatMap(of -> of.string("topology")).orElse("");
      if (wide && topology.equals("Localnet")) {
        return Optional.empty(); // never a primary one
      }
      String key = topology.equals("Layer2") ? "layer2" : topology.equals("Layer3") ? "layer3" : "";
      Optional<Node.Mapping> layer = network.flatMap(of -> map(of, key));
      String role = layer.flatMap(of -> of.string("role")).orElse("");
      if (role.equals("Secondary")) {
        return Optional.empty();
      }
      // shared.go: subnets may be left out where ipam.mode is Disabled, as only secondary ones have
      // it
      boolean hasSubnets =
          layer.flatMap(of -> of.get("subnets")).filter(n -> !n.asItems().isEmpty()).isPresent();
      boolean isRefused = namespaces.isEmpty() || !role.equals("Primary") || !hasSubnets;
      Place place =
          isRefused
              ? resource.place()
              : wide
                  ? resource.at("spec", "network", key, "role")
                  : resource.at("spec", key, "role");
      return Optional.of(new Network(resource, cluster, those, place, isRefused));
    }

    private static Optional<Node.Mapping> map(Node.Mapping of, String key) {
      return of.get(key).flatMap(Node::asMapping);
    }
  }
}
