package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1IPBlock;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** The address blocks of policies and Services, as they are written. */
final class Blocks {

  /** A text that should be a CIDR. */
  record Written(String text, Place place) {

    /** The number behind the slash; only for a text that is a CIDR. */
    int length() {
      return Integer.parseInt(text.substring(text.indexOf('/') + 1));
    }
  }

  /** A block and its exceptions. */
  record Block(Resource resource, Written cidr, List<Written> excepts) {}

  private Blocks() {}

  /** The ipBlocks of a unit's policies; those without a cidr are left out. */
  static List<Block> ofPolicies(Cluster cluster) {
    List<Block> blocks = new ArrayList<>();
    for (Policy policy : cluster.policies()) {
      for (Policy.Rule rule : policy.rules()) {
        for (V1NetworkPolicyPeer peer : rule.peers()) {
          V1IPBlock block = peer.getIpBlock();
          if (block != null && block.getCidr() != null) {
            blocks.add(
                new Block(
                    policy.resource(),
                    new Written(block.getCidr(), cluster.at(block, "cidr")),
                    items(Lists.orEmpty(block.getExcept()), cluster.at(block, "except"))));
          }
        }
      }
    }
    return blocks;
  }

  /**
   * The clients that a load balancer lets in: from the field, or from the annotation where the
   * field is empty. Blanks around them do not count (core validation.go,
   * validateLoadBalancerSourceRanges).
   */
  static List<Written> sourceRanges(Service service) {
    List<String> ranges = Lists.orEmpty(service.spec().getLoadBalancerSourceRanges());
    if (!ranges.isEmpty()) {
      return items(
          ranges.stream().map(String::strip).toList(),
          service.resource().at("spec", "loadBalancerSourceRanges"));
    }
    V1ObjectMeta meta = service.model().getMetadata();
    String annotation =
        Lists.orEmpty(meta == null ? null : meta.getAnnotations())
            .getOrDefault(Service.SOURCE_RANGES, "");
    if (annotation.isBlank()) {
      return List.of();
    }
    Place place = service.resource().at("metadata", "annotations", Service.SOURCE_RANGES);
    List<Written> found = new ArrayList<>();
    for (String range : annotation.split(",", -1)) {
      found.add(new Written(range.strip(), place));
    }
    return found;
  }

  private static List<Written> items(List<String> texts, Place list) {
    List<Written> items = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      items.add(new Written(texts.get(i), list.then(i)));
    }
    return items;
  }
}
