package io.github.kubeproof.rules.manifest;

import io.github.kubeproof.core.cluster.Cluster;
import io.github.kubeproof.core.cluster.Lists;
import io.github.kubeproof.core.cluster.Names;
import io.github.kubeproof.core.cluster.Service;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.lint.Connectivity;
import io.github.kubeproof.core.lint.Findings;
import io.github.kubeproof.core.lint.Rule;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Place;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** KP004: a name, a label or an annotation that is spelt in a way the API server does not allow. */
public final class InvalidName implements Rule {

  private static final RuleInfo INFO =
      RuleInfo.rejected(
          "KP004", "invalid-name", "a name, label or annotation has a spelling that is refused");

  /** Groups of custom resources that are known. */
  private static final Set<String> GROUPS =
      Set.of("gateway.networking.k8s.io", "policy.networking.k8s.io");

  /** Kinds whose name becomes one label of a DNS name. */
  private static final Set<String> LABELS = Set.of("Namespace", "StatefulSet");

  /** The rest of the 63 characters is for the jobs that it makes (batch validation.go). */
  private static final int CRON_JOB_LENGTH = 52;

  @Override
  public RuleInfo info() {
    return INFO;
  }

  @Override
  public void check(Cluster cluster, Connectivity connectivity, Findings findings) {
    for (Cluster.Typed<KubernetesObject> found : cluster.all(KubernetesObject.class)) {
      V1ObjectMeta meta = found.model().getMetadata();
      if (meta != null) {
        checkNames(cluster, found.resource(), meta, findings);
        checkLabels(cluster, found.resource(), meta, findings);
      }
    }
    for (Resource resource : cluster.resources()) {
      if (GROUPS.contains(resource.group()) && !resource.name().isEmpty()) {
        Place place = resource.at("metadata", "name");
        Optional<String> flaw = Names.flawOfDnsName(resource.name());
        Variables.reportFlaw(resource, place, "name", resource.name(), flaw, findings);
      }
    }
    for (Workload workload : cluster.workloads()) {
      V1ObjectMeta meta = workload.podMeta();
      if (meta != null && !workload.kind().equals("Pod")) {
        checkLabels(cluster, workload.resource(), meta, findings);
      }
    }
    cluster.services().forEach(service -> checkService(cluster, service, findings));
  }

  private static void checkNames(
      Cluster cluster, Resource resource, V1ObjectMeta meta, Findings findings) {
    if (meta.getName() != null && !meta.getName().isEmpty()) {
      Optional<String> flaw = flaw(resource, meta.getName());
      if (flaw.isPresent() && !isNamedLater(cluster, resource)) {
        Variables.reportFlaw(
            resource, cluster.at(meta, "name"), "name", meta.getName(), flaw, findings);
      }
    } else if (meta.getGenerateName() != null && meta.getGenerateName().length() > 1) {
      String prefix = meta.getGenerateName();
      // what follows is a letter or a digit, so a hyphen at the end is inside
      String whole = prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix;
      Variables.reportFlaw(
          resource,
          cluster.at(meta, "generateName"),
          "generateName",
          prefix,
          flaw(resource, whole),
          findings);
    }
    if (meta.getNamespace() != null && !meta.getNamespace().isEmpty()) {
      Variables.reportFlaw(
          resource,
          cluster.at(meta, "namespace"),
          "namespace",
          meta.getNamespace(),
          Names.flawOfDnsLabel(meta.getNamespace()),
          findings);
    }
  }

  /**
   * Whether a kustomization in the same folder gives a Namespace its name: people then write any
   * name at all, such as {@code _}.
   */
  private static boolean isNamedLater(Cluster cluster, Resource resource) {
    return resource.kind().equals("Namespace")
        && cluster.world().resourcesOfKind("Kustomization").stream()
            .anyMatch(
                other ->
                    other.tree().get("namespace").isPresent()
                        && other
                            .place()
                            .source()
                            .folder()
                            .equals(resource.place().source().folder()));
  }

  private static Optional<String> flaw(Resource resource, String name) {
    if (resource.as(V1Service.class).isPresent()) {
      return Names.flawOfService(name);
    }
    if (resource.kind().equals("CronJob") && name.length() > CRON_JOB_LENGTH) {
      return Optional.of("is longer than " + CRON_JOB_LENGTH + " characters");
    }
    return LABELS.contains(resource.kind())
        ? Names.flawOfDnsLabel(name)
        : Names.flawOfDnsName(name);
  }

  private static void checkLabels(
      Cluster cluster, Resource resource, V1ObjectMeta meta, Findings findings) {
    for (Map.Entry<String, String> label : Lists.orEmpty(meta.getLabels()).entrySet()) {
      Place place = cluster.at(meta, "labels", label.getKey());
      Variables.reportFlawOfKey(
          resource,
          place,
          "label key",
          label.getKey(),
          Names.flawOfLabelKey(label.getKey()),
          findings);
      String value = label.getValue() == null ? "" : label.getValue();
      Variables.reportFlaw(
          resource, place, "label value", value, Names.flawOfLabelValue(value), findings);
    }
    for (String key : Lists.orEmpty(meta.getAnnotations()).keySet()) {
      // the case of annotations does not count (meta validation, ValidateAnnotations)
      Optional<String> flaw = Names.flawOfLabelKey(key.toLowerCase(Locale.ROOT));
      Variables.reportFlawOfKey(
          resource, cluster.at(meta, "annotations", key), "annotation", key, flaw, findings);
    }
  }

  private static void checkService(Cluster cluster, Service service, Findings findings) {
    String target = service.spec().getExternalName();
    if (service.isExternalName() && target != null && target.length() > 1) {
      // one dot at the end says that the name is complete
      String name = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
      Variables.reportFlaw(
          service.resource(),
          service.resource().at("spec", "externalName"),
          "externalName",
          target,
          Names.flawOfDnsName(name),
          findings);
    }
    for (V1ServicePort port : service.ports()) {
      String protocol = port.getAppProtocol();
      if (protocol != null) {
        Variables.reportFlaw(
            service.resource(),
            cluster.at(port, "appProtocol"),
            "appProtocol",
            protocol,
            Names.flawOfLabelKey(protocol),
            findings);
      }
    }
  }
}
