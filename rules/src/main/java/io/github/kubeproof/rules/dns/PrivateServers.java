package io.github.kubeproof.rules.dns;

import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.AddressSpace;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import java.util.List;

/** Nameservers that a pod lists itself and that may be the cluster's. */
final class PrivateServers {

  private PrivateServers() {}

  /** Whether a pod lists a server with a private address: the cluster's DNS, or a cache of it. */
  static boolean in(Workload workload) {
    V1PodDNSConfig config = workload.podSpec().getDnsConfig();
    List<String> servers = config == null ? List.of() : Lists.orEmpty(config.getNameservers());
    return servers.stream().anyMatch(PrivateServers::isPrivate);
  }

  static boolean isPrivate(String server) {
    return Address.parse(server)
        .filter(
            address ->
                AddressSpace.PRIVATE.within().stream().anyMatch(block -> block.contains(address)))
        .isPresent();
  }
}
