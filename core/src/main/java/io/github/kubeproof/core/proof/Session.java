package io.github.kubeproof.core.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecNum;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Model;
import com.microsoft.z3.Params;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import io.github.kubeproof.core.proof.Encoder.Encoded;
import io.github.kubeproof.core.proof.Universe.Side;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A solver with what it was told so far.
 *
 * <p>Each question becomes one formula behind a fresh literal, and is asked by assuming that
 * literal: what the solver has learnt serves the next question.
 */
final class Session {

  /** The fuse for what the resource limit does not count, in milliseconds. */
  private static final int TIMEOUT = 20_000;

  /**
   * Addresses that people know to be outside of any cluster (RFC 5737, RFC 3849); tried first in a
   * witness.
   */
  private static final List<Address> FAMILIAR =
      List.of(Address.of("203.0.113.1"), Address.of("198.51.100.1"), Address.of("2001:db8::1"));

  /** A name that the solver gives to what it says more than once: {@code $x1872}. */
  private static final Pattern SHARED = Pattern.compile("([$?]x)\\d+");

  private final Context context;
  private final Solver solver;
  private final Universe universe;
  private final Encoder encoder;
  private final Questions written;
  private final List<BoolExpr> world = new ArrayList<>();
  private final IdentityHashMap<Traffic, Asked> asked = new IdentityHashMap<>();
  // by how many things of the input have a number
  private final Map<Integer, BoolExpr> bounds = new HashMap<>();
  private final Set<BoolExpr> literals = new HashSet<>();
  private int questions;

  /**
   * @param only the pods there are; null when any pod may exist
   */
  Session(
      Context context,
      Function<String, Optional<Map<String, String>>> namespaceLabels,
      @Nullable List<Pod> only,
      int resourceLimit,
      Questions written) {
    this.context = context;
    this.written = written;
    solver = context.mkSolver("QF_BV");
    Params params = context.mkParams();
    params.add("rlimit", resourceLimit);
    params.add("timeout", TIMEOUT);
    solver.setParameters(params);
    universe = new Universe(context, solver, namespaceLabels);
    encoder = new Encoder(context, universe);
    if (only != null) {
      admit(only);
    }
  }

  private void admit(List<Pod> only) {
    for (End end : End.values()) {
      Side side = universe.side(end);
      List<BoolExpr> one = new ArrayList<>();
      one.add(context.mkNot(side.pod));
      for (Pod pod : only) {
        one.add(context.mkEq(side.known, universe.known(pod)));
      }
      // a literal, because the solver takes in anything else anew with each question
      world.add(literalOf(context.mkOr(one.toArray(BoolExpr[]::new))));
    }
  }

  /** What was asked about before: the literal to assume, and those of its written pieces. */
  private record Asked(BoolExpr literal, Map<Place, BoolExpr> literals) {}

  /**
   * Asks for a flow that is in all of some sets. A set that was asked about before, the same
   * object, is not said to the solver again.
   *
   * @param inItsWorld whether only the pods there are count, where those are known
   */
  Question ask(List<Traffic> sets, boolean inItsWorld) {
    questions++;
    List<BoolExpr> fixed = new ArrayList<>();
    if (inItsWorld) {
      fixed.addAll(world);
    }
    Map<Place, BoolExpr> literals = new LinkedHashMap<>();
    for (Traffic set : sets) {
      Asked known = asked.computeIfAbsent(set, this::say);
      fixed.add(known.literal());
      literals.putAll(known.literals());
    }
    fixed.add(bounds.computeIfAbsent(universe.known().size(), size -> bound()));
    return new Question(fixed, literals);
  }

  int questions() {
    return questions;
  }

  private Asked say(Traffic traffic) {
    Encoded encoded = encoder.encode(traffic);
    return new Asked(literalOf(encoded.formula()), encoded.literals());
  }

  private BoolExpr bound() {
    return literalOf(universe.nothingElseIsKnown());
  }

  /** A fresh literal that, when assumed, makes a formula true. */
  private BoolExpr literalOf(BoolExpr formula) {
    BoolExpr literal = context.mkBoolConst("question." + literals.size());
    literals.add(literal);
    solver.add(new BoolExpr[] {context.mkImplies(literal, formula)});
    return literal;
  }

  /**
   * A script that asks by itself what was asked by assuming some literals: without what other
   * questions are about.
   */
  private String script(List<BoolExpr> assumed, String answer) {
    List<BoolExpr> asserted = new ArrayList<>();
    for (BoolExpr formula : solver.getAssertions()) {
      boolean ofAnother =
          formula.isImplies()
              && literals.contains(formula.getArgs()[0])
              && !assumed.contains(formula.getArgs()[0]);
      if (!ofAnother) {
        asserted.add(formula);
      }
    }
    asserted.addAll(assumed);
    // the solver gives a name to what is referred to twice, also by objects of ours that the
    // collector has yet to find: in a context of its own there are none
    try (Context own = new Context()) {
      BoolExpr[] formulas =
          asserted.stream()
              .map(formula -> (BoolExpr) formula.translate(own))
              .toArray(BoolExpr[]::new);
      return renumbered(
          own.benchmarkToSMTString(
              "asked by kubeproof", "QF_BV", answer, "", formulas, own.mkTrue()));
    }
  }

  /** The solver names shared parts for the memory they are in, so on each run otherwise. */
  private static String renumbered(String script) {
    Map<String, String> numbers = new HashMap<>();
    return SHARED
        .matcher(script)
        .replaceAll(
            part ->
                Matcher.quoteReplacement(
                    part.group(1)
                        + numbers.computeIfAbsent(
                            part.group(), name -> String.valueOf(numbers.size()))));
  }

