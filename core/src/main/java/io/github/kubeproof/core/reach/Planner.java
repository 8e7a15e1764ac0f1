package io.github.kubeproof.core.reach;

import io.github.kubeproof.core.reach.Plan.Box;
import io.github.kubeproof.core.reach.Plan.Region;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint.PortName;
import io.github.kubeproof.core.traffic.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/** Reads the language of flows as plans over the classes of some endpoints. */
final class Planner implements Traffic.Visitor<Plan> {

  /** What is larger when multiplied out stays a product. */
  private static final int MOST_BOXES = 10_000;

  private final Classes classes;
  private final Row everything;
  private final Map<Cidr, RoaringBitmap> inBlock = new HashMap<>();
  private final Map<PortName, Region> namedPorts = new HashMap<>();

  Planner(Classes classes) {
    this.classes = classes;
    this.everything = Row.of(classes.all(), PortSet.ALL);
  }

  Plan plan(Traffic traffic) {
    return traffic.accept(this);
  }

  private Region at(End end, RoaringBitmap set) {
    return new Region(
        List.of(
            end == End.FROM
                ? new Box(set, classes.all(), PortSet.ALL)
                : new Box(classes.all(), set, PortSet.ALL)));
  }

  private Region on(PortSet ports) {
    return new Region(List.of(new Box(classes.all(), classes.all(), ports)));
  }

  @Override
  public Plan allOf(Traffic.AllOf traffic) {
    Region region = on(PortSet.ALL);
    List<Plan> others = new ArrayList<>();
    for (Traffic part : traffic.parts()) {
      Plan plan = part.accept(this);
      if (plan instanceof Region factor
          && (long) factor.boxes().size() * region.boxes().size() <= MOST_BOXES) {
        region = product(region, factor);
      } else {
        others.add(plan);
      }
    }
    if (others.isEmpty()) {
      return region;
    }
    others.add(0, region);
    return new Plan.And(others);
  }

  private Region product(Region one, Region other) {
    List<Box> boxes = new ArrayList<>();
    for (Box left : one.boxes()) {
      for (Box right : other.boxes()) {
        Box common =
            new Box(
                and(left.from(), right.from()),
                and(left.to(), right.to()),
                left.ports().and(right.ports()));
        if (!common.isEmpty()) {
          boxes.add(common);
        }
      }
    }
    return new Region(boxes);
  }

  // most boxes leave one end open
  private RoaringBitmap and(RoaringBitmap one, RoaringBitmap other) {
    if (isAll(one)) {
      return other;
    }
    return isAll(other) ? one : RoaringBitmap.and(one, other);
  }

  private boolean isAll(RoaringBitmap set) {
    return set.getCardinality() == classes.size();
  }

  @Override
  public Plan anyOf(Traffic.AnyOf traffic) {
    List<Box> boxes = new ArrayList<>();
    List<Plan> others = new ArrayList<>();
    for (Traffic part : traffic.parts()) {
      Plan plan = part.accept(this);
      if (plan instanceof Region region) {
        boxes.addAll(region.boxes());
      } else {
        others.add(plan);
      }
    }
    Region region = new Region(joined(boxes));
    if (others.isEmpty()) {
      return region;
    }
    others.add(0, region);
    return new Plan.Or(others);
  }

  /** Boxes that differ in one of their three sides alone become one where they all do. */
  private List<Box> joined(List<Box> boxes) {
    if (boxes.size() < 2) {
      return boxes;
    }
    Box first = boxes.get(0);
    boolean from = boxes.stream().allMatch(b -> b.from().equals(first.from()));
    boolean to = boxes.stream().allMatch(b -> b.to().equals(first.to()));
    boolean ports = boxes.stream().allMatch(b -> b.ports().equals(first.ports()));
    if ((from ? 1 : 0) + (to ? 1 : 0) + (ports ? 1 : 0) < 2) {
      return boxes;
    }
    RoaringBitmap sources = new RoaringBitmap();
    RoaringBitmap destinations = new RoaringBitmap();
    PortSet union = PortSet.NONE;
    for (Box box : boxes) {
      sources.or(box.from());
      destinations.or(box.to());
      union = union.or(box.ports());
    }
    return List.of(new Box(sources, destinations, union));
  }

  /** What depends on one end, or on ports alone, is turned round there; the rest row by row. */
  @Override
  public Plan not(Traffic.Not traffic) {
    Plan inner = traffic.traffic().accept(this);
    if (inner instanceof Region region) {
      if (region.boxes().isEmpty()) {
        return on(PortSet.ALL);
      }
      if (region.boxes().size() == 1) {
        Box box = region.boxes().get(0);
        boolean anyFrom = isAll(box.from());
        boolean anyTo = isAll(box.to());
        if (box.ports().isAll() && anyTo) {
          return at(End.FROM, RoaringBitmap.andNot(classes.all(), box.from()));
        }
        if (box.ports().isAll() && anyFrom) {
          return at(End.TO, RoaringBitmap.andNot(classes.all(), box.to()));
        }
        if (anyFrom && anyTo) {
          return on(PortSet.ALL.minus(box.ports()));
        }
      }
    }
    return new Plan.Not(everything, inner);
  }

  @Override
  public Plan isPod(Traffic.IsPod traffic) {
    return at(traffic.end(), classes.pods());
  }

  @Override
  public Plan isOutside(Traffic.IsOutside traffic) {
    return at(traffic.end(), classes.outside());
  }

  @Override
  public Plan isThis(Traffic.IsThis traffic) {
    throw new UnsupportedOperationException(
        "sets of endpoints that are alike hold no single one: " + traffic);
  }

  @Override
  public Plan inNamespace(Traffic.InNamespace traffic) {
    return at(traffic.end(), classes.inNamespace(traffic.namespace()));
  }

  @Override
  public Plan namespaceLabels(Traffic.NamespaceLabels traffic) {
    return at(traffic.end(), classes.withNamespaceLabels(traffic.selector()));
  }

  @Override
  public Plan podLabels(Traffic.PodLabels traffic) {
    return at(traffic.end(), classes.withLabels(traffic.selector()));
  }

  @Override
  public Plan inBlock(Traffic.InBlock traffic) {
    return at(traffic.end(), inBlock.computeIfAbsent(traffic.block(), classes::inBlock));
  }

  @Override
  public Plan ports(Traffic.Ports traffic) {
    return on(PortSet.of(traffic.protocol(), traffic.first(), traffic.last()));
  }

  @Override
  public Plan namedPort(Traffic.NamedPort traffic) {
    return namedPorts.computeIfAbsent(traffic.name(), this::portsNamed);
  }

  private Region portsNamed(PortName name) {
    List<Box> boxes = new ArrayList<>();
    classes
        .withPort(name)
        .forEach(
            (number, pods) ->
                boxes.add(
                    new Box(classes.all(), pods, PortSet.of(name.protocol(), number, number))));
    return new Region(boxes);
  }

  @Override
  public Plan toItself(Traffic.ToItself traffic) {
    throw new UnsupportedOperationException(
        "sets of endpoints that are alike hold no single one: " + traffic);
  }

  @Override
  public Plan firstMatch(Traffic.FirstMatch traffic) {
    List<Plan.FirstMatch.Case> cases = new ArrayList<>();
    for (Traffic.Case step : traffic.cases()) {
      cases.add(new Plan.FirstMatch.Case(step.when().accept(this), step.action()));
    }
    return new Plan.FirstMatch(everything, cases, traffic.otherwise().accept(this));
  }

  @Override
  public Plan written(Traffic.Written traffic) {
    return traffic.traffic().accept(this);
  }
}
