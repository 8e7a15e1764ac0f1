package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.cluster.Selector;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What some traffic is told apart by. Endpoints that are alike in all of this are alike in all that
 * it says.
 */
final class Mentions implements Traffic.Visitor<Boolean> {

  final Set<String> labels = new HashSet<>();
  final Set<PortName> portNames = new HashSet<>();
  final Set<Cidr> blocks = new HashSet<>();

  void read(Traffic traffic) {
    traffic.accept(this);
  }

  @Override
  public Boolean allOf(Traffic.AllOf traffic) {
    return all(traffic.parts());
  }

  @Override
  public Boolean anyOf(Traffic.AnyOf traffic) {
    return all(traffic.parts());
  }

  private boolean all(List<Traffic> parts) {
    parts.forEach(this::read);
    return true;
  }

  @Override
  public Boolean not(Traffic.Not traffic) {
    return traffic.traffic().accept(this);
  }

  @Override
  public Boolean isPod(Traffic.IsPod traffic) {
    return true;
  }

  @Override
  public Boolean isOutside(Traffic.IsOutside traffic) {
    return true;
  }

  @Override
  public Boolean isThis(Traffic.IsThis traffic) {
    throw new UnsupportedOperationException(
        "sets of endpoints that are alike hold no single one: " + traffic);
  }

  @Override
  public Boolean inNamespace(Traffic.InNamespace traffic) {
    return true;
  }

  @Override
  public Boolean namespaceLabels(Traffic.NamespaceLabels traffic) {
    return true;
  }

  @Override
  public Boolean podLabels(Traffic.PodLabels traffic) {
    for (Selector.Requirement requirement : traffic.selector().requirements()) {
      labels.add(requirement.key());
    }
    return true;
  }

  @Override
  public Boolean inBlock(Traffic.InBlock traffic) {
    return blocks.add(traffic.block());
  }

  @Override
  public Boolean ports(Traffic.Ports traffic) {
    return true;
  }

  @Override
  public Boolean namedPort(Traffic.NamedPort traffic) {
    return portNames.add(traffic.name());
  }

  @Override
  public Boolean toItself(Traffic.ToItself traffic) {
    return true;
  }

  @Override
  public Boolean firstMatch(Traffic.FirstMatch traffic) {
    traffic.cases().forEach(step -> read(step.when()));
    return traffic.otherwise().accept(this);
  }

  @Override
  public Boolean written(Traffic.Written traffic) {
    return traffic.traffic().accept(this);
  }
}
