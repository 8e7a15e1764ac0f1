package io.github.kubeproof.rules.service;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1ServiceSpec;
import java.util.Set;

/** KP412: a field that only Services of another type may have. */
public final class FieldOfAnotherServiceType implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
              "KP412",
              "field-of-another-service-type",
              "a Service has a field that only Services of another type may have")
          .fixable(Fixability.SAFE);

  private static final Set<String> TYPES =
      Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Service service : cluster.services()) {
      // a misspelt type has no fields of its own
      if (TYPES.contains(service.type())) {
        checkNodePorts(cluster, service, findings);
        checkLoadBalancer(service, findings);
        checkTrafficPolicy(service, findings);
        checkExternalName(service, findings);
      }
    }
  }

  private static void checkNodePorts(Cluster cluster, Service service, Findings findings) {
    if (!service.type().equals("ClusterIP")) {
      return;
    }
    for (V1ServicePort port : service.ports()) {
      if (port.getNodePort() != null && port.getNodePort() != 0) {
        String message = "nodePort " + port.getNodePort() + " is of no use to a ClusterIP Service";
        report(service, cluster.at(port, "nodePort"), message, "NodePort", findings);
      }
    }
  }

  // core validation.go, ValidateService
  private static void checkLoadBalancer(Service service, Findings findings) {
    if (service.type().equals("LoadBalancer")) {
      return;
    }
    V1ServiceSpec spec = service.spec();
    if (spec.getAllocateLoadBalancerNodePorts() != null) {
      reportLoadBalancer(service, "allocateLoadBalancerNodePorts", findings);
    }
    if (spec.getLoadBalancerClass() != null) {
      reportLoadBalancer(service, "loadBalancerClass", findings);
    }
    V1ObjectMeta meta = service.model().getMetadata();
    String annotation =
        Lists.orEmpty(meta == null ? null : meta.getAnnotations())
            .getOrDefault(Service.SOURCE_RANGES, "");
    if (!Lists.orEmpty(spec.getLoadBalancerSourceRanges()).isEmpty()) {
      reportLoadBalancer(service, "loadBalancerSourceRanges", findings);
    } else if (!annotation.isBlank()) {
      report(
          service,
          service.resource().at("metadata", "annotations", Service.SOURCE_RANGES),
          "annotation "
              + Service.SOURCE_RANGES
              + " is of no use to a Service of type "
              + service.type(),
          "LoadBalancer",
          findings);
    }
  }

  private static void reportLoadBalancer(Service service, String field, Findings findings) {
    report(
        service,
        service.resource().at("spec", field),
        field + " is of no use to a Service of type " + service.type(),
        "LoadBalancer",
        findings);
  }

  /** Both fields decide what happens to traffic from outside, so there must be some. */
  private static void checkTrafficPolicy(Service service, Findings findings) {
    V1ServiceSpec spec = service.spec();
    String policy = spec.getExternalTrafficPolicy();
    boolean external =
        service.type().equals("LoadBalancer")
            || service.type().equals("NodePort")
            || (service.type().equals("ClusterIP")
                && !Lists.orEmpty(spec.getExternalIPs()).isEmpty());
    if (policy != null && !policy.isEmpty() && !external) {
      report(
          service,
          service.resource().at("spec", "externalTrafficPolicy"),
          "externalTrafficPolicy is of no use to a Service of type "
              + service.type()
              + (service.type().equals("ClusterIP") ? " without externalIPs" : ""),
          "NodePort or LoadBalancer",
          findings);
    }
    Integer check = spec.getHealthCheckNodePort();
    boolean local = service.type().equals("LoadBalancer") && "Local".equals(policy);
    if (check != null && check != 0 && !local) {
      report(
          service,
          service.resource().at("spec", "healthCheckNodePort"),
          "healthCheckNodePort is of no use "
              + (service.type().equals("LoadBalancer")
                  ? "without externalTrafficPolicy: Local"
                  : "to a Service of type " + service.type()),
          "LoadBalancer, and externalTrafficPolicy to Local",
          findings);
    }
  }

  /** An ExternalName is an entry in DNS, without an address of its own. */
  private static void checkExternalName(Service service, Findings findings) {
    if (!service.isExternalName()) {
      return;
    }
    V1ServiceSpec spec = service.spec();
    String address = spec.getClusterIP();
    if (address != null && !address.isEmpty()) {
      reportAddress(service, "clusterIP", findings);
    } else if (!Lists.orEmpty(spec.getClusterIPs()).isEmpty()) {
      reportAddress(service, "clusterIPs", findings);
    }
    if (!Lists.orEmpty(spec.getIpFamilies()).isEmpty()) {
      reportAddress(service, "ipFamilies", findings);
    }
    if (spec.getIpFamilyPolicy() != null) {
      reportAddress(service, "ipFamilyPolicy", findings);
    }
  }

  private static void reportAddress(Service service, String field, Findings findings) {
    report(
        service,
        service.resource().at("spec", field),
        field + " is of no use to a Service of type ExternalName",
        "ClusterIP",
        findings);
  }

  private static void report(
      Service service, Place place, String message, String type, Findings findings) {
    Findings.Draft draft =
        findings
            .report(service, place, message + ", and refused")
            .help("remove it, or set type to " + type)
            .fix("remove it", Edits.remove(place));
    if (service.spec().getType() != null) {
      draft.note(service.resource().at("spec", "type"), "the type of the Service");
    }
  }
}
