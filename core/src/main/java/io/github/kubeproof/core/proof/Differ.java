package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.proof.Perspective.Changed;
import io.github.kubeproof.core.proof.Perspective.ChangedNamespace;
import io.github.kubeproof.core.proof.TrafficDiff.Answer;
import io.github.kubeproof.core.proof.TrafficDiff.Difference;
import io.github.kubeproof.core.proof.TrafficDiff.Effect;
import io.github.kubeproof.core.proof.TrafficDiff.Sort;
import io.github.kubeproof.core.proof.TrafficDiff.State;
import io.github.kubeproof.core.proof.TrafficDiff.Subject;
import io.github.kubeproof.core.proof.TrafficQuestions.Comparison;
import io.github.kubeproof.core.proof.Verdict.Refuted;
import io.github.kubeproof.core.proof.Verdict.Undecided;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.Enforcement.Gap;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.FlowEvaluator;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares two states of a cluster. Owns the solver; used by one thread.
 *
 * <p>What guards the pods of one namespace are its policies and the tiers: where these say the same
 * on both sides, in the same words, its pods let through the same, and the solver is not asked.
 * What gets through has changed exactly if what some end lets through has, and the other end
 * agrees.
 */
final class Differ implements AutoCloseable {

  private final DiffSide before;
  private final DiffSide after;
  // what is on both sides, as the solver knows it
  private final Map<String, Endpoint> shown = new TreeMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Set<String> namespaces = new TreeSet<>();
  private final Map<Alike, Comparison> known = new HashMap<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<Gap> changedGaps = new ArrayList<>();
  private final @Nullable Prover prover;
  private final String noSolver;

  Differ(State before, State after, Questions written) {
    Map<String, Map<String, String>> labels = new TreeMap<>(before.inventory().namespaces());
    labels.putAll(after.inventory().namespaces());
    this.before = new DiffSide(before, labels);
    this.after = new DiffSide(after, labels);
    nameNamespaces(before);
    nameNamespaces(after);
    see(labels);
    findGaps();
    noSolver =
        Natives.load() instanceof Natives.Loading.Unavailable unavailable
            ? unavailable.reason()
            : "";
    prover =
        noSolver.isEmpty()
            ? Prover.open(name -> Optional.ofNullable(labels.get(name)), written)
            : null;
  }

  private void nameNamespaces(State state) {
    namespaces.addAll(state.inventory().namespaces().keySet());
    state.inventory().workloads().forEach(workload -> namespaces.add(workload.namespace()));
    state.enforcement().policies().forEach(policy -> namespaces.add(policy.policy().namespace()));
  }

  private void see(Map<String, Map<String, String>> labels) {
    List<Changed> thingsBefore = new ArrayList<>();
    List<Changed> thingsAfter = new ArrayList<>();
    before
        .endpoints()
        .forEach(
            (name, then) -> {
              Endpoint now = after.endpoints().get(name);
              if (now != null) {
                Endpoint one = now instanceof Pod ? now : then;
                shown.put(name, one);
                if (!areAlike(one, then)) {
                  thingsBefore.add(new Changed(one, then));
                  changed.add(name);
                }
                if (!areAlike(one, now)) {
                  thingsAfter.add(new Changed(one, now));
                  changed.add(name);
                }
              }
            });
    List<ChangedNamespace> spaces = new ArrayList<>();
    before
        .state()
        .inventory()
        .namespaces()
        .forEach(
            (name, then) -> {
              Map<String, String> now = Objects.requireNonNull(labels.get(name));
              if (!now.equals(then)) {
                spaces.add(new ChangedNamespace(name, now, then));
              }
            });
    before.seenFrom(new Perspective(thingsBefore, spaces));
    after.seenFrom(new Perspective(thingsAfter, List.of()));
  }

  private static boolean areAlike(Endpoint one, Endpoint other) {
    if (one instanceof Pod pod && other instanceof Pod twin) {
      return pod.labels().equals(twin.labels()) && pod.ports().equals(twin.ports());
    }
    return !(one instanceof Pod) && !(other instanceof Pod);
  }

