package io.github.kubeproof.rules.reachability;

import io.github.kubeproof.core.cluster.Alternative;
import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.TierSemantics.TierMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** KP101: a Service whose pods let nothing in on the ports that it leads to. */
public final class UnreachableService implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP101",
          "unreachable-service",
          Severity.WARNING,
          Confidence.PROVED,
          "the policies of a Service's pods let nothing in on its ports");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /**
   * A port of a Service that nothing can reach.
   *
   * @param because where that was written
   */
  private record Closed(V1ServicePort port, Backends backends, List<Place> because) {}

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      if (cluster.world().mayBeGuarded(service)
          && service.selector().isPresent()
          && service.resource().isUnderstood()) {
        check(service, cluster, connectivity, findings);
      }
    }
  }

  private static void check(
      Service service, Cluster cluster, Connectivity connectivity, Findings findings) {
    Map<V1ServicePort, Closed> closed = null;
    for (Alternative alternative : cluster.alternatives(service)) {
      Map<V1ServicePort, Closed> here = closedIn(service, alternative, connectivity);
      if (closed == null) {
        closed = here;
      } else {
        closed.keySet().retainAll(here.keySet());
      }
      if (closed.isEmpty()) {
        return;
      }
    }
    if (closed == null) {
      return;
    }
    if (closed.size() == service.ports().size()) {
      Place name = service.resource().at("metadata", "name");
      report(service, name, "nothing can reach " + service, List.copyOf(closed.values()), findings);
      return;
    }
    for (Closed one : closed.values()) {
      String what = "nothing can reach port " + one.port().getPort() + " of " + service;
      report(service, cluster.at(one.port(), "port"), what, List.of(one), findings);
    }
  }

  /** The ports that nothing can reach in an alternative, in their order. */
  private static Map<V1ServicePort, Closed> closedIn(
      Service service, Alternative alternative, Connectivity connectivity) {
    Map<V1ServicePort, Closed> closed = new LinkedHashMap<>();
    Optional<Backends> backends = Backends.of(service, alternative);
    if (backends.isEmpty()
        || !(backends.get().areAllIsolated() || backends.get().policies().hasTiers())) {
      return closed;
    }
    Traffic in = backends.get().policiesAbout().allowed(Direction.INGRESS);
    Traffic out = backends.get().policies().allowed(Direction.EGRESS);
    for (V1ServicePort port : service.ports()) {
      Traffic there = backends.get().arrivingAt(port);
      if (there.equals(Traffic.none())) {
        continue; // its targetPort is a name that no pod has: KP401
      }
      Place place = service.resource().place();
      // what its own policies close is closed, whatever the others let out
      connectivity
          .proveEmpty(there.and(in), place)
          .or(() -> connectivity.proveEmpty(Traffic.allOf(there, in, out), place))
          .ifPresent(
              proved -> closed.put(port, new Closed(port, backends.get(), proved.because())));
    }
    return closed;
  }

  private static void report(
      Service service, Place place, String what, List<Closed> closed, Findings findings) {
    Backends backends = closed.get(0).backends();
    List<Meaning> isolating = backends.isolating();
    List<Denial> denials = denials(backends, closed);
    boolean denied =
        !isolating.isEmpty()
            && isolating.stream().allMatch(p -> p.rules(Direction.INGRESS).isEmpty());
    Set<String> targets = new LinkedHashSet<>();
    closed.forEach(one -> targets.addAll(backends.targets(one.port())));
    String why =
        !denials.isEmpty()
            ? denials.get(0) + " denies what would arrive"
            : denied
                ? isolating.get(0).policy() + " selects its pods and allows no ingress"
                : "the policies that select its pods open nothing on "
                    + (targets.size() == 1 ? "port " : "ports ")
                    + String.join(", ", targets);
    Draft draft =
        findings
            .report(service, place, what + ": " + why)
            .help(
                denials.isEmpty()
                    ? "allow its clients in with an ingress rule, on the port of the pods"
                    : "accept its clients in a rule before the one that denies");
    denials.forEach(denial -> draft.note(denial.rule().place(), denial + " denies it"));
    for (Meaning policy : isolating) {
      draft.note(policy.place(), policy.policy() + " selects its pods and " + opens(policy));
    }
  }

  /** A rule of a tier that denies. */
  private record Denial(TierPolicy policy, TierPolicy.Rule rule) {
    @Override
    public String toString() {
      return "ingress rule " + (rule.index() + 1) + " of " + policy;
    }
  }

  /** The rules of tiers that the proof rests on. */
  private static List<Denial> denials(Backends backends, List<Closed> closed) {
    List<Denial> denials = new ArrayList<>();
    for (TierMeaning tier : backends.policies().tiers()) {
      for (TierPolicy.Rule rule : tier.policy().rules()) {
        if (rule.action() == TierPolicy.Action.DENY
            && closed.stream().anyMatch(one -> one.because().contains(rule.place()))) {
          denials.add(new Denial(tier.policy(), rule));
        }
      }
    }
    return denials;
  }

  private static String opens(Meaning policy) {
    List<String> ports = new ArrayList<>();
    policy.rules(Direction.INGRESS).forEach(rule -> ports.add(rule.rule().portsInWords()));
    return ports.isEmpty()
        ? "allows no ingress"
        : "opens only " + String.join(" and ", new LinkedHashSet<>(ports));
  }
}
