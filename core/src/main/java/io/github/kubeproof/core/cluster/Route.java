package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.List;
import java.util.Optional;

/**
 * An Ingress, a route of the Gateway API or a Route of OpenShift, reduced to the Services it sends
 * traffic to.
 */
public record Route(Resource resource, String namespace, Cluster cluster, List<Backend> backends)
    implements Member {

  public Route {
    backends = List.copyOf(backends);
  }

  /**
   * A Service that a route names.
   *
   * @param namespace the namespace of the Service
   * @param portName empty when the port is a number
   * @param portNumber 0 when the port is a name or missing
   * @param isIdle whether its weight is 0, so that nothing is sent to it
   * @param place where the backend is written
   * @param portPlace where its port is written
   */
  public record Backend(
      String namespace,
      String service,
      String portName,
      int portNumber,
      boolean isIdle,
      Place place,
      Place portPlace) {

    /** The port as written; empty when missing. */
    public String port() {
      if (!portName.isEmpty()) {
        return portName;
      }
      return portNumber == 0 ? "" : Integer.toString(portNumber);
    }
  }

  /**
   * Whether its port is one of the pods ({@code targetPort}) where it is a number, as in a Route of
   * OpenShift; elsewhere it is one of the Service.
   */
  public boolean namesPortsOfPods() {
    return resource.group().equals("route.openshift.io");
  }

  /** Whether it is one of the Gateway API. */
  public boolean isOfGatewayApi() {
    return resource.group().equals(Gateway.GROUP);
  }

  /** Whether it is for a mesh alone: whoever calls the Services that it names is sent elsewhere. */
  public boolean isForMesh() {
    List<ParentRef> parents = isOfGatewayApi() ? ParentRef.of(this) : List.of();
    return !parents.isEmpty() && parents.stream().allMatch(ParentRef::isService);
  }

  /** What all of its traffic is: UDP for a UDPRoute, TCP for every other. */
  public Protocol protocol() {
    return resource.kind().equals("UDPRoute") ? Protocol.UDP : Protocol.TCP;
  }

  /** Whether a port of a Service has its protocol. */
  public boolean fits(V1ServicePort port) {
    return Protocol.of(port.getProtocol()).equals(Optional.of(protocol()));
  }

  /**
   * Whether a backend means a port of the Service that it names: one number may stand for several
   * ports, of which it means that of its own protocol.
   */
  public boolean names(Backend backend, V1ServicePort port) {
    if (!fits(port)) {
      return false;
    }
    if (!backend.portName().isEmpty()) {
      IntOrString target = Service.target(port);
      return backend.portName().equals(port.getName())
          || (namesPortsOfPods()
              && target != null
              && !target.isInteger()
              && backend.portName().equals(target.getStrValue()));
    }
    if (namesPortsOfPods()) {
      // without a port the router uses every endpoint
      IntOrString target = Service.target(port);
      return backend.portNumber() == 0
          || (target != null && target.isInteger() && target.getIntValue() == backend.portNumber());
    }
    return port.getPort() != null && port.getPort() == backend.portNumber();
  }

  /** {@code Kind namespace/name}. */
  @Override
  public String toString() {
    return resource.kind() + " " + qualifiedName();
  }
}