  private void findGaps() {
    List<Gap> then = before.state().enforcement().gaps();
    List<Gap> now = after.state().enforcement().gaps();
    gaps.addAll(now);
    for (Gap gap : then) {
      if (now.stream().noneMatch(other -> saySame(gap, other))) {
        gaps.add(gap);
        changedGaps.add(gap);
      }
    }
    for (Gap gap : now) {
      if (then.stream().noneMatch(other -> saySame(gap, other))) {
        changedGaps.add(gap);
      }
    }
  }

  private static boolean saySame(Gap one, Gap other) {
    Optional<Node> written = one.place().node();
    Optional<Node> theirs = other.place().node();
    return one.why().equals(other.why())
        && written.isPresent()
        && theirs.isPresent()
        && written.get().hasValuesOf(theirs.get());
  }

  TrafficDiff diff() {
    List<Subject> spaces = new ArrayList<>();
    List<Subject> workloads = new ArrayList<>();
    for (String namespace : namespaces) {
      Subject pods = namespace(namespace);
      spaces.add(pods);
      for (Map.Entry<String, Endpoint> entry : shown.entrySet()) {
        if (isIn(namespace, entry.getKey(), entry.getValue())) {
          workloads.add(workload(entry.getKey(), entry.getValue(), pods));
        }
      }
    }
    spaces.add(elsewhere());
    List<Subject> subjects = new ArrayList<>(workloads);
    subjects.addAll(spaces);
    return new TrafficDiff(whole(spaces), subjects, only(after, before), only(before, after));
  }

  private boolean isIn(String namespace, String name, Endpoint endpoint) {
    return endpoint instanceof Pod pod
        ? pod.namespace().equals(namespace)
        : name.startsWith(namespace + "/", name.indexOf(' ') + 1);
  }

  private static List<Workload> only(DiffSide side, DiffSide other) {
    return side.state().inventory().workloads().stream()
        .filter(workload -> !other.endpoints().containsKey(side.state().inventory().idOf(workload)))
        .toList();
  }

  private Subject namespace(String name) {
    Predicate<Gap> touched =
        gap ->
            before.mayPick(gap.touched().namespaces(), name)
                || after.mayPick(gap.touched().namespaces(), name);
    Enforcement then = before.inNamespace(name);
    Enforcement now = after.inNamespace(name);
    return subject(
        Sort.NAMESPACE,
        name,
        touched,
        direction ->
            answer(
                new Traffic.InNamespace(End.guarded(direction), name), then, now, direction, null));
  }

  private Subject elsewhere() {
    return subject(
        Sort.ELSEWHERE,
        "",
        gap -> !isOfNamed(gap),
        direction -> {
          End end = End.guarded(direction);
          List<Traffic> named =
              namespaces.stream().<Traffic>map(name -> new Traffic.InNamespace(end, name)).toList();
          return answer(
              new Traffic.IsPod(end).without(Traffic.anyOf(named)),
              before.elsewhere(),
              after.elsewhere(),
              direction,
              null);
        });
  }

  /** Whether it touches just pods of namespaces that are spoken of by their names. */
  private boolean isOfNamed(Gap gap) {
    String name = gap.touched().namespaces().equalities().get(World.NAMESPACE_NAME);
    return name != null && namespaces.contains(name);
  }

  private Subject workload(String name, Endpoint endpoint, Subject namespace) {
    Predicate<Gap> touched =
        gap ->
            endpoint instanceof Pod pod
                && after.mayPick(gap.touched().namespaces(), pod.namespace())
                && gap.touched().pods().matches(pod.labels());
    return subject(
        Sort.WORKLOAD,
        name,
        touched,
        direction -> {
          Answer all = direction == Direction.INGRESS ? namespace.ingress() : namespace.egress();
          // INVARIANT: what holds for every pod of the namespace holds for this one
          if (all.relation() == Relation.EQUAL || endpoint instanceof Endpoint.Host) {
            return EQUAL;
          }
          Enforcement then = before.about(name);
          Enforcement now = after.about(name);
          return answer(
              new Traffic.IsThis(End.guarded(direction), endpoint),
              then,
              now,
              direction,
              changed.contains(name) ? null : Alike.of(direction, (Pod) endpoint, then, now));
        });
  }

