package io.github.kubeproof.core.manifest;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.NodePath;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pods in which KubeVirt runs virtual machines, as far as a network can tell. There are no
 * official Java models of its kinds, and of what they hold only little matters here.
 *
 * @see "kubevirt.io/api core/v1 types.go; kubevirt pkg/virt-controller/services/template.go and
 *     rendercontainer.go"
 */
final class LauncherPods {

  /** Where each kind has the template of a machine; a VirtualMachineInstance is one itself. */
  private static final Map<String, List<String>> TEMPLATES =
      Map.of(
          "kubevirt.io VirtualMachine", List.of("spec", "template"),
          "kubevirt.io VirtualMachineInstance", List.of(),
          "kubevirt.io VirtualMachineInstanceReplicaSet", List.of("spec", "template"),
          "pool.kubevirt.io VirtualMachinePool",
              List.of("spec", "virtualMachineTemplate", "spec", "template"));

  private final Document document;
  private final Decoder decoder;
  private final Origins origins;

  private LauncherPods(Document document, Decoder decoder, Origins origins) {
    this.document = document;
    this.decoder = decoder;
    this.origins = origins;
  }

  /**
   * The template of the pods of a virtual machine: its labels are those of the machine, without
   * what KubeVirt adds; empty for other kinds, and where there is no spec.
   *
   * @param origins learns where each part was written
   */
  static Optional<V1PodTemplateSpec> of(Resource machine, Decoder decoder, Origins origins) {
    List<String> way = TEMPLATES.get(machine.group() + " " + machine.kind());
    if (way == null) {
      return Optional.empty();
    }
    Node.Mapping template = machine.tree();
    NodePath path = machine.place().path();
    for (String step : way) {
      Optional<Node.Mapping> next = template.get(step).flatMap(Node::asMapping);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      template = next.get();
      path = path.key(step);
    }
    return new LauncherPods(machine.place().document(), decoder, origins).template(template, path);
  }

  private Optional<V1PodTemplateSpec> template(Node.Mapping template, NodePath path) {
    Optional<Node.Mapping> spec = template.get("spec").flatMap(Node::asMapping);
    return spec.map(
        machine ->
            new V1PodTemplateSpec()
                .metadata(decoded(V1ObjectMeta.class, template, "metadata", path))
                .spec(podSpec(machine, path.key("spec"))));
  }

  private V1PodSpec podSpec(Node.Mapping machine, NodePath path) {
    V1Container compute = new V1Container().name("compute");
    NodePath devices = path.then("domain", "devices");
    List<Node> interfaces =
        map(machine, "domain")
            .flatMap(domain -> map(domain, "devices"))
            .flatMap(of -> of.get("interfaces"))
            .map(Node::asItems)
            .orElse(List.of());
    for (int i = 0; i < interfaces.size(); i++) {
      List<Node> ports =
          interfaces
              .get(i)
              .asMapping()
              .flatMap(of -> of.get("ports"))
              .map(Node::asItems)
              .orElse(List.of());
      for (int j = 0; j < ports.size(); j++) {
        NodePath at = devices.then("interfaces", i, "ports", j);
        ports.get(j).asMapping().ifPresent(port -> compute.addPortsItem(port(port, at)));
      }
    }
    origins.put(compute, new Place(document, devices));
    V1PodSpec pod =
        new V1PodSpec()
            .addContainersItem(compute)
            .hostname(machine.string("hostname").orElse(null))
            .subdomain(machine.string("subdomain").orElse(null))
            .dnsPolicy(machine.string("dnsPolicy").orElse(null))
            .dnsConfig(decoded(V1PodDNSConfig.class, machine, "dnsConfig", path))
            .enableServiceLinks(false);
    origins.put(pod, new Place(document, path));
    return pod;
  }

  private V1ContainerPort port(Node.Mapping port, NodePath path) {
    V1ContainerPort model =
        new V1ContainerPort()
            .name(port.string("name").orElse(null))
            .protocol(port.string("protocol").orElse(null));
    if (port.get("port").orElse(null) instanceof Node.Scalar scalar
        && scalar.value() instanceof Long number
        && number.intValue() == number) {
      model.containerPort(number.intValue());
    }
    origins.put(model, new Place(document, path));
    return model;
  }

  private static Optional<Node.Mapping> map(Node.Mapping of, String key) {
    return of.get(key).flatMap(Node::asMapping);
  }

  /** What is wrong in it the cluster tells: no schema of KubeVirt is at hand. */
  private <T> @Nullable T decoded(Class<T> model, Node.Mapping of, String key, NodePath path) {
    NodePath below = path.key(key);
    return map(of, key)
        .map(tree -> decoder.read(model, tree, below, new Faults(document, key, below), origins))
        .orElse(null);
  }
}
