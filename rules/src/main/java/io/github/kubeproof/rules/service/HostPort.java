package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.PodPort;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.source.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that a pod takes of its node: with hostPort, or any port on the node's network.
 *
 * @param address empty for all addresses of the node
 */
record HostPort(Key key, String address, Place place) {

  record Key(int number, Protocol protocol) {

    @Override
    public String toString() {
      return number + "/" + protocol;
    }
  }

  static List<HostPort> of(Workload workload) {
    List<HostPort> ports = new ArrayList<>();
    for (PodPort port : workload.ports()) {
      Integer host = port.model().getHostPort();
      boolean written = host != null && host > 0;
      if (written || workload.onHostNetwork()) {
        String address = port.model().getHostIP() == null ? "" : port.model().getHostIP();
        boolean all = address.equals("0.0.0.0") || address.equals("::");
        ports.add(
            new HostPort(
                new Key(written ? host : port.number(), port.protocol()),
                all ? "" : address,
                workload.cluster().at(port.model(), written ? "hostPort" : "containerPort")));
      }
    }
    return ports;
  }

  boolean overlaps(HostPort other) {
    return key.equals(other.key)
        && (address.isEmpty() || other.address.isEmpty() || address.equals(other.address));
  }
}
