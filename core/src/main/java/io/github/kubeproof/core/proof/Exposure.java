package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.cluster.Protocol;
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

/**
 * What could reach the workloads of the input, or be reached by them, without being in it: pods in
 * namespaces that it knows and in others, and addresses outside of the cluster.
 *
 * <p>Asked is what remains of the policies of both ends once the workload is known, and the
 * namespace of the stranger ({@link Given}): all that is the same is asked about once.
 *
 * <p>Mutable: it keeps the answers of the solver. Used by one thread, closed by whoever made it.
 */
public final class Exposure implements AutoCloseable {

  private final Inventory inventory;
  private final Enforcement tiers;
  private final Prover prover;
  private final TreeSet<String> namespaces;
  private final Map<String, Enforcement> byNamespace = new HashMap<>();
  private final Map<Guard, Traffic> guards = new HashMap<>();
  // one object for equal sets: what the solver was told is found again by identity
  private final Map<Traffic, Traffic> sets = new HashMap<>();
  private final Map<Set<Traffic>, Optional<Boolean>> answers = new HashMap<>();
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

  /** What pods of a namespace let through at their end of a direction. */
  private record Guard(Direction direction, String namespace) {}

  /**
   * @param parts the strangers of whom the same remains to be said stand together
   */
  private record Question(Direction direction, Who who, Own own, List<Part> parts) {}

  /**
   * What the workload's side lets through: what networks do not keep apart, of what policies let.
   */
  private record Own(Traffic within, Traffic policies) {
    Traffic both() {
      return Exposure.both(within, policies);
    }
  }

  /**
   * Some of the strangers.
   *
   * @param where who they are, one by one
   * @param example the namespace of one of them; empty unless they are pods here
   * @param own what remains of what the workload's side lets through
   * @param theirs and of what their side does
   */
  private record Part(List<Traffic> where, String example, Traffic own, Traffic theirs) {}

  /**
   * Needs the solver: see {@link Natives}.
   *
   * @param written where its questions go
   */
  public Exposure(Inventory inventory, Enforcement enforcement, Questions written) {
    this.inventory = inventory;
    tiers = enforcement.with(List.of());
    namespaces = new TreeSet<>(inventory.namespaces().keySet());
    inventory.workloads().forEach(workload -> namespaces.add(workload.namespace()));
    prover =
        Prover.open(
            name ->
                namespaces.contains(name)
                    ? Optional.of(inventory.namespaceLabels(name))
                    : Optional.empty(),
            written);
    Map<String, List<Meaning>> policies = new HashMap<>();
    for (Meaning policy : enforcement.policies()) {
      policies.computeIfAbsent(policy.policy().namespace(), n -> new ArrayList<>()).add(policy);
    }
    policies.forEach((name, members) -> byNamespace.put(name, enforcement.with(members)));
  }

  /**
   * Whether some pod that the input does not show may open a connection to a pod.
   *
   * @return empty when the solver does not know
   */
  public Optional<Boolean> mayBeReached(Endpoint pod, Protocol protocol, int port) {
    Traffic only = new Traffic.Ports(protocol, port, port);
    Traffic own = own(Direction.INGRESS, pod).both();
    Optional<Boolean> answer = Optional.of(false);
    for (Who who : List.of(Who.PODS_ELSEWHERE, Who.PODS_HERE)) {
      for (Part part : parts(Direction.INGRESS, who, own.and(only), pod)) {
        if (answer.isPresent() && !answer.get()) {
          answer = hasFlow(who, End.FROM, part.own(), part.theirs());
        }
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
        Own own = own(direction, endpoint);
        for (Who who : Who.values()) {
          List<Part> parts = parts(direction, who, own.both(), endpoint);
          told.add(exposed.computeIfAbsent(new Question(direction, who, own, parts), this::answer));
        }
      }
      groups.computeIfAbsent(told, t -> new ArrayList<>()).add(endpoint);
    }
    List<Group> all = new ArrayList<>();
    groups.forEach((told, members) -> all.add(new Group(members, told)));
    return all;
  }

  /** What a workload's side lets through; of a host nothing is guarded. */
  private Own own(Direction direction, Endpoint known) {
    Enforcement about =
        known
            .asPod()
            .map(pod -> byNamespace.getOrDefault(pod.namespace(), tiers).about(pod))
            .orElse(tiers);
    End end = End.guarded(direction);
    return new Own(
        Given.rest(about.within(direction), end, known),
        Given.rest(about.onOneNetwork().allowed(direction), end, known));
  }

  private List<Part> parts(Direction direction, Who who, Traffic own, Endpoint known) {
    End end = End.guarded(direction);
    if (who != Who.PODS_HERE) {
      Traffic rest = seen(who, end.other(), "", own);
      Traffic theirs =
          who == Who.ADDRESSES || rest.equals(Traffic.none())
              ? Traffic.all()
              : Given.rest(guard(direction.opposite(), ""), end, known);
      return List.of(new Part(List.of(strangers(who, end.other())), "", rest, theirs));
    }
    Map<List<Traffic>, Part> alike = new LinkedHashMap<>();
    for (String namespace : namespaces) {
      Traffic rest = seen(who, end.other(), namespace, own);
      Traffic theirs =
          rest.equals(Traffic.none())
              ? Traffic.all()
              : Given.rest(guard(direction.opposite(), namespace), end, known);
      alike
          .computeIfAbsent(
              List.of(rest, theirs), r -> new Part(new ArrayList<>(), namespace, rest, theirs))
          .where()
          .add(new Traffic.InNamespace(end.other(), namespace));
    }
    return List.copyOf(alike.values());
  }