  /** One question while it is being answered. */
  final class Question {

    private final List<BoolExpr> fixed;
    private final Map<Place, BoolExpr> literals;
    private final Status status;

    private Question(List<BoolExpr> fixed, Map<Place, BoolExpr> literals) {
      this.fixed = fixed;
      this.literals = literals;
      this.status = check(literals.values());
      if (written.areWritten()) {
        List<BoolExpr> assumed = new ArrayList<>(fixed);
        assumed.addAll(literals.values());
        written.write(answer(), script(assumed, answer()));
      }
    }

    private Status check(Iterable<BoolExpr> assumed) {
      List<BoolExpr> all = new ArrayList<>(fixed);
      assumed.forEach(all::add);
      return solver.check(all.toArray(BoolExpr[]::new));
    }

    /** In the words of SMT-LIB. */
    private String answer() {
      return isUnknown() ? "unknown" : isSatisfiable() ? "sat" : "unsat";
    }

    boolean isSatisfiable() {
      return status == Status.SATISFIABLE;
    }

    boolean isUnknown() {
      return status == Status.UNKNOWN;
    }

    String reason() {
      return "the solver gave up: " + solver.getReasonUnknown();
    }

    boolean hasOneReasonAtMost() {
      return literals.size() <= 1;
    }

    /** The places of a smallest core: each is tried out, and kept only when the answer needs it. */
    List<Place> because() {
      List<BoolExpr> core = List.of(solver.getUnsatCore());
      Map<Place, BoolExpr> needed = new LinkedHashMap<>();
      literals.forEach(
          (place, literal) -> {
            if (core.contains(literal)) {
              needed.put(place, literal);
            }
          });
      for (Place place : List.copyOf(needed.keySet())) {
        Map<Place, BoolExpr> without = new LinkedHashMap<>(needed);
        without.remove(place);
        if (check(without.values()) == Status.UNSATISFIABLE) {
          needed.remove(place);
        }
      }
      return needed.keySet().stream()
          .sorted(
              Comparator.comparing((Place place) -> place.source().name())
                  .thenComparing(Place::span))
          .toList();
    }

    /** The flow that comes up first. */
    Flow first() {
      return WitnessReader.read(universe, solver.getModel());
    }

    /** The flow that reads best, and the same one on every run. Nothing can be asked after it. */
    Flow plainest() {
      Model model = solver.getModel();
      fixed.addAll(literals.values());
      solver.add(fixed.toArray(BoolExpr[]::new));
      return new Wishes(model).granted();
    }
  }

  /**
   * Narrows a question that has an answer, wish by wish, until one flow is left. What is granted is
   * said once and for all: what is only assumed the solver takes in anew each time.
   */
  private final class Wishes {

    // satisfies all that was granted
    private Model model;

    Wishes(Model model) {
      this.model = model;
    }

    private boolean isPossible(BoolExpr wish) {
      boolean possible = solver.check(wish) == Status.SATISFIABLE;
      if (possible) {
        model = solver.getModel();
      }
      return possible;
    }

    private void grant(BoolExpr wish) {
      solver.add(new BoolExpr[] {wish});
    }

    Flow granted() {
      prefer(universe.side(End.FROM).outside);
      for (End end : End.values()) {
        preferWho(universe.side(end));
      }
      smallest(universe.protocol);
      smallest(universe.port);
      for (End end : End.values()) {
        Side side = universe.side(end);
        smallest(side.namespace);
        side.namespaceLabels.values().forEach(this::smallest);
        side.labels.values().forEach(this::smallest);
        preferAddress(end);
      }
      universe.namedPorts().values().forEach(this::smallest);
      return WitnessReader.read(universe, model);
    }

    /** Grants a wish where it is possible together with those before it. */
    private boolean prefer(BoolExpr wish) {
      boolean granted = model.eval(wish, true).isTrue() || isPossible(wish);
      if (granted) {
        grant(wish);
      }
      return granted;
    }

    /** A pod of the input rather than one that could exist, a pod rather than a node. */
    private void preferWho(Side side) {
      if (!universe.known().isEmpty()
          && prefer(context.mkNot(context.mkEq(side.known, universe.word(0))))) {
        smallest(side.known);
      } else if (!prefer(context.mkOr(side.pod, side.outside))) {
        grant(context.mkNot(side.pod));
      }
    }

    private void preferAddress(End end) {
      Side side = universe.side(end);
      // a pod has no address that people know to be outside
      for (Address address : model.eval(side.pod, true).isTrue() ? List.<Address>of() : FAMILIAR) {
        Traffic familiar = new Traffic.InBlock(end, new Cidr(address, address.bits()));
        if (prefer(encoder.encode(familiar).formula())) {
          return;
        }
      }
      prefer(side.has4);
      smallest(side.address4);
      smallest(side.address6);
    }

    /**
     * Fixes a variable to its smallest possible value. Mostly that is the one it has, or 0;
     * otherwise, from the highest bit down, each is 0 where it can be.
     */
    private void smallest(BitVecExpr variable) {
      int bits = variable.getSortSize();
      BitVecNum value = (BitVecNum) model.eval(variable, true);
      if (value.getBigInteger().signum() == 0 || !isPossible(context.mkBVULT(variable, value))) {
        grant(context.mkEq(variable, value));
        return;
      }
      if (!prefer(context.mkEq(variable, context.mkBV(0, bits)))) {
        for (int bit = bits - 1; bit >= 0; bit--) {
          prefer(context.mkEq(context.mkExtract(bit, bit, variable), context.mkBV(0, 1)));
        }
        grant(context.mkEq(variable, model.eval(variable, true)));
      }
    }
  }
}
