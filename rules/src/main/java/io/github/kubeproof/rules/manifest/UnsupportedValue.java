package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.CoreV1EndpointPort;
import io.kubernetes.client.openapi.models.DiscoveryV1EndpointPort;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1EndpointSlice;
import io.kubernetes.client.openapi.models.V1EndpointSubset;
import io.kubernetes.client.openapi.models.V1Endpoints;
import io.kubernetes.client.openapi.models.V1HTTPIngressPath;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1IngressRule;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** KP018: a value that is none of the few words that its field takes. */
public final class UnsupportedValue implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP018",
              "unsupported-value",
              "a value is none of the few words that its field takes, such as TCP or NodePort")
          .fixable(Fixability.SAFE);

  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
  private static final List<String> TRAFFIC = List.of("Cluster", "Local");
  private static final List<String> DIRECTIONS = List.of("Ingress", "Egress");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    Values values = new Values(cluster, findings);
    cluster.services().forEach(values::check);
    cluster.policies().forEach(values::check);
    cluster.workloads().forEach(values::check);
    cluster.all(V1Ingress.class).forEach(found -> values.check(found.resource(), found.model()));
    cluster.all(V1Endpoints.class).forEach(found -> values.check(found.resource(), found.model()));
    cluster
        .all(V1EndpointSlice.class)
        .forEach(found -> values.check(found.resource(), found.model()));
  }

  /** Walks over the words of one unit. */
  private record Values(Cluster cluster, Findings findings) {

    void check(Service service) {
      Resource resource = service.resource();
      V1ServiceSpec spec = service.spec();
      Place place = resource.at("spec");
      List<String> types = List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
      word(resource, place.then("type"), spec.getType(), types);
      word(
          resource,
          place.then("sessionAffinity"),
          spec.getSessionAffinity(),
          List.of("None", "ClientIP"));
      // on other types the field is the fault (KP412)
      if (service.type().equals("NodePort") || service.type().equals("LoadBalancer")) {
        word(
            resource,
            place.then("externalTrafficPolicy"),
            spec.getExternalTrafficPolicy(),
            TRAFFIC);
      }
      wordOrNull(
          resource, place.then("internalTrafficPolicy"), spec.getInternalTrafficPolicy(), TRAFFIC);
      wordOrNull(
          resource,
          place.then("ipFamilyPolicy"),
          spec.getIpFamilyPolicy(),
          List.of("SingleStack", "PreferDualStack", "RequireDualStack"));
      wordOrNull(
          resource,
          place.then("trafficDistribution"),
          spec.getTrafficDistribution(),
          List.of("PreferClose", "PreferSameZone", "PreferSameNode"));
      List<String> families = Lists.orEmpty(spec.getIpFamilies());
      for (int i = 0; i < families.size(); i++) {
        wordOrNull(resource, place.then("ipFamilies", i), families.get(i), List.of("IPv4", "IPv6"));
      }
      for (V1ServicePort port : service.ports()) {
        word(resource, cluster.at(port, "protocol"), port.getProtocol(), PROTOCOLS);
      }
    }

    // KP008 speaks of the protocols of policies
    void check(Policy policy) {
      List<String> types = Lists.orEmpty(policy.spec().getPolicyTypes());
      Place place = policy.resource().at("spec", "policyTypes");
      for (int i = 0; i < types.size(); i++) {
        wordOrNull(policy.resource(), place.then(i), types.get(i), DIRECTIONS);
      }
      // two are the most, even of the same (networking validation.go)
      if (types.size() > 2 && DIRECTIONS.containsAll(types)) {
        findings
            .report(
                policy,
                place,
                "policyTypes lists " + types.size() + " directions, but there are only two")
            .help("list each of Ingress and Egress once");
      }
    }

    void check(Workload workload) {
      List<String> policies = List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
      word(
          workload.resource(),
          cluster.at(workload.podSpec(), "dnsPolicy"),
          workload.podSpec().getDnsPolicy(),
          policies);
      List<V1Container> containers =
          new ArrayList<>(Lists.orEmpty(workload.podSpec().getInitContainers()));
      containers.addAll(Lists.orEmpty(workload.podSpec().getContainers()));
      for (V1Container container : containers) {
        for (V1ContainerPort port : Lists.orEmpty(container.getPorts())) {
          word(workload.resource(), cluster.at(port, "protocol"), port.getProtocol(), PROTOCOLS);
        }
      }
    }

    void check(Resource resource, V1Ingress ingress) {
      if (ingress.getSpec() == null) {
        return;
      }
      for (V1IngressRule rule : Lists.orEmpty(ingress.getSpec().getRules())) {
        if (rule.getHttp() != null) {
          for (V1HTTPIngressPath path : Lists.orEmpty(rule.getHttp().getPaths())) {
            wordOrNull(
                resource,
                cluster.at(path, "pathType"),
                path.getPathType(),
                List.of("Exact", "Prefix", "ImplementationSpecific"));
          }
        }
      }
    }

    void check(Resource resource, V1Endpoints endpoints) {
      for (V1EndpointSubset subset : Lists.orEmpty(endpoints.getSubsets())) {
        for (CoreV1EndpointPort port : Lists.orEmpty(subset.getPorts())) {
          word(resource, cluster.at(port, "protocol"), port.getProtocol(), PROTOCOLS);
        }
      }
    }

    void check(Resource resource, V1EndpointSlice slice) {
      word(
          resource,
          resource.at("addressType"),
          slice.getAddressType(),
          List.of("IPv4", "IPv6", "FQDN"));
      for (DiscoveryV1EndpointPort port : Lists.orEmpty(slice.getPorts())) {
        word(resource, cluster.at(port, "protocol"), port.getProtocol(), PROTOCOLS);
      }
    }

    /** Where an empty word means the default, as a missing one does. */
    private void word(
        Resource resource, Place place, @Nullable String value, List<String> allowed) {
      if (value != null && !value.isEmpty()) {
        wordOrNull(resource, place, value, allowed);
      }
    }

    private void wordOrNull(
        Resource resource, Place place, @Nullable String value, List<String> allowed) {
      if (value == null || allowed.contains(value)) {
        return;
      }
      Findings.Draft draft =
          findings.report(
              resource, place, field(place) + " \"" + value + "\" is none of " + all(allowed));
      Variables.mind(value, draft);
      allowed.stream()
          .filter(word -> word.equalsIgnoreCase(value.strip()))
          .forEach(
              word -> draft.help("write " + word).fix("write " + word, Edits.value(place, word)));
    }

    /** The last key of a path: {@code protocol}, {@code policyTypes}. */
    private static String field(Place place) {
      String path = place.path().toString().replaceAll("\\[\\d+]$", "");
      return path.substring(path.lastIndexOf('.') + 1);
    }

    private static String all(List<String> words) {
      int last = words.size() - 1;
      return String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
  }
}
