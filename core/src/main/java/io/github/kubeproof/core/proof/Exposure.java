package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Given;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What could reach the workloads of the input, or be reached by them, without being in it: pods in
 * namespaces that it knows and in others, and addresses outside of the cluster.
 *
 * <p>Asked is what remains of the policies of both ends once the workload is known ({@link Given}):
 * workloads for which the same remains are asked about once.
 *
 * <p>Mutable: it keeps the answers of the solver. Used by one thread, closed by whoever made it.
 */
public final class Exposure implements AutoCloseable {

  /** How many questions one solver is asked: all that it was told slows down the next one. */
  private static final int BATCH = 32;

  private final Enforcement tiers;
  private final Function<String, Optional<Map<String, String>>> namespaceLabels;
  private Prover prover;
  private int asked;
  private final List<String> namespaces;
  private final Map<String, Enforcement> byNamespace = new HashMap<>();
  // one object for equal sets: what the solver was told is found again by identity
  private final Map<Traffic, Traffic> sets = new HashMap<>();
  private final Map<List<Traffic>, Optional<Boolean>> answers = new HashMap<>();
  private final Map<Question, Exposed> exposed = new HashMap<>();

  /** What the input does not show. */
  public enum Who {
    PODS_ELSEWHERE("pods in other namespaces than those of the input"),
    PODS_HERE("further pods in the namespaces of the input"),
    ADDRESSES("addresses outside of the cluster");

    private final String words;

    Who(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** How many of them. */
  public enum Extent {
    NONE,
    SOME,
    /** Each of them, on every port. */
    ALL,
    /** The solver did not know within its limits. */
    UNDECIDED
  }

  /**
   * What some strangers may do.
   *
   * @param direction ingress where they reach the workload, egress where it reaches them
   * @param conditions in words, which of them on which ports; only where the rules of policies say
   *     so, and the solver has found that some of these do get through
   * @param isComplete whether all that get through satisfy one of the conditions
   * @param witness one flow that gets through, the plainest; only its end that is a stranger, and
   *     its port, mean something
   */
  public record Exposed(
      Direction direction,
      Who who,
      Extent extent,
      List<String> conditions,
      boolean isComplete,
      Optional<Flow> witness) {
    public Exposed {
      conditions = List.copyOf(conditions);
    }
  }

  /** Workloads about which the same is told. */
  public record Group(List<Endpoint> members, List<Exposed> exposed) {
    public Group {
      members = List.copyOf(members);
      exposed = List.copyOf(exposed);
    }
  }

  /**
   * @param own what the workload's side lets through
   * @param theirs what the strangers' side does
   */
  private record Question(Direction direction, Who who, Traffic own, Traffic theirs) {}

  /** Needs the solver: see {@link Natives}. */
  public Exposure(Inventory inventory, Enforcement enforcement) {
    tiers = new Enforcement(List.of(), enforcement.tiers(), List.of());
    TreeSet<String> known = new TreeSet<>(inventory.namespaces().keySet());
    inventory.workloads().forEach(workload -> known.add(workload.namespace()));
    namespaces = List.copyOf(known);
    namespaceLabels =
        name ->
            known.contains(name) ? Optional.of(inventory.namespaceLabels(name)) : Optional.empty();
    prover = Prover.open(namespaceLabels);
    Map<String, List<Meaning>> policies = new HashMap<>();
    for (Meaning policy : enforcement.policies()) {
      policies.computeIfAbsent(policy.policy().namespace(), n -> new ArrayList<>()).add(policy);
    }
    policies.forEach(
        (name, members) ->
            byNamespace.put(name, new Enforcement(members, enforcement.tiers(), List.of())));
  }

  /**
   * Whether some pod that the input does not show may open a connection to a pod.
   *
   * @return empty when the solver does not know
   */
  public Optional<Boolean> mayBeReached(Endpoint pod, Protocol protocol, int port) {
    Traffic only = new Traffic.Ports(protocol, port, port);
    Traffic own = own(Direction.INGRESS, pod);
    Optional<Boolean> answer = Optional.of(false);
    for (Who who : List.of(Who.PODS_ELSEWHERE, Who.PODS_HERE)) {
      if (answer.isPresent() && !answer.get()) {
        Traffic theirs = theirs(Direction.INGRESS, who, own, pod);
        answer = hasFlow(strangers(who, End.FROM), only, own, theirs);
      }
    }
    return answer;
  }

  /** What is told about workloads, in the order of the first of each group. */
  public List<Group> groups(Collection<Endpoint> endpoints) {
    Map<List<Exposed>, List<Endpoint>> groups = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      List<Exposed> told = new ArrayList<>();
      for (Direction direction : Direction.values()) {
        Traffic own = own(direction, endpoint);
        for (Who who : Who.values()) {
          Traffic theirs = theirs(direction, who, own, endpoint);
          told.add(
              exposed.computeIfAbsent(new Question(direction, who, own, theirs), this::answer));
        }
      }
      groups.computeIfAbsent(told, t -> new ArrayList<>()).add(endpoint);
    }
    List<Group> all = new ArrayList<>();
    groups.forEach((told, members) -> all.add(new Group(members, told)));
    return all;
  }

