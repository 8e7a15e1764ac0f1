package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1ServiceSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A core Service with the API server's defaults filled in. */
public record Service(Resource resource, V1Service model, String namespace, Cluster cluster)
    implements Member {

  /**
   * The annotation by which some clouds limit the clients of a load balancer where the spec does
   * not; nothing in the cluster enforces it.
   */
  public static final String SOURCE_RANGES =
      "service.beta.kubernetes.io/load-balancer-source-ranges";

  /** Its spec; an empty one when missing. */
  public V1ServiceSpec spec() {
    V1ServiceSpec spec = model.getSpec();
    return spec == null ? new V1ServiceSpec() : spec;
  }

  /** ClusterIP unless written otherwise. */
  public String type() {
    String type = spec().getType();
    return type == null || type.isEmpty() ? "ClusterIP" : type;
  }

  public boolean isExternalName() {
    return type().equals("ExternalName");
  }

  /**
   * The Service that an ExternalName is another name of, as {@code namespace/name}; empty for a
   * name of no Service of this cluster. DNS applies no search path to what it answers with, so the
   * name must be whole.
   */
  public Optional<String> otherName() {
    String written = spec().getExternalName();
    if (!isExternalName() || written == null) {
      return Optional.empty();
    }
    String name = written.toLowerCase(Locale.ROOT);
    String suffix = ".svc." + cluster.settings().domain();
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    String[] labels =
        bare.endsWith(suffix)
            ? bare.substring(0, bare.length() - suffix.length()).split("\\.", -1)
            : new String[0];
    return labels.length == 2 ? Optional.of(labels[1] + "/" + labels[0]) : Optional.empty();
  }

  public boolean isHeadless() {
    return "None".equals(spec().getClusterIP());
  }

  public List<V1ServicePort> ports() {
    return Lists.orEmpty(spec().getPorts());
  }

  /**
   * What picks its pods; absent without a selector (endpoints are then made by hand) and for
   * ExternalName, which ignores it.
   */
  public Optional<Selector> selector() {
    Map<String, String> labels = Lists.orEmpty(spec().getSelector());
    return labels.isEmpty() || isExternalName()
        ? Optional.empty()
        : Optional.of(Selector.ofLabels(labels));
  }

  /**
   * The workloads of the whole neighbourhood that its selector may pick; empty without a selector.
   */
  public List<Workload> backends() {
    Optional<Selector> selector = selector();
    return selector.isEmpty() ? List.of() : cluster.world().workloadsMatching(this, selector.get());
  }

  /**
   * The port of a pod that traffic for a port of this Service arrives at.
   *
   * @return empty when the target is a name that the pod does not have for this protocol, or no
   *     valid number
   */
  public static Optional<Integer> targetOn(Workload workload, V1ServicePort port) {
    Optional<Protocol> protocol = Protocol.of(port.getProtocol());
    if (protocol.isEmpty()) {
      return Optional.empty();
    }
    IntOrString target = target(port);
    if (target == null) {
      return Optional.empty();
    }
    if (target.isInteger()) {
      int number = target.getIntValue();
      return number >= 1 && number <= 65535 ? Optional.of(number) : Optional.empty();
    }
    return workload.portNamed(target.getStrValue(), protocol.get());
  }

  /** The targetPort, which is the port itself when none is written; null when there is neither. */
  public static @Nullable IntOrString target(V1ServicePort port) {
    IntOrString target = port.getTargetPort();
    boolean unset =
        target == null
            || (target.isInteger() ? target.getIntValue() == 0 : target.getStrValue().isEmpty());
    if (!unset) {
      return target;
    }
    return port.getPort() == null ? null : new IntOrString(port.getPort());
  }

  /** {@code Service namespace/name}. */
  @Override
  public String toString() {
    return "Service " + qualifiedName();
  }
}
