package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.traffic.Traffic;
import java.util.List;

/** Says traffic once more, with some of its words replaced; this one replaces none. */
class Rewriting implements Traffic.Visitor<Traffic> {

  /** Leaves out where things were written: what remains is equal where the same is meant. */
  static final Rewriting WITHOUT_PLACES =
      new Rewriting() {
        @Override
        public Traffic written(Traffic.Written traffic) {
          return traffic.traffic().accept(this);
        }
      };

  @Override
  public Traffic allOf(Traffic.AllOf traffic) {
    return new Traffic.AllOf(all(traffic.parts()));
  }

  @Override
  public Traffic anyOf(Traffic.AnyOf traffic) {
    return new Traffic.AnyOf(all(traffic.parts()));
  }

  private List<Traffic> all(List<Traffic> parts) {
    return parts.stream().map(part -> part.accept(this)).toList();
  }

  @Override
  public Traffic not(Traffic.Not traffic) {
    return new Traffic.Not(traffic.traffic().accept(this));
  }

  @Override
  public Traffic firstMatch(Traffic.FirstMatch traffic) {
    return new Traffic.FirstMatch(
        traffic.cases().stream()
            .map(step -> new Traffic.Case(step.when().accept(this), step.action()))
            .toList(),
        traffic.otherwise().accept(this));
  }

  @Override
  public Traffic written(Traffic.Written traffic) {
    return new Traffic.Written(traffic.place(), traffic.traffic().accept(this));
  }

  @Override
  public Traffic isPod(Traffic.IsPod traffic) {
    return traffic;
  }

  @Override
  public Traffic isOutside(Traffic.IsOutside traffic) {
    return traffic;
  }

  @Override
  public Traffic isThis(Traffic.IsThis traffic) {
    return traffic;
  }

  @Override
  public Traffic inNamespace(Traffic.InNamespace traffic) {
    return traffic;
  }

  @Override
  public Traffic namespaceLabels(Traffic.NamespaceLabels traffic) {
    return traffic;
  }

  @Override
  public Traffic podLabels(Traffic.PodLabels traffic) {
    return traffic;
  }

  @Override
  public Traffic inBlock(Traffic.InBlock traffic) {
    return traffic;
  }

  @Override
  public Traffic ports(Traffic.Ports traffic) {
    return traffic;
  }

  @Override
  public Traffic namedPort(Traffic.NamedPort traffic) {
    return traffic;
  }

  @Override
  public Traffic toItself(Traffic.ToItself traffic) {
    return traffic;
  }
}
