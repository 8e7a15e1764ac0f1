package io.github.kubeproof.cli;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.proof.Natives;
import io.github.kubeproof.core.proof.Natives.Loading.Unavailable;
import io.github.kubeproof.core.proof.Prover;
import io.github.kubeproof.core.proof.Questions;
import io.github.kubeproof.core.reach.Reach;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoints;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One of the ways to tell what an end does with a flow; all of them must agree. */
interface FlowReader extends AutoCloseable {

  /** What an end does with a flow. */
  enum Answer {
    ALLOW,
    DENY,
    UNDECIDED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the end that a direction guards does with a flow; its end is a pod. */
  Answer read(Direction direction, Flow flow);

  @Override
  default void close() {}

  private static Answer answer(boolean allowed) {
    return allowed ? Answer.ALLOW : Answer.DENY;
  }

  /** Reads what the policies say, flow by flow. */
  static FlowReader plain(Enforcement enforcement) {
    Map<Direction, Traffic> allowed = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      allowed.put(direction, Traffic.anyOf(new Traffic.ToItself(), enforcement.allowed(direction)));
    }
    return (direction, flow) ->
        answer(FlowEvaluator.contains(allowed.getOrDefault(direction, Traffic.none()), flow));
  }

  /** Looks it up in sets of all flows. */
  static FlowReader exact(Collection<Endpoint> endpoints, Enforcement enforcement) {
    Reach reach = new Reach(endpoints, enforcement);
    return (direction, flow) ->
        answer(
            (direction == Direction.EGRESS
                    ? reach.egress(flow.from(), flow.to())
                    : reach.ingress(flow.from(), flow.to()))
                .contains(flow.protocol(), flow.port()));
  }

  /**
   * Asks the solver whether there is such a flow.
   *
   * @throws UserError when this machine has no solver
   */
  static FlowReader proof(Inventory inventory, Enforcement enforcement, Questions written) {
    if (Natives.load() instanceof Unavailable unavailable) {
      throw new UserError("the solver cannot be used: " + unavailable.reason());
    }
    return new Proof(
        Prover.open(name -> Optional.of(inventory.namespaceLabels(name)), written), enforcement);
  }

  /** Mutable: it keeps the sets that it has asked about, because the solver does, too. */
  final class Proof implements FlowReader {

    private record At(End end, Endpoint endpoint) {}

    private record Guarded(Direction direction, Endpoint endpoint) {}

    private final Prover prover;
    private final Enforcement enforcement;
    private final Map<Guarded, Traffic> allowed = new HashMap<>();
    private final Map<At, Traffic> ends = new HashMap<>();
    private final Map<Traffic, Traffic> ports = new HashMap<>();

    private Proof(Prover prover, Enforcement enforcement) {
      this.prover = prover;
      this.enforcement = enforcement;
    }

    @Override
    public Answer read(Direction direction, Flow flow) {
      Endpoint guarded = flow.end(End.guarded(direction));
      Traffic port = new Traffic.Ports(flow.protocol(), flow.port(), flow.port());
      return prover
          .hasFlowIn(
              List.of(
                  end(End.FROM, flow.from()),
                  end(End.TO, flow.to()),
                  ports.computeIfAbsent(port, p -> p),
                  allowed.computeIfAbsent(new Guarded(direction, guarded), this::allowed)))
          .map(FlowReader::answer)
          .orElse(Answer.UNDECIDED);
    }

    private Traffic end(End end, Endpoint endpoint) {
      return ends.computeIfAbsent(
          new At(end, endpoint), at -> Endpoints.only(at.end(), at.endpoint()));
    }

    private Traffic allowed(Guarded guarded) {
      return Traffic.anyOf(
          new Traffic.ToItself(),
          guarded
              .endpoint()
              .asPod()
              .map(enforcement::about)
              .orElse(enforcement)
              .allowed(guarded.direction()));
    }

    @Override
    public void close() {
      prover.close();
    }
  }
}
