package io.github.kubeproof.core.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.BoolSort;
import com.microsoft.z3.Context;
import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.cluster.Selector.Requirement;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.proof.Universe.Side;
import io.github.kubeproof.core.proof.Universe.Words;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the language of flows as a formula over the variables of a {@link Universe}.
 *
 * <p>A {@link Traffic.Written} piece that keeps flows out (that stands under an odd number of
 * negations) gets a literal of its own: unless the literal is assumed, the piece keeps nothing out.
 * So an unsatisfiable core of literals names the pieces that a proof rests on.
 */
final class Encoder implements Traffic.Visitor<BoolExpr> {

  private final Context context;
  private final Universe universe;
  private final Map<Place, BoolExpr> literals = new LinkedHashMap<>();
  private Polarity polarity = Polarity.POSITIVE;

  /** How a piece bears on the whole: adds flows, keeps flows out, or both. */
  private enum Polarity {
    POSITIVE,
    NEGATIVE,
    MIXED;

    Polarity flipped() {
      return switch (this) {
        case POSITIVE -> NEGATIVE;
        case NEGATIVE -> POSITIVE;
        case MIXED -> MIXED;
      };
    }
  }

  Encoder(Context context, Universe universe) {
    this.context = context;
    this.universe = universe;
  }

  /**
   * @param formula holds for the flows of the traffic
   * @param literals one for each written piece that keeps flows out
   */
  record Encoded(BoolExpr formula, Map<Place, BoolExpr> literals) {}

  Encoded encode(Traffic traffic) {
    literals.clear();
    polarity = Polarity.POSITIVE;
    BoolExpr formula = traffic.accept(this);
    return new Encoded(formula, new LinkedHashMap<>(literals));
  }

  @Override
  public BoolExpr allOf(Traffic.AllOf traffic) {
    return all(parts(traffic.parts()));
  }

  @Override
  public BoolExpr anyOf(Traffic.AnyOf traffic) {
    return any(parts(traffic.parts()));
  }

  /** SMT-LIB knows no conjunction of nothing. */
  private BoolExpr all(BoolExpr[] parts) {
    return parts.length == 0
        ? context.mkTrue()
        : parts.length == 1 ? parts[0] : context.mkAnd(parts);
  }

  private BoolExpr any(BoolExpr[] parts) {
    return parts.length == 0
        ? context.mkFalse()
        : parts.length == 1 ? parts[0] : context.mkOr(parts);
  }

