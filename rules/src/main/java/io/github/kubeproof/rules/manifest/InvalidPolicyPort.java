package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Edits;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** KP008: a port of a NetworkPolicy that says a range or a protocol in a way that is refused. */
public final class InvalidPolicyPort implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP008",
              "invalid-policy-port",
              "a policy's port range is empty or half said, its number is in quotes, or its protocol is none")
          .fixable(Fixability.EITHER);

  private static final Pattern NUMBERS = Pattern.compile("\\s*(\\d+)\\s*(?:[-:]\\s*(\\d+)\\s*)?");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Policy policy : cluster.policies()) {
      for (Policy.Rule rule : policy.rules()) {
        for (V1NetworkPolicyPort port : rule.ports()) {
          checkNumber(cluster, policy, port, findings);
          checkEndPort(cluster, policy, port, findings);
          checkProtocol(cluster, policy, port, findings);
        }
      }
    }
  }

  /** Whether a name of a port was evidently meant as a number, or as a range of them. */
  static boolean looksNumeric(IntOrString port) {
    return !port.isInteger() && NUMBERS.matcher(port.getStrValue()).matches();
  }

  private static void checkNumber(
      Cluster cluster, Policy policy, V1NetworkPolicyPort port, Findings findings) {
    if (port.getPort() == null || !looksNumeric(port.getPort())) {
      return;
    }
    String written = port.getPort().getStrValue();
    Matcher numbers = NUMBERS.matcher(written);
    boolean isRange = numbers.matches() && numbers.group(2) != null;
    findings
        .report(
            policy,
            cluster.at(port, "port"),
            "port \"" + written + "\" is read as the name of a port, and a name needs a letter")
        .help(
            isRange
                ? "write port: " + numbers.group(1) + " and endPort: " + numbers.group(2)
                : "leave the quotes away: port: " + written.strip())
        .fix(
            "write " + written.strip() + " without quotes",
            isRange || written.strip().length() > 5
                ? List.of()
                : Edits.value(cluster.at(port, "port"), Integer.valueOf(written.strip())));
  }

  // validation.go, ValidateNetworkPolicyPort
  private static void checkEndPort(
      Cluster cluster, Policy policy, V1NetworkPolicyPort port, Findings findings) {
    Integer end = port.getEndPort();
    if (end == null) {
      return;
    }
    IntOrString start = port.getPort();
    if (start == null) {
      findings
          .report(
              policy, cluster.at(port, "endPort"), "endPort " + end + " has no port to start from")
          .help("say where the range starts: port: 1");
    } else if (!start.isInteger()) {
      findings
          .report(
              policy,
              cluster.at(port, "endPort"),
              "endPort "
                  + end
                  + " needs a port number to start from, not the name \""
                  + start.getStrValue()
                  + "\"")
          .help("give the number of the port, or leave endPort out");
    } else if (end < start.getIntValue()) {
      findings
          .report(
              policy,
              cluster.at(port, "endPort"),
              "endPort "
                  + end
                  + " is below port "
                  + start.getIntValue()
                  + ", so the range is empty")
          .help("set endPort to " + start.getIntValue() + " or more, or leave it out")
          .unsafeFix(
              "swap port and endPort",
              "opens ports " + end + " to " + start.getIntValue(),
              Edits.all(
                  List.of(
                      Edits.value(cluster.at(port, "port"), end),
                      Edits.value(cluster.at(port, "endPort"), start.getIntValue()))));
    } else if (end > 65535) {
      findings.report(
          policy, cluster.at(port, "endPort"), "endPort " + end + " is above 65535, the last port");
    }
  }

  private static void checkProtocol(
      Cluster cluster, Policy policy, V1NetworkPolicyPort port, Findings findings) {
    if (Protocol.of(port.getProtocol()).isEmpty()) {
      String upper = String.valueOf(port.getProtocol()).strip().toUpperCase(Locale.ROOT);
      findings
          .report(
              policy,
              cluster.at(port, "protocol"),
              "protocol \"" + port.getProtocol() + "\" is none of TCP, UDP and SCTP")
          .help("policies know no other protocol; name the ports of each in an entry of its own")
          .fix(
              "write " + upper,
              Protocol.of(upper).isEmpty()
                  ? List.of()
                  : Edits.value(cluster.at(port, "protocol"), upper));
    }
  }
}
