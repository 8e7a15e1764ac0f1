package io.github.kubeproof.core.proof;

import java.util.List;
import java.util.Random;

/** Draws a few policies of tiers, with the labels, ports and blocks of {@link RandomPolicies}. */
public final class RandomTiers {

  private final Random random;
  private final StringBuilder yaml = new StringBuilder();

  private RandomTiers(Random random) {
    this.random = random;
  }

  /** NetworkPolicies, up to three policies of tiers, each of another priority, and networks. */
  public static String yaml(long seed) {
    RandomTiers drawn = new RandomTiers(new Random(seed));
    drawn.yaml.append(RandomPolicies.yaml(seed));
    int policies = drawn.random.nextInt(4);
    for (int i = 0; i < policies; i++) {
      drawn.policy(i);
    }
    return drawn.yaml.append(RandomNetworks.yaml(seed)).toString();
  }

  private void policy(int number) {
    boolean old = random.nextBoolean();
    yaml.append("---\napiVersion: policy.networking.k8s.io/")
        .append(old ? "v1alpha1\nkind: AdminNetworkPolicy" : "v1alpha2\nkind: ClusterNetworkPolicy")
        .append("\nmetadata: { name: t")
        .append(number)
        .append(" }\nspec:\n  priority: ")
        .append(number)
        .append('\n');
    if (!old) {
      yaml.append("  tier: ").append(any(List.of("Admin", "Baseline"))).append('\n');
    }
    yaml.append("  subject: ").append(pods()).append('\n');
    for (String direction : List.of("ingress", "egress")) {
      yaml.append("  ").append(direction).append(":\n");
      int rules = 1 + random.nextInt(3);
      for (int i = 0; i < rules; i++) {
        rule(old, direction.equals("egress"));
      }
    }
  }

  private void rule(boolean old, boolean egress) {
    boolean network = egress && random.nextInt(3) == 0;
    String peer = network ? "{ networks: [ \"" + any(RandomPolicies.BLOCKS) + "\" ] }" : pods();
    yaml.append("    - { action: ")
        .append(any(List.of(old ? "Allow" : "Accept", "Deny", "Pass")))
        .append(egress ? ", to: [ " : ", from: [ ")
        .append(peer)
        .append(" ]");
    if (random.nextBoolean()) {
      yaml.append(old ? ", ports: [ " : ", protocols: [ ").append(port(old, network)).append(" ]");
    }
    yaml.append(" }\n");
  }

  private String port(boolean old, boolean network) {
    if (!network && random.nextInt(3) == 0) {
      return old ? "{ namedPort: web }" : "{ destinationNamedPort: web }";
    }
    return old
        ? any(
            List.of(
                "{ portNumber: { port: 80, protocol: TCP } }",
                "{ portRange: { start: 79, end: 81, protocol: UDP } }"))
        : any(
            List.of(
                "{ tcp: { destinationPort: { number: 80 } } }",
                "{ udp: { destinationPort: { range: { start: 79, end: 81 } } } }"));
  }

  private String pods() {
    return any(
        List.of(
            "{ namespaces: {} }",
            "{ namespaces: { matchLabels: { env: a } } }",
            "{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: \"\" } } } }",
            "{ pods: { namespaceSelector: { matchExpressions: [ { key: env, operator: NotIn,"
                + " values: [ a ] } ] }, podSelector: { matchExpressions: [ { key: app, operator:"
                + " Exists } ] } } }"));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