  private static final Answer EQUAL = new Answer(Relation.EQUAL, List.of(), List.of(), "");

  /** A question about the pods of a subject in one direction. */
  private interface Ask {
    Answer about(Direction direction);
  }

  private Subject subject(Sort sort, String name, Predicate<Gap> touched, Ask ask) {
    return new Subject(
        sort,
        name,
        marked(ask.about(Direction.INGRESS), touched),
        marked(ask.about(Direction.EGRESS), touched));
  }

  private Answer marked(Answer answer, Predicate<Gap> touched) {
    List<Gap> touching = gaps.stream().filter(touched).toList();
    Optional<Gap> doubt = changedGaps.stream().filter(touched).findFirst();
    boolean undecided = answer.relation() == Relation.EQUAL && doubt.isPresent();
    return new Answer(
        undecided ? Relation.UNDECIDED : answer.relation(),
        answer.differences(),
        touching,
        undecided ? doubt.get().why() + ", and it is not the same on both sides" : answer.why());
  }

  /**
   * Pods that the same policies select, and no selector of which tells them apart: what is proved
   * for one holds for the others.
   */
  private record Alike(
      Direction direction,
      String namespace,
      List<String> before,
      List<String> after,
      Map<Endpoint.PortName, Integer> ports) {

    static Alike of(Direction direction, Pod pod, Enforcement before, Enforcement after) {
      return new Alike(
          direction,
          pod.namespace(),
          names(before),
          names(after),
          direction == Direction.INGRESS ? pod.ports() : Map.of());
    }

    private static List<String> names(Enforcement part) {
      List<String> names = new ArrayList<>();
      part.policies().forEach(policy -> names.add(policy.policy().resource().toString()));
      part.tiers().forEach(policy -> names.add(policy.policy().resource().toString()));
      part.networks().forEach(network -> names.add(network.toString()));
      return names;
    }
  }

  private Answer answer(
      Traffic subject,
      Enforcement partBefore,
      Enforcement partAfter,
      Direction direction,
      @Nullable Alike alike) {
    Traffic then = before.allowed(partBefore, direction);
    Traffic now = after.allowed(partAfter, direction);
    if (then.accept(Rewriting.WITHOUT_PLACES).equals(now.accept(Rewriting.WITHOUT_PLACES))) {
      return EQUAL;
    }
    if (prover == null) {
      return new Answer(Relation.UNDECIDED, List.of(), List.of(), noSolver);
    }
    Traffic ofSubject = subject.without(new Traffic.ToItself());
    Traffic lessThen = ofSubject.and(then);
    Traffic lessNow = ofSubject.and(now);
    Comparison comparison = alike == null ? null : known.get(alike);
    if (comparison == null) {
      comparison = TrafficQuestions.compare(lessThen, lessNow, prover);
      if (alike != null) {
        known.put(alike, comparison);
      }
    }
    List<Difference> differences = new ArrayList<>();
    if (comparison.opened() instanceof Refuted refuted) {
      differences.add(difference(true, direction, lessNow.without(lessThen), refuted, subject));
    }
    if (comparison.closed() instanceof Refuted refuted) {
      differences.add(difference(false, direction, lessThen.without(lessNow), refuted, subject));
    }
    return new Answer(comparison.relation(), differences, List.of(), why(comparison));
  }

  private static String why(Comparison comparison) {
    return comparison.opened() instanceof Undecided opened
        ? opened.why()
        : comparison.closed() instanceof Undecided closed ? closed.why() : "";
  }

