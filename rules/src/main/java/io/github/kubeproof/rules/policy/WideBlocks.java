package io.github.kubeproof.rules.policy;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.proof.Verdict.Proved;
import io.github.kubeproof.core.source.Place;
import io.github.kubeproof.core.traffic.AddressSpace;
import io.github.kubeproof.core.traffic.Cidr;
import io.github.kubeproof.core.traffic.End;
import io.github.kubeproof.core.traffic.PolicySemantics;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import io.github.kubeproof.core.traffic.PolicySemantics.RuleMeaning;
import io.github.kubeproof.core.traffic.Traffic;
import io.kubernetes.client.openapi.models.V1IPBlock;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the ipBlocks of a policy that leave out no host of the internet. */
final class WideBlocks {

  /** How blocks come to cover the internet. */
  enum Way {
    /** One block does. */
    ALONE,
    /** Several do together. */
    TOGETHER,
    /** Several do together, and leave out no other address either. */
    EVERYTHING
  }

  /**
   * Blocks that cover the internet.
   *
   * @param place the block, or what holds the blocks
   * @param rule the rule they are in, or the one whose ports they are all open on
   * @param allowed the flows that they allow at the ports of the rule
   */
  record Wide(
      Way way, String family, Place place, RuleMeaning rule, Traffic allowed, List<Block> blocks) {}

  /**
   * One ipBlock of a rule.
   *
   * @param flows those that it allows to the ports of the rule
   */
  record Block(RuleMeaning rule, Place place, V1IPBlock model, Cidr cidr, Traffic flows) {

    boolean isWiderThan(Cidr range) {
      return cidr.contains(range) && !range.contains(cidr);
    }

    /** Whether its exceptions hold all addresses of a range. */
    boolean leavesOut(Cidr range) {
      List<Cidr> excepts = Lists.orEmpty(model.getExcept()).stream().map(Cidr::of).toList();
      return Cidr.fewest(excepts).stream().anyMatch(except -> except.contains(range));
    }
  }

  private enum Family {
    IPV4(0.5),
    IPV6(0.1);

    /** No blocks smaller than this part of all addresses can cover the internet. */
    private final double share;

    Family(double share) {
      this.share = share;
    }

    AddressSpace internet() {
      return this == IPV4 ? AddressSpace.INTERNET_IPV4 : AddressSpace.INTERNET_IPV6;
    }

    AddressSpace everything() {
      return this == IPV4 ? AddressSpace.IPV4 : AddressSpace.IPV6;
    }

    boolean isOf(Block block) {
      return block.cidr().first().v6() == (this == IPV6);
    }

    boolean mayBeCoveredBy(List<Block> blocks) {
      double sum = 0;
      for (Block block : blocks) {
        sum += Math.scalb(1.0, -block.cidr().length());
      }
      return sum >= share;
    }
  }

  private final Meaning policy;
  private final Direction direction;
  private final Connectivity connectivity;
  private final End end;
  private final List<Wide> found = new ArrayList<>();

  private WideBlocks(Meaning policy, Direction direction, Connectivity connectivity) {
    this.policy = policy;
    this.direction = direction;
    this.connectivity = connectivity;
    this.end = End.guarded(direction).other();
  }

  /** Looks at the rules of a direction, each alone and all together. */
  static List<Wide> of(Meaning policy, Direction direction, Connectivity connectivity) {
    WideBlocks search = new WideBlocks(policy, direction, connectivity);
    List<Block> blocks = blocks(policy, direction);
    for (Family family : Family.values()) {
      search.look(family, blocks.stream().filter(family::isOf).toList());
    }
    return List.copyOf(search.found);
  }

  /** Whether a block alone may cover the internet. */
  static boolean isWide(Cidr block) {
    return block.length() <= (block.first().v6() ? 3 : 1);
  }

  /** The ipBlocks of the rules of a direction, in the order written. */
  static List<Block> blocks(Meaning policy, Direction direction) {
    List<Block> blocks = new ArrayList<>();
    End end = End.guarded(direction).other();
    for (RuleMeaning rule : policy.rules(direction)) {
      List<V1NetworkPolicyPeer> peers = rule.rule().peers();
      for (int i = 0; i < peers.size(); i++) {
        V1IPBlock model = peers.get(i).getIpBlock();
        if (model != null && model.getCidr() != null) {
          Place place = rule.place().then(direction.peersKey(), i, "ipBlock");
          Cidr cidr = Cidr.of(model.getCidr());
          Traffic flows = PolicySemantics.block(model, end).orElseThrow().and(rule.ports());
          blocks.add(new Block(rule, place, model, cidr, flows));
        }
      }
    }
    return blocks;
  }

  private void look(Family family, List<Block> blocks) {
    if (!family.mayBeCoveredBy(blocks)) {
      return;
    }
    int before = found.size();
    for (RuleMeaning rule : policy.rules(direction)) {
      List<Block> ofRule =
          blocks.stream().filter(block -> block.rule().place().equals(rule.place())).toList();
      if (!lookAlone(family, rule, ofRule)) {
        lookTogether(family, rule, ofRule, rule.place().then(direction.peersKey()));
      }
    }
    if (found.size() > before) {
      return;
    }
    Place rules = policy.policy().resource().at("spec", direction.key());
    for (RuleMeaning rule : policy.rules(direction)) {
      if (lookTogether(family, rule, blocks, rules)) {
        return;
      }
    }
  }

  private boolean lookAlone(Family family, RuleMeaning rule, List<Block> blocks) {
    boolean any = false;
    for (Block block : blocks) {
      if (family.mayBeCoveredBy(List.of(block))
          && covered(family.internet(), rule, List.of(block)).isPresent()) {
        found.add(
            new Wide(
                Way.ALONE,
                family.internet().family(),
                block.place().then("cidr"),
                rule,
                block.flows(),
                List.of(block)));
        any = true;
      }
    }
    return any;
  }

  private boolean lookTogether(Family family, RuleMeaning rule, List<Block> blocks, Place place) {
    if (blocks.size() < 2 || !family.mayBeCoveredBy(blocks)) {
      return false;
    }
    Optional<Proved> internet = covered(family.internet(), rule, blocks);
    if (internet.isEmpty()) {
      return false;
    }
    Optional<Proved> everything = covered(family.everything(), rule, blocks);
    List<Place> because = everything.orElse(internet.get()).because();
    List<Block> needed = blocks.stream().filter(block -> because.contains(block.place())).toList();
    Traffic allowed = rule.ports().and(Traffic.anyOf(needed.stream().map(Block::flows).toList()));
    Way way = everything.isPresent() ? Way.EVERYTHING : Way.TOGETHER;
    found.add(new Wide(way, family.internet().family(), place, rule, allowed, needed));
    return true;
  }

  private Optional<Proved> covered(AddressSpace space, RuleMeaning rule, List<Block> blocks) {
    List<Traffic> written =
        blocks.stream().<Traffic>map(b -> new Traffic.Written(b.place(), b.flows())).toList();
    return connectivity.proveContained(
        space.at(end).and(rule.ports()), Traffic.anyOf(written), rule.place());
  }
}
