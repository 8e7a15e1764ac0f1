package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1NetworkPolicyEgressRule;
import io.kubernetes.client.openapi.models.V1NetworkPolicyIngressRule;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import io.kubernetes.client.openapi.models.V1NetworkPolicySpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A networking.k8s.io/v1 NetworkPolicy with the API server's defaults filled in. */
public final class Policy extends Derivable implements Member {

  private static final List<String> DIRECTIONS =
      Stream.of(Direction.values()).map(Direction::written).toList();

  private final Resource resource;
  private final V1NetworkPolicy model;
  private final String namespace;
  private final Cluster cluster;
  private final Optional<Selector> podSelector;

  Policy(Resource resource, V1NetworkPolicy model, String namespace, Cluster cluster) {
    this.resource = resource;
    this.model = model;
    this.namespace = namespace;
    this.cluster = cluster;
    this.podSelector = Selector.of(spec().getPodSelector());
  }

  /**
   * A rule of either direction.
   *
   * @param index its number in the list of its direction, from 0
   * @param peers what stands under from or to; empty means every peer
   * @param ports empty means every port of every protocol
   * @param model the object that it was read from
   */
  public record Rule(
      Policy policy,
      Direction direction,
      int index,
      List<V1NetworkPolicyPeer> peers,
      List<V1NetworkPolicyPort> ports,
      Object model) {

    /** {@code every port}, {@code port 80/TCP}, {@code ports 53/UDP, 8000-8080/TCP}. */
    public String portsInWords() {
      if (ports.isEmpty()) {
        return "every port";
      }
      List<String> words = ports.stream().map(Rule::inWords).toList();
      return (words.size() == 1 ? "port " : "ports ") + String.join(", ", words);
    }

    private static String inWords(V1NetworkPolicyPort port) {
      String protocol = port.getProtocol() == null ? "TCP" : port.getProtocol();
      if (port.getPort() == null) {
        return "1-65535/" + protocol;
      }
      String last = port.getEndPort() == null ? "" : "-" + port.getEndPort();
      return port.getPort() + last + "/" + protocol;
    }

    /** {@code ingress rule 2 of policy shop/web}, counting from 1 as people do. */
    @Override
    public String toString() {
      return direction.key() + " rule " + (index + 1) + " of policy " + policy.qualifiedName();
    }
  }

  @Override
  public Resource resource() {
    return resource;
  }

  public V1NetworkPolicy model() {
    return model;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public Cluster cluster() {
    return cluster;
  }

  /** Its spec; an empty one when missing, which selects every pod and isolates their ingress. */
  public V1NetworkPolicySpec spec() {
    V1NetworkPolicySpec spec = model.getSpec();
    return spec == null ? new V1NetworkPolicySpec() : spec;
  }

  /** The pods it applies to, in its namespace; absent when the API server refuses the selector. */
  public Optional<Selector> podSelector() {
    return podSelector;
  }

  /**
   * Whether it isolates the pods it selects in a direction. Without policyTypes: ingress always,
   * egress only when there is at least one egress rule, so {@code egress: []} does not
   * (networking/v1 defaults.go).
   */
  public boolean isolates(Direction direction) {
    List<String> types = Lists.orEmpty(spec().getPolicyTypes());
    if (types.isEmpty()) {
      return direction == Direction.INGRESS || !Lists.orEmpty(spec().getEgress()).isEmpty();
    }
    return types.contains(direction.written());
  }

  /**
   * Whether the API server refuses it, though all that it says of traffic is understood: for its
   * name or another of its metadata, or for a field that is unknown, mistyped or missing.
   */
  public boolean isRefusedBesides() {
    V1ObjectMeta meta = model.getMetadata();
    boolean named =
        name().isEmpty()
            ? meta != null && meta.getGenerateName() != null
            : Names.flawOfDnsName(name()).isEmpty();
    return !named
        || !resource.isUnderstood()
        || !Selector.ofLabels(meta == null ? null : meta.getLabels()).isLegal()
        || Lists.orEmpty(meta == null ? null : meta.getAnnotations()).keySet().stream()
            .anyMatch(key -> Names.flawOfLabelKey(key.toLowerCase(Locale.ROOT)).isPresent());
  }

  /**
   * Whether the API server takes its policyTypes.
   *
   * @see "k8s.io/kubernetes pkg/apis/networking/validation/validation.go"
   */
  public boolean hasLegalTypes() {
    List<String> types = Lists.orEmpty(spec().getPolicyTypes());
    return types.size() <= DIRECTIONS.size() && DIRECTIONS.containsAll(types);
  }

  /** The rules of a direction as written, also where policyTypes makes the cluster ignore them. */
  public List<Rule> rules(Direction direction) {
    List<Rule> rules = new ArrayList<>();
    if (direction == Direction.INGRESS) {
      for (@Nullable V1NetworkPolicyIngressRule rule : Lists.orEmpty(spec().getIngress())) {
        if (rule != null) {
          rules.add(
              new Rule(
                  this,
                  direction,
                  rules.size(),
                  Lists.orEmpty(rule.getFrom()),
                  Lists.orEmpty(rule.getPorts()),
                  rule));
        }
      }
    } else {
      for (@Nullable V1NetworkPolicyEgressRule rule : Lists.orEmpty(spec().getEgress())) {
        if (rule != null) {
          rules.add(
              new Rule(
                  this,
                  direction,
                  rules.size(),
                  Lists.orEmpty(rule.getTo()),
                  Lists.orEmpty(rule.getPorts()),
                  rule));
        }
      }
    }
    return List.copyOf(rules);
  }

  /** The same policy, as it would be in another namespace. */
  public Policy in(String other) {
    return other.equals(namespace) ? this : new Policy(resource, model, other, cluster);
  }

  /** The rules of both directions. */
  public List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(rules(Direction.INGRESS));
    rules.addAll(rules(Direction.EGRESS));
    return List.copyOf(rules);
  }

  /** Whether both are one object, in one namespace. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Policy policy
        && policy.resource.equals(resource)
        && policy.cluster.equals(cluster)
        && policy.namespace.equals(namespace);
  }

  @Override
  public int hashCode() {
    return 31 * resource.hashCode() + namespace.hashCode();
  }

  /** {@code policy namespace/name}. */
  @Override
  public String toString() {
    return "policy " + qualifiedName();
  }
}
