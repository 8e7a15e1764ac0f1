package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Fixability;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.manifest.ApiVersions;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Edit;
import io.github.kubeproof.core.source.Edits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Entry;
import io.github.kubeproof.core.source.Node.Mapping;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * KP003: an apiVersion that the cluster does not serve any more, or will not for long, or that
 * never was any.
 *
 * @see "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"
 */
public final class RemovedApiVersion implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.of(
              "KP003",
              "removed-api-version",
              Severity.ERROR,
              Confidence.PROVED,
              "an object is written in an apiVersion that is removed, deprecated or unknown")
          .fixable(Fixability.SAFE);

  /** For a version that no release of Kubernetes decides about, or that is not removed yet. */
  private static final int NEVER = Integer.MAX_VALUE;

  private static final int ALWAYS = 0;

  /** The release that has networking.k8s.io/v1 of Ingress first. */
  private static final int FIRST_INGRESS = 19;

  private static final String GATEWAY = "gateway.networking.k8s.io";

  /**
   * One version of a kind.
   *
   * @param deprecated the minor release of Kubernetes 1 that warns first
   * @param removed the first one that does not know it
   * @param instead what to write
   */
  private record Version(int deprecated, int removed, String instead) {}

  /** Kinds that did not change from the versions below to the next. */
  private static final Set<String> SAME =
      Set.of(
          "CronJob", "NetworkPolicy", "IngressClass", "EndpointSlice", "IPAddress", "ServiceCIDR");

  /** Kinds that have a selector for the pods of their template. */
  private static final Set<String> WITH_PODS =
      Set.of("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet");

  /** Kinds of which some defaults changed. */
  private static final Set<String> SAME_FIELDS =
      Set.of(
          "DaemonSet",
          "Deployment",
          "ReplicaSet",
          "StatefulSet",
          "GatewayClass",
          "Gateway",
          "HTTPRoute",
          "GRPCRoute",
          "ReferenceGrant");

  private static final Map<String, Version> VERSIONS = new HashMap<>();

  static {
    Version apps = new Version(9, 16, "apps/v1");
    add("extensions/v1beta1", List.of("DaemonSet", "Deployment", "ReplicaSet"), apps);
    add("apps/v1beta1", List.of("Deployment", "StatefulSet"), apps);
    List<String> all = List.of("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet");
    add("apps/v1beta2", all, apps);
    Version networking = new Version(9, 16, "networking.k8s.io/v1");
    add("extensions/v1beta1", List.of("NetworkPolicy"), networking);
    Version ingress = new Version(19, 22, "networking.k8s.io/v1");
    add("networking.k8s.io/v1beta1", List.of("Ingress", "IngressClass"), ingress);
    add("extensions/v1beta1", List.of("Ingress"), new Version(14, 22, "networking.k8s.io/v1"));
    add("batch/v2alpha1", List.of("CronJob"), new Version(8, 21, "batch/v1"));
    add("batch/v1beta1", List.of("CronJob"), new Version(21, 25, "batch/v1"));
    Version slice = new Version(21, 25, "discovery.k8s.io/v1");
    add("discovery.k8s.io/v1alpha1", List.of("EndpointSlice"), new Version(17, 21, slice.instead));
    add("discovery.k8s.io/v1beta1", List.of("EndpointSlice"), slice);
    Version webhook = new Version(16, 22, "admissionregistration.k8s.io/v1");
    add(
        "admissionregistration.k8s.io/v1beta1",
        List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
        webhook);
    // KEP-4974; the kind itself goes
    add("v1", List.of("Endpoints"), new Version(33, NEVER, "an EndpointSlice"));
    // the ServiceCIDR and IPAddress of clusters with more than one range of addresses
    Version addresses = new Version(33, NEVER, "networking.k8s.io/v1");
    add("networking.k8s.io/v1beta1", List.of("IPAddress", "ServiceCIDR"), addresses);
    // there never was one
    add("networking.k8s.io/v1beta1", List.of("NetworkPolicy"), gone("networking.k8s.io/v1"));
    addGatewayVersions();
  }

  /** Gateway API 1: its versions do not come and go with those of Kubernetes. */
  private static void addGatewayVersions() {
    String group = GATEWAY + "/";
    List<String> first = List.of("GatewayClass", "Gateway", "HTTPRoute");
    add(group + "v1alpha2", first, gone(group + "v1"));
    add(group + "v1alpha2", List.of("GRPCRoute"), gone(group + "v1"));
    add(group + "v1alpha2", List.of("ReferenceGrant"), gone(group + "v1beta1"));
    add(
        group + "v1alpha2",
        List.of("ReferencePolicy"),
        gone("a ReferenceGrant of " + group + "v1beta1"));
    List<String> late = List.of("TCPRoute", "TLSRoute", "UDPRoute");
    add(group + "v1alpha2", late, new Version(ALWAYS, NEVER, group + "v1"));
    add(group + "v1alpha3", List.of("TLSRoute"), new Version(ALWAYS, NEVER, group + "v1"));
    add(group + "v1alpha3", List.of("BackendTLSPolicy"), new Version(ALWAYS, NEVER, group + "v1"));
  }

  private static Version gone(String instead) {
    return new Version(ALWAYS, ALWAYS, instead);
  }

  private static void add(String apiVersion, List<String> kinds, Version version) {
    kinds.forEach(kind -> VERSIONS.put(apiVersion + " " + kind, version));
  }

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    int release = cluster.settings().platform().release();
    for (Resource resource : cluster.resources()) {
      Version version = VERSIONS.get(resource.apiVersion() + " " + resource.kind());
      if (version != null && release >= version.deprecated) {
        report(resource, version, release, findings);
      } else if (version == null && resource.at("metadata").node().isPresent()) {
        ApiVersions.flawOf(resource.apiVersion(), resource.kind())
            .ifPresent(flaw -> report(resource, flaw, findings));
      }
    }
  }

  private static void report(Resource resource, ApiVersions.Flaw flaw, Findings findings) {
    findings
        .report(resource, resource.at("apiVersion"), flaw.message())
        .severity(flaw.certain() ? Severity.ERROR : Severity.WARNING)
        .confidence(flaw.certain() ? Confidence.PROVED : Confidence.HEURISTIC)
        .help("write " + flaw.instead());
  }

  private static void report(Resource resource, Version version, int release, Findings findings) {
    boolean removed = version.removed != NEVER && release >= version.removed;
    String when;
    if (version.deprecated > ALWAYS) {
      when = "since Kubernetes 1." + (removed ? version.removed : version.deprecated);
    } else if (resource.group().equals(GATEWAY)) {
      when = "by the newest releases of Gateway API";
    } else {
      when = "by any release of Kubernetes";
    }
    boolean isIngress = resource.kind().equals("Ingress");
    // from 1.14 to 1.18 there was none but another beta version, with the same fields
    boolean isBetweenBetas = isIngress && release < FIRST_INGRESS;
    String instead = isBetweenBetas ? "networking.k8s.io/v1beta1" : version.instead;
    Findings.Draft draft =
        findings
            .report(
                resource,
                resource.at("apiVersion"),
                resource.apiVersion()
                    + " "
                    + resource.kind()
                    + (removed ? " is not served " : " is deprecated ")
                    + when)
            .severity(removed ? Severity.ERROR : Severity.WARNING)
            .help("write " + instead + (isBetweenBetas ? "" : "; fields may have moved"));
    if (isIngress && !isBetweenBetas) {
      draft.fix("write " + instead + ", with its fields", IngressConversion.edits(resource));
    } else if (isBetweenBetas || isSameIn(resource.kind(), version, removed)) {
      List<Edit> change = Edits.value(resource.at("apiVersion"), instead);
      draft.fix(
          "write " + instead,
          needsSelector(resource) ? Edits.all(List.of(change, selector(resource))) : change);
    }
  }

  /** Whether the old version made a selector of the labels of the pods, as the new one does not. */
  private static boolean needsSelector(Resource resource) {
    boolean hadDefault =
        resource.apiVersion().equals("extensions/v1beta1")
            || resource.apiVersion().equals("apps/v1beta1");
    return hadDefault
        && WITH_PODS.contains(resource.kind())
        && resource.at("spec", "selector").node().isEmpty();
  }

  private static List<Edit> selector(Resource resource) {
    Map<String, String> labels = new LinkedHashMap<>();
    Optional<Mapping> written =
        resource.at("spec", "template", "metadata", "labels").node().flatMap(Node::asMapping);
    List<Entry> entries = written.map(Mapping::entries).orElse(List.of());
    for (Entry label : entries) {
      label.value().asString().ifPresent(value -> labels.put(label.key(), value));
    }
    // a part of them would pick more pods
    return labels.size() < entries.size()
        ? List.of()
        : Edits.addFirst(resource.at("spec"), "selector", Map.of("matchLabels", labels));
  }

  /**
   * Whether an object means the same in the version that took the place of its own. What is served
   * no more needs only the same fields; what still is, the same defaults, too.
   */
  private static boolean isSameIn(String kind, Version version, boolean removed) {
    return version.instead.matches("[a-z0-9.]+/v[0-9a-z]+")
        && (SAME.contains(kind) || (removed && SAME_FIELDS.contains(kind)));
  }
}
