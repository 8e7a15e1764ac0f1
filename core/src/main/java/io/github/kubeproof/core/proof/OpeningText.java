package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.TierPolicy;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.Endpoint;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import io.github.kubeproof.core.traffic.Population;
import java.util.Locale;
import java.util.Map;

/** The YAML that lets one flow through at the end that a direction guards. */
record OpeningText(Direction direction, Flow flow) {

  private Pod guarded() {
    return flow.end(End.guarded(direction)).asPod().orElseThrow();
  }

  private Endpoint other() {
    return flow.end(End.guarded(direction).other());
  }

  /** An item of the list of rules. No peer names a node, so its rule is for whoever it may be. */
  String rule() {
    String ports =
        "ports:\n"
            + indented(item("protocol: " + flow.protocol() + "\nport: " + flow.port() + "\n"));
    return item(
        other() instanceof Host
            ? ports
            : direction.peersKey() + ":\n" + indented(item(peer())) + ports);
  }

  private String peer() {
    return other() instanceof Pod pod
        ? (pod.namespace().equals(guarded().namespace()) ? "" : namespaceSelector(pod))
            + podSelector(pod)
        : "ipBlock:\n  cidr: " + quoted(cidr()) + "\n";
  }

  /** A NetworkPolicy with just that rule. */
  String policy(String name) {
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: "
        + quoted(name)
        + "\n  namespace: "
        + quoted(guarded().namespace())
        + "\nspec:\n"
        + indented(
            podSelector(guarded())
                + "policyTypes:\n  - "
                + direction.written()
                + "\n"
                + direction.key()
                + ":\n"
                + indented(rule()));
  }

  /** An item of the list of rules of a policy of a tier. */
  String tierRule(TierPolicy policy) {
    boolean v1alpha2 = policy.resource().kind().equals("ClusterNetworkPolicy");
    String peer =
        other() instanceof Pod pod
            ? "pods:\n" + indented(namespaceSelector(pod) + podSelector(pod))
            : "networks:\n  - " + quoted(cidr()) + "\n";
    String port =
        v1alpha2
            ? flow.protocol().toString().toLowerCase(Locale.ROOT)
                + ":\n  destinationPort:\n    number: "
                + flow.port()
                + "\n"
            : "portNumber:\n  protocol: " + flow.protocol() + "\n  port: " + flow.port() + "\n";
    return item(
        "action: "
            + (v1alpha2 ? "Accept" : "Allow")
            + "\n"
            + direction.peersKey()
            + ":\n"
            + indented(item(peer))
            + (v1alpha2 ? "protocols" : "ports")
            + ":\n"
            + indented(item(port)));
  }

  /** A policy of the same sort that has just that rule. */
  String tierPolicy(TierPolicy policy) {
    boolean baselineKind = policy.resource().kind().equals("BaselineAdminNetworkPolicy");
    boolean v1alpha2 = policy.resource().kind().equals("ClusterNetworkPolicy");
    return "apiVersion: "
        + policy.resource().apiVersion()
        + "\nkind: "
        + policy.resource().kind()
        + "\nmetadata:\n  name: default\nspec:\n"
        + (v1alpha2 ? "  tier: Admin\n" : "")
        + (baselineKind ? "" : "  priority: 0\n")
        + "  subject:\n    namespaces: {}\n  "
        + direction.key()
        + ":\n"
        + indented(indented(tierRule(policy)));
  }

  /** Where nobody knows the address, that of any. */
  private String cidr() {
    if (other() instanceof Host) {
      return Cidr.ALL_V4.toString();
    }
    Outside outside = (Outside) other();
    return outside.address() + "/" + outside.address().bits();
  }

  private static String namespaceSelector(Pod pod) {
    return "namespaceSelector:\n  matchLabels:\n    "
        + World.NAMESPACE_NAME
        + ": "
        + quoted(pod.namespace())
        + "\n";
  }

  private static String podSelector(Pod pod) {
    Map<String, String> labels = Population.writtenLabels(pod);
    StringBuilder text = new StringBuilder("podSelector:");
    text.append(labels.isEmpty() ? " {}\n" : "\n  matchLabels:\n");
    labels.forEach((key, value) -> text.append("    " + quoted(key) + ": " + quoted(value) + "\n"));
    return text.toString();
  }

  /** A scalar that every reader takes for a string; labels have no characters to escape. */
  private static String quoted(String text) {
    boolean plain =
        text.matches("[A-Za-z][A-Za-z0-9._/-]*")
            && !text.matches("(?i)y|n|yes|no|on|off|true|false|null");
    return plain ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String indented(String text) {
    return text.indent(2);
  }

  private static String item(String text) {
    return "- " + text.indent(2).stripLeading();
  }
}
