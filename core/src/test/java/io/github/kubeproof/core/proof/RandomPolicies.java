package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Network;
import java.util.List;
import java.util.Random;

/**
 * Draws small sets of policies full of corners: empty values, absent keys, exceptions, ranges,
 * names with two protocols.
 */
final class RandomPolicies {

  static final List<String> KEYS = List.of("app", "env");
  static final List<String> VALUES = List.of("a", "");
  static final List<String> NAMESPACES = List.of("one", "two");
  static final List<String> BLOCKS =
      List.of("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "0.0.0.0/1", "fd00::/8", "::/0");
  static final List<String> EXCEPTS =
      List.of("10.1.0.0/16", "10.1.0.0/24", "10.1.0.0/24", "10.0.0.0/8", "fd00::/16", "fd00::/8");

  private final Random random;
  private final StringBuilder yaml = new StringBuilder();

  private RandomPolicies(Random random) {
    this.random = random;
  }

  /**
   * Namespace {@code one} is defined, has a label, and asks for a primary network; {@code two} is
   * only mentioned.
   */
  static String yaml(long seed) {
    RandomPolicies drawn = new RandomPolicies(new Random(seed));
    drawn.yaml.append(
        "kind: Namespace\napiVersion: v1\nmetadata: { name: one, labels: { env: a, "
            + Network.NAMESPACE_LABEL
            + ": \"\" } }\n");
    int policies = 1 + drawn.random.nextInt(3);
    for (int i = 0; i < policies; i++) {
      drawn.policy(i);
    }
    return drawn.yaml.toString();
  }

  private void policy(int number) {
    yaml.append("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p");
    yaml.append(number).append(", namespace: ").append(any(NAMESPACES)).append(" }\nspec:\n");
    yaml.append("  podSelector: ").append(selector()).append('\n');
    String types = any(List.of("", "[Ingress]", "[Egress]", "[Ingress, Egress]"));
    if (!types.isEmpty()) {
      yaml.append("  policyTypes: ").append(types).append('\n');
    }
    rules("ingress", "from");
    rules("egress", "to");
  }

  private void rules(String direction, String peers) {
    if (one(4)) {
      return;
    }
    int rules = random.nextInt(3);
    yaml.append("  ").append(direction).append(rules == 0 ? ": []\n" : ":\n");
    for (int i = 0; i < rules; i++) {
      yaml.append("    - { ");
      if (!one(4)) {
        yaml.append(peers).append(": [ ").append(peer());
        if (one(3)) {
          yaml.append(", ").append(peer());
        }
        yaml.append(" ], ");
      }
      if (!one(3)) {
        yaml.append("ports: [ ").append(port());
        if (one(3)) {
          yaml.append(", ").append(port());
        }
        yaml.append(" ]");
      }
      yaml.append(" }\n");
    }
  }

  private String peer() {
    return switch (random.nextInt(4)) {
      case 0 -> "{ podSelector: " + selector() + " }";
      case 1 -> "{ namespaceSelector: " + namespaceSelector() + " }";
      case 2 ->
          "{ podSelector: " + selector() + ", namespaceSelector: " + namespaceSelector() + " }";
      default -> {
        int block = random.nextInt(BLOCKS.size());
        String except = one(2) ? ", except: [ \"" + EXCEPTS.get(block) + "\" ]" : "";
        yield "{ ipBlock: { cidr: \"" + BLOCKS.get(block) + "\"" + except + " } }";
      }
    };
  }

  private String namespaceSelector() {
    return one(2)
        ? "{ matchExpressions: [ { key: kubernetes.io/metadata.name, operator: "
            + any(List.of("In", "NotIn"))
            + ", values: [ "
            + any(NAMESPACES)
            + " ] } ] }"
        : any(
            List.of(
                "{}",
                "{ matchLabels: { env: a } }",
                "{ matchExpressions: [ { key: env, operator: NotIn, values: [ a ] } ] }",
                "{ matchExpressions: [ { key: env, operator: DoesNotExist } ] }"));
  }

  private String selector() {
    return switch (random.nextInt(4)) {
      case 0 -> "{}";
      case 1 -> any(List.of("{ matchLabels: { env: a } }", "{ matchLabels: { app: \"\" } }"));
      case 2 -> "{ matchExpressions: [ " + expression() + " ] }";
      default ->
          "{ matchLabels: { app: \""
              + any(VALUES)
              + "\" }, matchExpressions: [ "
              + expression()
              + " ] }";
    };
  }

  private String expression() {
    String operator = any(List.of("In", "NotIn", "Exists", "DoesNotExist"));
    String key = any(KEYS);
    String values =
        !operator.endsWith("In")
            ? ""
            : key.equals("env")
                ? ", values: [ a ]"
                : any(List.of(", values: [ \"\" ]", ", values: [ \"\", a ]"));
    return "{ key: " + key + ", operator: " + operator + values + " }";
  }

  private String port() {
    String protocol = any(List.of("", "protocol: TCP, ", "protocol: UDP, "));
    return switch (random.nextInt(4)) {
      case 0 -> "{ " + protocol + "port: 80 }";
      case 1 -> "{ " + protocol + "port: 79, endPort: " + any(List.of("80", "81")) + " }";
      case 2 -> "{ " + protocol + "port: web }";
      default -> "{ " + (protocol.isEmpty() ? "protocol: SCTP" : protocol.replace(", ", "")) + " }";
    };
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private String any(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
