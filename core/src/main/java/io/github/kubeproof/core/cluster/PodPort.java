package io.github.kubeproof.core.cluster;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A port that a container of a pod declares.
 *
 * @param name empty when the port has none
 */
public record PodPort(String name, int number, Protocol protocol, V1ContainerPort model) {

  /**
   * The ports that a Service or a policy may name: of the containers and of the sidecars, that is
   * the init containers with restartPolicy Always (KEP-753); ports of plain init containers are
   * gone when the pod runs. Ports out of range or without a number are left out.
   */
  static List<PodPort> of(V1PodSpec spec) {
    List<PodPort> ports = new ArrayList<>();
    for (V1Container container : Lists.orEmpty(spec.getContainers())) {
      addPorts(container, ports);
    }
    for (V1Container container : Lists.orEmpty(spec.getInitContainers())) {
      if ("Always".equals(container.getRestartPolicy())) {
        addPorts(container, ports);
      }
    }
    return List.copyOf(ports);
  }

  private static void addPorts(V1Container container, List<PodPort> ports) {
    for (V1ContainerPort port : Lists.orEmpty(container.getPorts())) {
      Optional<Protocol> protocol = Protocol.of(port.getProtocol());
      Integer number = port.getContainerPort();
      if (protocol.isPresent() && number != null && number >= 1 && number <= 65535) {
        String name = port.getName() == null ? "" : port.getName();
        ports.add(new PodPort(name, number, protocol.get(), port));
      }
    }
  }
}
