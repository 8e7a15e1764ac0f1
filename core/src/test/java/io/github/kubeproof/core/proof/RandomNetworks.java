package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Network;
import io.github.kubeproof.core.cluster.Settings;
import io.github.kubeproof.core.cluster.Settings.Dns;
import io.github.kubeproof.core.cluster.World;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Draws up to two primary networks, with the namespaces and labels of {@link RandomPolicies}. */
final class RandomNetworks {

  /** A cluster in which pods that others can be told apart by answer DNS. */
  static final Settings SETTINGS =
      Settings.DEFAULT.withDns(new Dns("", List.of(Map.of("app", "a")), List.of(80)));

  private static final List<String> NAMESPACES =
      List.of(
          "{}",
          "{ matchLabels: { env: a } }",
          "{ matchExpressions: [ { key: env, operator: NotIn, values: [ a ] } ] }",
          "{ matchExpressions: [ { key: kubernetes.io/metadata.name, operator: In,"
              + " values: [ one, two ] } ] }");

  private RandomNetworks() {}

  static String yaml(long seed) {
    Random random = new Random(~seed);
    StringBuilder yaml = new StringBuilder();
    int networks = random.nextInt(3);
    for (int i = 0; i < networks; i++) {
      boolean wide = random.nextBoolean();
      yaml.append("---\napiVersion: k8s.ovn.org/v1\nkind: ")
          .append(wide ? "ClusterUserDefinedNetwork" : "UserDefinedNetwork")
          .append("\nmetadata: { name: n")
          .append(i)
          .append(wide ? " }" : ", namespace: " + any(random, RandomPolicies.NAMESPACES) + " }")
          .append(wide ? "\nspec:\n  namespaceSelector: " + any(random, NAMESPACES) : "");
      String network = any(random, List.of("Layer2", "Layer3"));
      yaml.append(wide ? "\n  network: " : "\nspec: ")
          .append("{ topology: ")
          .append(network)
          .append(", ")
          .append(network.toLowerCase(Locale.ROOT))
          .append(": { role: Primary, subnets: [ 10.20.0.0/16 ] } }\n");
    }
    return yaml.toString();
  }

  static List<Network> of(World world) {
    return world.clusters().stream().flatMap(cluster -> cluster.networks().stream()).toList();
  }

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