  private BoolExpr[] parts(List<Traffic> parts) {
    BoolExpr[] encoded = new BoolExpr[parts.size()];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = parts.get(i).accept(this);
    }
    return encoded;
  }

  @Override
  public BoolExpr not(Traffic.Not traffic) {
    return context.mkNot(encode(traffic.traffic(), polarity.flipped()));
  }

  private BoolExpr encode(Traffic traffic, Polarity inner) {
    Polarity outer = polarity;
    polarity = inner;
    BoolExpr encoded = traffic.accept(this);
    polarity = outer;
    return encoded;
  }

  /** From the last case to the first; a case that allows adds flows, one that denies keeps out. */
  @Override
  public BoolExpr firstMatch(Traffic.FirstMatch traffic) {
    BoolExpr otherwise = traffic.otherwise().accept(this);
    BoolExpr decided = otherwise;
    for (int i = traffic.cases().size() - 1; i >= 0; i--) {
      Traffic.Case step = traffic.cases().get(i);
      decided =
          switch (step.action()) {
            case ALLOW -> context.mkOr(encode(step.when(), polarity), decided);
            case DENY ->
                context.mkAnd(context.mkNot(encode(step.when(), polarity.flipped())), decided);
            case PASS ->
                (BoolExpr)
                    context.<BoolSort>mkITE(
                        encode(step.when(), Polarity.MIXED), otherwise, decided);
          };
    }
    return decided;
  }

  @Override
  public BoolExpr written(Traffic.Written traffic) {
    BoolExpr inner = traffic.traffic().accept(this);
    if (polarity == Polarity.POSITIVE) {
      return inner;
    }
    BoolExpr literal =
        literals.computeIfAbsent(
            traffic.place(),
            place ->
                context.mkBoolConst(symbol("written." + place.document() + "." + place.path())));
    return context.mkAnd(literal, inner);
  }

  /** What no name of SMT-LIB may have, and the name of a file may, is left out of it. */
  private static String symbol(String name) {
    return name.replace("|", "%7C").replace("\\", "%5C");
  }

  @Override
  public BoolExpr isPod(Traffic.IsPod traffic) {
    return universe.side(traffic.end()).pod;
  }

  @Override
  public BoolExpr isOutside(Traffic.IsOutside traffic) {
    return universe.side(traffic.end()).outside;
  }

  @Override
  public BoolExpr isThis(Traffic.IsThis traffic) {
    return context.mkEq(universe.side(traffic.end()).known, universe.known(traffic.endpoint()));
  }

  @Override
  public BoolExpr inNamespace(Traffic.InNamespace traffic) {
    Side side = universe.side(traffic.end());
    return context.mkAnd(
        side.pod, context.mkEq(side.namespace, universe.namespace(traffic.namespace())));
  }

  @Override
  public BoolExpr podLabels(Traffic.PodLabels traffic) {
    return context.mkAnd(
        universe.side(traffic.end()).pod,
        requirements(
            traffic.selector(),
            requirement ->
                requirement(
                    requirement,
                    universe.label(traffic.end(), requirement.key()),
                    universe.values(requirement.key()))));
  }

  @Override
  public BoolExpr namespaceLabels(Traffic.NamespaceLabels traffic) {
    return context.mkAnd(
        universe.side(traffic.end()).pod,
        requirements(
            traffic.selector(),
            requirement ->
                requirement.key().equals(World.NAMESPACE_NAME)
                    ? namespaceName(requirement, universe.side(traffic.end()))
                    : requirement(
                        requirement,
                        universe.namespaceLabel(traffic.end(), requirement.key()),
                        universe.values(requirement.key()))));
  }

  private BoolExpr requirements(Selector selector, Function<Requirement, BoolExpr> encode) {
    return all(selector.requirements().stream().map(encode).toArray(BoolExpr[]::new));
  }

  /** NotIn and DoesNotExist hold for an absent key, whose number is 0. */
  private BoolExpr requirement(Requirement requirement, BitVecExpr label, Words words) {
    BoolExpr absent = context.mkEq(label, universe.word(0));
    BoolExpr[] equal =
        requirement.values().stream()
            .map(value -> context.mkEq(label, universe.word(words.number(value))))
            .toArray(BoolExpr[]::new);
    return switch (requirement.operator()) {
      case IN -> any(equal);
      case NOT_IN -> context.mkNot(any(equal));
      case EXISTS -> context.mkNot(absent);
      case DOES_NOT_EXIST -> absent;
    };
  }

  /** Every namespace carries its name as a label, and no other can have it. */
  private BoolExpr namespaceName(Requirement requirement, Side side) {
    BoolExpr[] equal =
        requirement.values().stream()
            .map(value -> context.mkEq(side.namespace, universe.namespace(value)))
            .toArray(BoolExpr[]::new);
    return switch (requirement.operator()) {
      case IN -> any(equal);
      case NOT_IN -> context.mkNot(any(equal));
      case EXISTS -> context.mkTrue();
      case DOES_NOT_EXIST -> context.mkFalse();
    };
  }

  /** What has no known address is in no block but the whole of IPv4 ({@code Endpoint.isIn}). */
  @Override
  public BoolExpr inBlock(Traffic.InBlock traffic) {
    Side side = universe.side(traffic.end());
    Cidr block = traffic.block();
    boolean v6 = block.first().v6();
    if (block.equals(Cidr.ALL_V4)) {
      return context.mkOr(side.has4, context.mkNot(side.has6));
    }
    BoolExpr inside = context.mkTrue();
    if (block.length() > 0) {
      int bits = block.first().bits();
      BitVecExpr prefix =
          context.mkExtract(bits - 1, bits - block.length(), v6 ? side.address6 : side.address4);
      String value = block.first().value().shiftRight(bits - block.length()).toString();
      inside = context.mkEq(prefix, context.mkBV(value, block.length()));
    }
    return context.mkAnd(v6 ? side.has6 : side.has4, inside);
  }

  @Override
  public BoolExpr ports(Traffic.Ports traffic) {
    return context.mkAnd(
        context.mkEq(universe.protocol, context.mkBV(WitnessReader.number(traffic.protocol()), 2)),
        context.mkBVUGE(universe.port, context.mkBV(traffic.first(), 16)),
        context.mkBVULE(universe.port, context.mkBV(traffic.last(), 16)));
  }

  /** A port number is never 0, so a name that the destination does not have matches nothing. */
  @Override
  public BoolExpr namedPort(Traffic.NamedPort traffic) {
    return context.mkAnd(
        universe.side(End.TO).pod,
        context.mkEq(
            universe.protocol, context.mkBV(WitnessReader.number(traffic.name().protocol()), 2)),
        context.mkEq(universe.port, universe.namedPort(traffic.name())));
  }

  @Override
  public BoolExpr toItself(Traffic.ToItself traffic) {
    return universe.same;
  }
}
