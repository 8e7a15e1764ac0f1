package io.github.kubeproof.core.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecNum;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Model;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.proof.Universe.Side;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Flow;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the flow that a model of the solver describes. */
final class WitnessReader {

  private final Universe universe;
  private final Model model;

  private WitnessReader(Universe universe, Model model) {
    this.universe = universe;
    this.model = model;
  }

  static int number(Protocol protocol) {
    return switch (protocol) {
      case TCP -> 0;
      case UDP -> 1;
      case SCTP -> 2;
    };
  }

  static Flow read(Universe universe, Model model) {
    return new WitnessReader(universe, model).flow();
  }

  private Flow flow() {
    Protocol protocol =
        switch (number(universe.protocol).intValue()) {
          case 0 -> Protocol.TCP;
          case 1 -> Protocol.UDP;
          default -> Protocol.SCTP;
        };
    Endpoint from = endpoint(End.FROM, 0);
    boolean twins = !isTrue(universe.same);
    Endpoint to = endpoint(End.TO, twins ? 1 : 0);
    return new Flow(from, to, protocol, number(universe.port).intValue());
  }

  /**
   * @param replica tells the destination from the source where both are pods of one description
   */
  private Endpoint endpoint(End end, int replica) {
    Side side = universe.side(end);
    int known = number(side.known).intValue();
    if (known > 0 && known <= universe.known().size()) {
      Endpoint endpoint = universe.known().get(known - 1);
      return endpoint instanceof Pod pod ? withAllLabels(pod, side, replica) : endpoint;
    }
    if (isTrue(side.outside)) {
      return new Outside(address(side));
    }
    if (!isTrue(side.pod)) {
      return new Host("a node", List.of(address(side)));
    }
    String namespace = universe.namespaces().word(number(side.namespace).intValue());
    Map<String, String> namespaceLabels = labels(side.namespaceLabels);
    namespaceLabels.put(World.NAMESPACE_NAME, namespace);
    Map<PortName, Integer> ports = new LinkedHashMap<>();
    if (end == End.TO) {
      universe
          .namedPorts()
          .forEach(
              (name, variable) -> {
                int number = number(variable).intValue();
                if (number > 0) {
                  ports.put(name, number);
                }
              });
    }
    return new Pod(
        "a pod",
        replica,
        universe.namespaces().knows(namespace) ? namespace : "",
        namespaceLabels,
        labels(side.labels),
        ports,
        List.of(address(side)));
  }

  /** Labels of its namespace that the input does not tell are those that the solver found. */
  private Pod withAllLabels(Pod pod, Side side, int replica) {
    Map<String, String> namespaceLabels = labels(side.namespaceLabels);
    namespaceLabels.putAll(pod.namespaceLabels());
    return new Pod(
        pod.id(),
        pod.replica() == Pod.ONLY ? Pod.ONLY : replica,
        pod.namespace(),
        namespaceLabels,
        pod.labels(),
        pod.ports(),
        pod.addresses(),
        pod.ranges());
  }

  private Map<String, String> labels(Map<String, BitVecExpr> variables) {
    Map<String, String> labels = new TreeMap<>();
    variables.forEach(
        (key, variable) -> {
          int number = number(variable).intValue();
          if (number > 0) {
            labels.put(key, universe.values(key).word(number));
          }
        });
    return labels;
  }

  private Address address(Side side) {
    return isTrue(side.has6)
        ? new Address(true, number(side.address6))
        : new Address(false, number(side.address4));
  }

  private boolean isTrue(BoolExpr variable) {
    return model.eval(variable, true).isTrue();
  }

  private BigInteger number(BitVecExpr variable) {
    return ((BitVecNum) model.eval(variable, true)).getBigInteger();
  }
}