  /** What the side of pods of a namespace, or of none of the input, lets through. */
  private Traffic guard(Direction direction, String namespace) {
    return guards.computeIfAbsent(
        new Guard(direction, namespace),
        guard ->
            seen(
                namespace.isEmpty() ? Who.PODS_ELSEWHERE : Who.PODS_HERE,
                End.guarded(direction),
                namespace,
                byNamespace.getOrDefault(namespace, tiers).allowed(direction)));
  }

  /** What remains of some traffic once it is known what kind of stranger is at an end. */
  private Traffic seen(Who who, End end, String namespace, Traffic traffic) {
    return switch (who) {
      case ADDRESSES -> Given.outside(traffic, end);
      case PODS_HERE -> Given.podIn(traffic, end, namespace, inventory.namespaceLabels(namespace));
      case PODS_ELSEWHERE -> Given.podElsewhere(traffic, end, namespaces);
    };
  }

  private Exposed answer(Question question) {
    List<Part> open = new ArrayList<>();
    boolean blocked = false;
    boolean undecided = false;
    for (Part part : question.parts()) {
      Optional<Boolean> some = hasFlow(question, part.own(), part.theirs());
      Optional<Boolean> others =
          hasFlow(question, new Traffic.Not(both(part.own(), part.theirs())));
      undecided |= some.isEmpty() || others.isEmpty();
      blocked |= others.orElse(true);
      if (some.orElse(false)) {
        open.add(part);
      }
    }
    if (undecided) {
      return told(question, Extent.UNDECIDED);
    }
    if (open.isEmpty()) {
      return told(question, Extent.NONE);
    }
    return blocked ? some(question, open) : told(question, Extent.ALL);
  }

  /**
   * @param open those of whom some get through
   */
  private Exposed some(Question question, List<Part> open) {
    End stranger = End.guarded(question.direction()).other();
    List<Traffic> met = new ArrayList<>();
    Set<String> conditions = new LinkedHashSet<>();
    for (Conditions.Condition condition : Conditions.of(question.own().policies())) {
      boolean isMet = false;
      boolean isLimited = false;
      boolean isApart = false;
      for (Part part : question.parts()) {
        Traffic those = seen(question.who(), stranger, part.example(), condition.traffic());
        isMet |= hasFlow(question, those, part.own(), part.theirs()).orElse(false);
        isLimited |=
            hasFlow(question, those, part.own(), new Traffic.Not(part.theirs())).orElse(true);
        Traffic within = seen(question.who(), stranger, part.example(), question.own().within());
        isApart |= hasFlow(question, those, new Traffic.Not(within)).orElse(true);
      }
      if (isMet) {
        met.add(condition.traffic());
        conditions.add(
            condition.words()
                + (isApart ? ", where no network keeps them apart" : "")
                + (isLimited ? ", where their own policies let it" : ""));
      }
    }
    boolean isComplete = !met.isEmpty();
    List<Traffic> through = new ArrayList<>();
    for (Part part : open) {
      Traffic those = seen(question.who(), stranger, part.example(), Traffic.anyOf(met));
      isComplete &=
          hasFlow(question, part.own(), part.theirs(), new Traffic.Not(those))
              .map(others -> !others)
              .orElse(false);
      through.add(Traffic.anyOf(part.where()).and(both(part.own(), part.theirs())));
    }
    Optional<Flow> witness = prover.plainestIn(Traffic.anyOf(through));
    return new Exposed(
        question.direction(),
        question.who(),
        Extent.SOME,
        List.copyOf(conditions),
        isComplete,
        witness);
  }

  /** Of pods here, what remains to be asked says nothing of their namespaces. */
  private Traffic strangers(Who who, End end) {
    List<Traffic> known = new ArrayList<>();
    namespaces.forEach(name -> known.add(new Traffic.InNamespace(end, name)));
    return switch (who) {
      case ADDRESSES -> new Traffic.IsOutside(end);
      case PODS_HERE -> new Traffic.IsPod(end);
      case PODS_ELSEWHERE -> new Traffic.IsPod(end).without(Traffic.anyOf(known));
    };
  }

  private static Traffic both(Traffic one, Traffic other) {
    if (one.equals(Traffic.all())) {
      return other;
    }
    return other.equals(Traffic.all()) ? one : one.and(other);
  }

  private static Exposed told(Question question, Extent extent) {
    return new Exposed(
        question.direction(), question.who(), extent, List.of(), true, Optional.empty());
  }

  private Optional<Boolean> hasFlow(Question question, Traffic... all) {
    return hasFlow(question.who(), End.guarded(question.direction()).other(), all);
  }

  private Optional<Boolean> hasFlow(Who who, End stranger, Traffic... all) {
    Set<Traffic> parts = new LinkedHashSet<>();
    parts.add(strangers(who, stranger));
    for (Traffic set : all) {
      if (set.equals(Traffic.none()) || set.equals(new Traffic.Not(Traffic.all()))) {
        return Optional.of(false);
      }
      if (set instanceof Traffic.Not not && parts.contains(not.traffic())) {
        return Optional.of(false);
      }
      if (!set.equals(Traffic.all()) && !set.equals(new Traffic.Not(Traffic.none()))) {
        parts.add(set);
      }
    }
    return answers.computeIfAbsent(parts, this::ask);
  }

  private Optional<Boolean> ask(Set<Traffic> all) {
    return prover.hasFlowIn(all.stream().map(set -> sets.computeIfAbsent(set, s -> s)).toList());
  }

  @Override
  public void close() {
    prover.close();
  }
}
