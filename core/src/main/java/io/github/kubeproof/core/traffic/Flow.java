package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Protocol;

/**
 * One new connection, as policies see it: after a Service's address has been replaced by that of a
 * pod.
 *
 * @param port the port of the destination, 1 to 65535
 */
public record Flow(Endpoint from, Endpoint to, Protocol protocol, int port) {

  public Flow {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("no such port: " + port);
    }
  }

  public Endpoint end(End end) {
    return end == End.FROM ? from : to;
  }

  @Override
  public String toString() {
    return from + " -> " + to + " " + port + "/" + protocol;
  }
}
