package io.github.kubeproof.core.proof;

import io.github.kubeproof.core.cluster.Inventory;
import io.github.kubeproof.core.proof.TrafficDiff.State;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.YamlReader;
import io.github.kubeproof.core.traffic.Enforcement;
import io.github.kubeproof.core.traffic.PolicySemantics.Blocks;

/** States of a cluster, read from one text. */
final class States {

  private States() {}

  static State of(String name, String yaml) {
    Inventory inventory =
        Inventory.of(
            new YamlReader(Limits.DEFAULT).read(new Source(name, yaml)),
            RandomNetworks.SETTINGS,
            1);
    return new State(
        inventory,
        Enforcement.of(
                inventory.policies(),
                inventory.tierPolicies(),
                inventory.unknown(),
                Blocks.OUTSIDE_ONLY)
            .in(inventory.networks()));
  }

  static TrafficDiff diff(String before, String after) {
    return TrafficDiff.between(of("old.yaml", before), of("new.yaml", after), Questions.UNWRITTEN);
  }
}