  private Difference difference(
      boolean opened, Direction direction, Traffic set, Refuted refuted, Traffic subject) {
    DiffSide open = opened ? after : before;
    Traffic real = set.and(open.allowed(opposite(direction)));
    Flow flow = about(subject, direction, set, refuted.witness());
    Flow plain = inTheInput(set, flow);
    Flow through = inTheInput(real, flow);
    Effect effect = Effect.REAL;
    Flow witness = through;
    if (!FlowEvaluator.contains(real, through)) {
      Verdict verdict = Objects.requireNonNull(prover).isEmpty(real);
      effect =
          verdict instanceof Undecided
              ? Effect.UNDECIDED
              : verdict.isProved() ? Effect.STOPPED : Effect.REAL;
      witness = verdict instanceof Refuted one ? inTheInput(real, one.witness()) : plain;
    }
    replay(opened, direction, witness);
    return new Difference(
        opened,
        witness,
        effect,
        before.decides(witness, direction),
        after.decides(witness, direction));
  }

  /** The same flow with the pod that is asked about; the solver's own where that is not in it. */
  private Flow about(Traffic subject, Direction direction, Traffic set, Flow witness) {
    if (subject instanceof Traffic.IsThis wanted && !FlowEvaluator.contains(subject, witness)) {
      Flow moved = with(witness, End.guarded(direction), wanted.endpoint());
      return FlowEvaluator.contains(set, moved)
          ? moved
          : Objects.requireNonNull(prover).isEmpty(set) instanceof Refuted own
              ? own.witness()
              : witness;
    }
    return witness;
  }

  /** A flow of the set between things of the input, where it has one much like this one. */
  private Flow inTheInput(Traffic set, Flow flow) {
    Flow best = flow;
    for (End end : List.of(End.TO, End.FROM)) {
      if (best.end(end) instanceof Pod pod && !shown.containsKey(pod.id())) {
        for (Endpoint candidate : shown.values()) {
          Flow other = with(best, end, candidate);
          if (agree(other) && FlowEvaluator.contains(set, other)) {
            best = other;
            break;
          }
        }
      }
    }
    return best;
  }

  private static Flow with(Flow flow, End end, Endpoint endpoint) {
    Endpoint one = end == End.TO && endpoint instanceof Pod pod ? pod.withReplica(1) : endpoint;
    return end == End.FROM
        ? new Flow(one, flow.to(), flow.protocol(), flow.port())
        : new Flow(flow.from(), one, flow.protocol(), flow.port());
  }

  /** Pods of one namespace have one set of namespace labels between them. */
  private static boolean agree(Flow flow) {
    return !(flow.from() instanceof Pod from && flow.to() instanceof Pod to)
        || !from.namespace().equals(to.namespace())
        || from.namespaceLabels().equals(to.namespaceLabels());
  }

  /** Asks the plain reading of each side, with its own labels and ports. */
  private void replay(boolean opened, Direction direction, Flow witness) {
    if (before.lets(witness, direction) == opened || after.lets(witness, direction) != opened) {
      throw new IllegalStateException(
          "the two sides do not differ about " + direction + " of " + witness);
    }
  }

  private static Direction opposite(Direction direction) {
    return direction == Direction.INGRESS ? Direction.EGRESS : Direction.INGRESS;
  }

  private Answer whole(List<Subject> spaces) {
    List<Difference> real = new ArrayList<>();
    String why = "";
    for (boolean opened : List.of(true, false)) {
      boolean found = false;
      for (Subject space : spaces) {
        for (Answer answer : List.of(space.ingress(), space.egress())) {
          why = why.isEmpty() ? answer.why() : why;
          for (Difference difference : answer.differences()) {
            if (difference.opened() == opened && difference.effect() == Effect.UNDECIDED) {
              why = "the solver did not say whether the other end stops what one end lets through";
            }
            if (difference.opened() == opened && difference.effect() == Effect.REAL && !found) {
              real.add(difference);
              found = true;
            }
          }
        }
      }
    }
    boolean wider = real.stream().anyMatch(Difference::opened);
    boolean narrower = real.stream().anyMatch(difference -> !difference.opened());
    return marked(
        new Answer(
            why.isEmpty() ? Relation.of(wider, narrower) : Relation.UNDECIDED,
            real,
            List.of(),
            why),
        gap -> true);
  }

  @Override
  public void close() {
    if (prover != null) {
      prover.close();
    }
  }
}
