package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Findings.Draft;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** KP211: a rule that opens more than a thousand ports. */
public final class WidePortRange implements Rule {

  private static final int MANY = 1000;

  private static final RuleInfo INFO =
      RuleInfo.of(
          "KP211",
          "wide-port-range",
          Severity.WARNING,
          Confidence.PROVED,
          "a rule opens a range of more than " + MANY + " ports");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  /** A range of a rule that names its first and its last port. */
  private record Range(Place place, Traffic.Ports ports) {
    int size() {
      return ports.last() - ports.first() + 1;
    }

    @Override
    public String toString() {
      return ports.first() + "-" + ports.last() + "/" + ports.protocol();
    }
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Meaning policy : Policies.of(cluster)) {
      for (Direction direction : Direction.values()) {
        for (RuleMeaning rule : policy.rules(direction)) {
          for (Protocol protocol : Protocol.values()) {
            check(rule, protocol, findings);
          }
        }
      }
    }
  }

  private static void check(RuleMeaning rule, Protocol protocol, Findings findings) {
    List<Range> ranges = ranges(rule, protocol);
    List<Range> wide = ranges.stream().filter(range -> range.size() > MANY).toList();
    for (Range range : wide) {
      report(rule, protocol, range.place(), range + " is a range of " + range.size(), findings);
    }
    BitSet all = new BitSet();
    ranges.forEach(range -> all.set(range.ports().first(), range.ports().last() + 1));
    if (wide.isEmpty() && all.cardinality() > MANY) {
      Draft draft =
          report(
              rule,
              protocol,
              rule.place().then("ports"),
              "these ranges are " + all.cardinality() + " " + protocol,
              findings);
      ranges.forEach(range -> draft.note(range.place(), range.size() + " ports"));
    }
  }

  private static List<Range> ranges(RuleMeaning rule, Protocol protocol) {
    List<Range> ranges = new ArrayList<>();
    List<V1NetworkPolicyPort> ports = rule.rule().ports();
    for (int i = 0; i < ports.size(); i++) {
      boolean range = ports.get(i).getEndPort() != null;
      if (range
          && PolicySemantics.port(ports.get(i)).orElseThrow() instanceof Traffic.Ports meaning
          && meaning.protocol() == protocol) {
        ranges.add(new Range(rule.place().then("ports", i, "endPort"), meaning));
      }
    }
    return ranges;
  }

  private static Draft report(
      RuleMeaning rule, Protocol protocol, Place place, String what, Findings findings) {
    // passive FTP aside, it is media over UDP that needs ranges; and what goes out is somebody
    // else's port
    boolean suspicious = rule.rule().direction() == Direction.INGRESS && protocol != Protocol.UDP;
    return findings
        .report(rule.rule().policy(), place, what + " ports")
        .severity(suspicious ? Severity.WARNING : Severity.INFO)
        .help("open only the ports that something listens on");
  }
}
