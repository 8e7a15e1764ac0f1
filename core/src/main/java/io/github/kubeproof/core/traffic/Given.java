package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What remains to be said of some traffic when one of its ends is known and the other is something
 * else: nothing in it speaks of the known end any more, so that ends that are treated alike leave
 * the same. Places are left out.
 */
public final class Given implements Traffic.Visitor<Traffic> {

  private static final Endpoint NOBODY = new Outside(Address.of("0.0.0.0"));

  private final End end;
  private final Flow any;

  private Given(End end, Endpoint known) {
    this.end = end;
    this.any =
        end == End.FROM
            ? new Flow(known, NOBODY, Protocol.TCP, 1)
            : new Flow(NOBODY, known, Protocol.TCP, 1);
  }

  /** What remains of some traffic for one endpoint. */
  public static Traffic rest(Traffic traffic, End end, Endpoint known) {
    return traffic.accept(new Given(end, known));
  }

  private static boolean isAll(Traffic traffic) {
    return traffic.equals(Traffic.all());
  }

  private static boolean isNone(Traffic traffic) {
    return traffic.equals(Traffic.none());
  }

  private Traffic atom(End at, Traffic atom) {
    if (at != end) {
      return atom;
    }
    return FlowEvaluator.contains(atom, any) ? Traffic.all() : Traffic.none();
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

  /** The number that the name stands for at a known destination. */
  @Override
  public Traffic namedPort(Traffic.NamedPort traffic) {
    if (end == End.FROM) {
      return traffic;
    }
    Integer number = any.to() instanceof Pod pod ? pod.ports().get(traffic.name()) : null;
    return number == null
        ? Traffic.none()
        : new Traffic.Ports(traffic.name().protocol(), number, number);
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
