package io.github.kubeproof.core.manifest;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which fields the API server really requires.
 *
 * <p>The models call more fields required than the server does: for them a field is required that
 * the server always writes, even as its zero value.
 */
final class Required {

  /** Fields that are required by the models only; what the server makes of their absence. */
  private static final Map<String, Set<String>> NOT_REALLY =
      Map.ofEntries(
          // the empty string is a value (validation.go checks the names alone)
          Map.entry("V1HTTPHeader", Set.of("value")),
          Map.entry("V1Sysctl", Set.of("value")),
          // zero is a value
          Map.entry("V1SleepAction", Set.of("seconds")),
          Map.entry("V1ISCSIVolumeSource", Set.of("lun")),
          // an empty term is accepted, it prefers nothing
          Map.entry("V1PreferredSchedulingTerm", Set.of("preference")),
          // not validated
          Map.entry("V1ScaleIOVolumeSource", Set.of("secretRef")),
          Map.entry("V1PodFailurePolicy", Set.of("rules")),
          // refused, but written by controllers only: dumps that leave the uid out are no mistake
          Map.entry("V1OwnerReference", Set.of("apiVersion", "kind", "name", "uid")),
          // behind feature gates: dropped unread where those are off
          Map.entry("V1FileKeySelector", Set.of("key", "path", "volumeName")),
          Map.entry("V1ContainerRestartRule", Set.of("action")),
          Map.entry("V1ContainerRestartRuleOnExitCodes", Set.of("operator")));

  private Required() {}

  /** The required fields of a model, in the order of the alphabet. */
  static Set<String> of(String model, Set<String> openapiRequired) {
    Set<String> required = new LinkedHashSet<>(new TreeSet<>(openapiRequired));
    required.removeAll(NOT_REALLY.getOrDefault(model, Set.of()));
    return required;
  }
}
