package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What remains to be said of some traffic when something is known of one of its ends, and the other
 * is something else: so ends that are treated alike leave the same. Places are left out.
 */
public final class Given implements Traffic.Visitor<Traffic> {

  private static final Endpoint NOBODY = new Outside(Address.of("0.0.0.0"));

  private final End end;
  // what remains of a piece that speaks of the end and has no parts
  private final UnaryOperator<Traffic> atoms;

  private Given(End end, UnaryOperator<Traffic> atoms) {
    this.end = end;
    this.atoms = atoms;
  }

  /** What remains of some traffic for one endpoint: nothing in it speaks of that end any more. */
  public static Traffic rest(Traffic traffic, End end, Endpoint known) {
    Flow any =
        end == End.FROM
            ? new Flow(known, NOBODY, Protocol.TCP, 1)
            : new Flow(NOBODY, known, Protocol.TCP, 1);
    return traffic.accept(
        new Given(
            end,
            atom ->
                atom instanceof Traffic.NamedPort named
                    ? portOf(known, named)
                    : decided(FlowEvaluator.contains(atom, any))));
  }

  /** The number that a name stands for at a known destination. */
  private static Traffic portOf(Endpoint known, Traffic.NamedPort named) {
    Integer number = known instanceof Pod pod ? pod.ports().get(named.name()) : null;
    return number == null
        ? Traffic.none()
        : new Traffic.Ports(named.name().protocol(), number, number);
  }

  /**
   * What remains of some traffic for any pod of one namespace: nothing in it speaks of the
   * namespace of that end any more.
   *
   * @param labels all that the namespace has
   */
  public static Traffic podIn(
      Traffic traffic, End end, String namespace, Map<String, String> labels) {
    return traffic.accept(
        new Given(
            end,
            atom -> {
              if (atom instanceof Traffic.InNamespace in) {
                return decided(in.namespace().equals(namespace));
              }
              return atom instanceof Traffic.NamespaceLabels of
                  ? decided(of.selector().matches(labels))
                  : ofSomePod(atom);
            }));
  }

  /** What remains of some traffic for any pod that is in none of some namespaces. */
  public static Traffic podElsewhere(Traffic traffic, End end, Set<String> namespaces) {
    return traffic.accept(
        new Given(
            end,
            atom ->
                atom instanceof Traffic.InNamespace in && namespaces.contains(in.namespace())
                    ? Traffic.none()
                    : ofSomePod(atom)));
  }

  private static Traffic ofSomePod(Traffic atom) {
    if (atom instanceof Traffic.IsPod || atom instanceof Traffic.IsOutside) {
      return decided(atom instanceof Traffic.IsPod);
    }
    boolean isAny =
        (atom instanceof Traffic.PodLabels of && of.selector().isEverything())
            || (atom instanceof Traffic.NamespaceLabels in && in.selector().isEverything());
    return isAny ? Traffic.all() : atom;
  }

  /** What remains of some traffic for any address outside of the cluster. */
  public static Traffic outside(Traffic traffic, End end) {
    return traffic.accept(
        new Given(
            end,
            atom ->
                atom instanceof Traffic.InBlock
                    ? atom
                    : decided(atom instanceof Traffic.IsOutside)));
  }

  private static Traffic decided(boolean holds) {
    return holds ? Traffic.all() : Traffic.none();
  }

  private static boolean isAll(Traffic traffic) {
    return traffic.equals(Traffic.all());
  }

  private static boolean isNone(Traffic traffic) {
    return traffic.equals(Traffic.none());
  }

  private Traffic atom(End at, Traffic atom) {
    return at == end ? atoms.apply(atom) : atom;
  }

  @Override
  public Traffic allOf(Traffic.AllOf traffic) {
    List<Traffic> parts = new ArrayList<>();
    for (Traffic part : traffic.parts()) {
      Traffic rest = part.accept(this);
      if (isNone(rest)) {
        return rest;
      }
      if (!isAll(rest)) {
        parts.add(rest);
      }
    }
    return Traffic.allOf(parts);
  }

  @Override
  public Traffic anyOf(Traffic.AnyOf traffic) {
    Set<Traffic> parts = new LinkedHashSet<>();
    for (Traffic part : traffic.parts()) {
      Traffic rest = part.accept(this);
      if (isAll(rest)) {
        return rest;
      }
      if (!isNone(rest)) {
        parts.add(rest);
      }
    }
    return Traffic.anyOf(List.copyOf(parts));
  }

  @Override
  public Traffic not(Traffic.Not traffic) {
    Traffic rest = traffic.traffic().accept(this);
    if (isAll(rest)) {
      return Traffic.none();
    }
    return isNone(rest) ? Traffic.all() : new Traffic.Not(rest);
  }

  @Override
  public Traffic isPod(Traffic.IsPod traffic) {
    return atom(traffic.end(), traffic);
  }

  @Override
  public Traffic isOutside(Traffic.IsOutside traffic) {
    return atom(traffic.end(), traffic);
  }

  @Override
  public Traffic isThis(Traffic.IsThis traffic) {
    return atom(traffic.end(), traffic);
  }

  @Override
  public Traffic inNamespace(Traffic.InNamespace traffic) {
    return atom(traffic.end(), traffic);
  }

  @Override
  public Traffic namespaceLabels(Traffic.NamespaceLabels traffic) {
    return atom(traffic.end(), traffic);
  }

  @Override
  public Traffic podLabels(Traffic.PodLabels traffic) {
    return atom(traffic.end(), traffic);
  }

  @Override
  public Traffic inBlock(Traffic.InBlock traffic) {
    return atom(traffic.end(), traffic);
  }

  @Override
  public Traffic ports(Traffic.Ports traffic) {
    return traffic;
  }

  @Override
  public Traffic namedPort(Traffic.NamedPort traffic) {
    return atom(End.TO, traffic);
  }

  /** The other end is something else. */
  @Override
  public Traffic toItself(Traffic.ToItself traffic) {
    return Traffic.none();
  }

  @Override
  public Traffic firstMatch(Traffic.FirstMatch traffic) {
    List<Traffic.Case> cases = new ArrayList<>();
    for (Traffic.Case step : traffic.cases()) {
      Traffic when = step.when().accept(this);
      if (!isNone(when)) {
        cases.add(new Traffic.Case(when, step.action()));
      }
    }
    Traffic otherwise = traffic.otherwise().accept(this);
    return cases.isEmpty() ? otherwise : new Traffic.FirstMatch(cases, otherwise);
  }

  @Override
  public Traffic written(Traffic.Written traffic) {
    return traffic.traffic().accept(this);
  }
}