  /** What a workload's side lets through; of a host nothing is guarded. */
  private Traffic own(Direction direction, Endpoint known) {
    Traffic allowed =
        known
            .asPod()
            .map(pod -> byNamespace.getOrDefault(pod.namespace(), tiers).about(pod))
            .orElse(tiers)
            .allowed(direction);
    return Given.rest(allowed, End.guarded(direction), known);
  }

  private Traffic theirs(Direction direction, Who who, Traffic own, Endpoint known) {
    if (who == Who.ADDRESSES || own.equals(Traffic.none())) {
      return Traffic.all();
    }
    End end = End.guarded(direction);
    Traffic byTiers = Given.rest(tiers.allowed(direction.opposite()), end, known);
    if (who == Who.PODS_ELSEWHERE) {
      return byTiers;
    }
    // namespaces in which the same remains stand together
    Map<Traffic, List<Traffic>> alike = new LinkedHashMap<>();
    for (String namespace : namespaces) {
      Enforcement policies = byNamespace.get(namespace);
      boolean isGuarded =
          policies != null
              && policies.policies().stream().anyMatch(p -> p.isolates(direction.opposite()));
      Traffic rest =
          policies != null && isGuarded
              ? Given.rest(policies.allowed(direction.opposite()), end, known)
              : byTiers;
      alike
          .computeIfAbsent(rest, r -> new ArrayList<>())
          .add(new Traffic.InNamespace(end.other(), namespace));
    }
    if (alike.size() == 1) {
      return alike.keySet().iterator().next();
    }
    List<Traffic> parts = new ArrayList<>();
    alike.forEach((rest, inThese) -> parts.add(Traffic.anyOf(inThese).and(rest)));
    return Traffic.anyOf(parts);
  }

  private Traffic strangers(Who who, End end) {
    List<Traffic> known = new ArrayList<>();
    namespaces.forEach(name -> known.add(new Traffic.InNamespace(end, name)));
    return switch (who) {
      case ADDRESSES -> new Traffic.IsOutside(end);
      case PODS_HERE -> Traffic.anyOf(known);
      case PODS_ELSEWHERE -> new Traffic.IsPod(end).without(Traffic.anyOf(known));
    };
  }

  private Exposed answer(Question question) {
    Traffic who = strangers(question.who(), End.guarded(question.direction()).other());
    Traffic own = question.own();
    Traffic theirs = question.theirs();
    Optional<Boolean> some = hasFlow(who, own, theirs);
    Optional<Boolean> blocked = hasFlow(who, new Traffic.Not(own.and(theirs)));
    if (some.isEmpty() || blocked.isEmpty()) {
      return told(question, Extent.UNDECIDED);
    }
    if (!some.get()) {
      return told(question, Extent.NONE);
    }
    if (!blocked.get()) {
      return told(question, Extent.ALL);
    }
    List<Traffic> met = new ArrayList<>();
    Set<String> conditions = new LinkedHashSet<>();
    for (Conditions.Condition condition : Conditions.of(own)) {
      if (hasFlow(who, condition.traffic(), own, theirs).orElse(false)) {
        met.add(condition.traffic());
        boolean isLimited =
            hasFlow(who, condition.traffic(), own, new Traffic.Not(theirs)).orElse(true);
        conditions.add(condition.words() + (isLimited ? ", where their own policies let it" : ""));
      }
    }
    boolean isComplete =
        !met.isEmpty()
            && hasFlow(who, own, theirs, new Traffic.Not(Traffic.anyOf(met)))
                .map(others -> !others)
                .orElse(false);
    Optional<Flow> witness =
        prover.isEmpty(Traffic.allOf(who, own, theirs)) instanceof Refuted refuted
            ? Optional.of(refuted.witness())
            : Optional.empty();
    return new Exposed(
        question.direction(),
        question.who(),
        Extent.SOME,
        List.copyOf(conditions),
        isComplete,
        witness);
  }

  private static Exposed told(Question question, Extent extent) {
    return new Exposed(
        question.direction(), question.who(), extent, List.of(), true, Optional.empty());
  }

  private Optional<Boolean> hasFlow(Traffic... all) {
    List<Traffic> parts = new ArrayList<>();
    for (Traffic set : all) {
      if (set.equals(Traffic.none()) || set.equals(new Traffic.Not(Traffic.all()))) {
        return Optional.of(false);
      }
      if (!set.equals(Traffic.all())) {
        parts.add(set);
      }
    }
    return answers.computeIfAbsent(List.copyOf(parts), this::ask);
  }

  private Optional<Boolean> ask(List<Traffic> all) {
    asked++;
    if (asked % BATCH == 0) {
      prover.close();
      prover = Prover.open(namespaceLabels);
      sets.clear();
    }
    return prover.hasFlowIn(all.stream().map(set -> sets.computeIfAbsent(set, s -> s)).toList());
  }

  @Override
  public void close() {
    prover.close();
  }
}
