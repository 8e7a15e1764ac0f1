package io.github.kubeproof.core.traffic;

import io.github.kubeproof.core.traffic.Endpoint.Pod;

/**
 * The plain reading of the language: is one flow in the set? Every other reader must agree with
 * this one.
 */
public final class FlowEvaluator implements Traffic.Visitor<Boolean> {

  private final Flow flow;

  private FlowEvaluator(Flow flow) {
    this.flow = flow;
  }

  public static boolean contains(Traffic traffic, Flow flow) {
    return traffic.accept(new FlowEvaluator(flow));
  }

  @Override
  public Boolean allOf(Traffic.AllOf traffic) {
    for (Traffic part : traffic.parts()) {
      if (!part.accept(this)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Boolean anyOf(Traffic.AnyOf traffic) {
    for (Traffic part : traffic.parts()) {
      if (part.accept(this)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Boolean not(Traffic.Not traffic) {
    return !traffic.traffic().accept(this);
  }

  @Override
  public Boolean isPod(Traffic.IsPod traffic) {
    return flow.end(traffic.end()) instanceof Pod;
  }

  @Override
  public Boolean isOutside(Traffic.IsOutside traffic) {
    return flow.end(traffic.end()) instanceof Endpoint.Outside;
  }

  @Override
  public Boolean isThis(Traffic.IsThis traffic) {
    Endpoint end = flow.end(traffic.end());
    return traffic.endpoint() instanceof Pod wanted
        ? end instanceof Pod pod && pod.id().equals(wanted.id())
        : end.equals(traffic.endpoint());
  }

  @Override
  public Boolean inNamespace(Traffic.InNamespace traffic) {
    return flow.end(traffic.end()) instanceof Pod pod
        && pod.namespace().equals(traffic.namespace());
  }

  @Override
  public Boolean namespaceLabels(Traffic.NamespaceLabels traffic) {
    return flow.end(traffic.end()) instanceof Pod pod
        && traffic.selector().matches(pod.namespaceLabels());
  }

  @Override
  public Boolean podLabels(Traffic.PodLabels traffic) {
    return flow.end(traffic.end()) instanceof Pod pod && traffic.selector().matches(pod.labels());
  }

  @Override
  public Boolean inBlock(Traffic.InBlock traffic) {
    return flow.end(traffic.end()).isIn(traffic.block());
  }

  @Override
  public Boolean ports(Traffic.Ports traffic) {
    return flow.protocol() == traffic.protocol()
        && traffic.first() <= flow.port()
        && flow.port() <= traffic.last();
  }

  @Override
  public Boolean namedPort(Traffic.NamedPort traffic) {
    if (flow.protocol() != traffic.name().protocol() || !(flow.to() instanceof Pod pod)) {
      return false;
    }
    Integer number = pod.ports().get(traffic.name());
    return number != null && number == flow.port();
  }

  @Override
  public Boolean toItself(Traffic.ToItself traffic) {
    return flow.from() instanceof Pod from
        && flow.to() instanceof Pod to
        && from.id().equals(to.id())
        && from.replica() == to.replica();
  }

  @Override
  public Boolean firstMatch(Traffic.FirstMatch traffic) {
    for (Traffic.Case step : traffic.cases()) {
      if (step.when().accept(this)) {
        return switch (step.action()) {
          case ALLOW -> true;
          case DENY -> false;
          case PASS -> traffic.otherwise().accept(this);
        };
      }
    }
    return traffic.otherwise().accept(this);
  }

  @Override
  public Boolean written(Traffic.Written traffic) {
    return traffic.traffic().accept(this);
  }
}
