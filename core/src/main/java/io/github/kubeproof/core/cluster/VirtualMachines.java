package io.github.kubeproof.core.cluster;

import io.github.kubeproof.core.manifest.Resource;
import io.github.kubeproof.core.source.Node;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The virtual machines of KubeVirt, each of which runs in a pod that the cluster treats like any
 * other.
 *
 * @see "kubevirt pkg/virt-controller/services/template.go: podLabels; kubevirt.io/api core/v1
 *     types.go: VirtualMachine.RunStrategy"
 */
final class VirtualMachines {

  private static final String NAME = "vm.kubevirt.io/name";

  /** What KubeVirt puts on the pods with values that nobody knows beforehand. */
  private static final Set<String> ALWAYS_ADDED = Set.of("kubevirt.io/created-by", NAME);

  /** What some releases put on them, or what is there while they run. */
  private static final Set<String> SOMETIMES_ADDED =
      Set.of("kubevirt.io/nodeName", "kubevirt.io/migrationJobUID", "vmi.kubevirt.io/id");

  private static final int LONGEST_LABEL = 63;

  private VirtualMachines() {}

  /** The template of the pods that an object of KubeVirt runs machines in. */
  static Optional<V1PodTemplateSpec> launcherPods(Resource resource) {
    return resource.as(V1PodTemplateSpec.class);
  }

  static boolean isOne(Resource resource) {
    return launcherPods(resource).isPresent();
  }

  /** Whether it is one machine, and not any of those that a set or a pool makes. */
  static boolean isSingle(Resource machine) {
    return machine.kind().equals("VirtualMachine")
        || machine.kind().equals("VirtualMachineInstance");
  }

  /** The labels that KubeVirt puts on the pods, where their values are known. */
  static Map<String, String> addedLabels(Resource machine, V1PodTemplateSpec pods) {
    Map<String, String> labels = new TreeMap<>();
    labels.put("kubevirt.io", "virt-launcher");
    V1ObjectMeta meta = pods.getMetadata();
    String injects =
        Lists.orEmpty(meta == null ? null : meta.getAnnotations()).get("sidecar.istio.io/inject");
    if (injects != null) {
      labels.put("sidecar.istio.io/inject", injects);
    }
    String hostname = pods.getSpec() == null ? null : pods.getSpec().getHostname();
    if (hostname != null && !hostname.isEmpty()) {
      labels.put(NAME, hostname);
    } else if (isSingle(machine) && !machine.name().isEmpty()) {
      String name = machine.name().split("\\.", 2)[0];
      labels.put(NAME, name.substring(0, Math.min(name.length(), LONGEST_LABEL)));
    }
    return labels;
  }

  /** The keys of the labels that KubeVirt puts on all of the pods with whatever value. */
  static Set<String> addedKeys() {
    return ALWAYS_ADDED;
  }

  static boolean mayBeAdded(String key) {
    return ALWAYS_ADDED.contains(key) || SOMETIMES_ADDED.contains(key);
  }

  /**
   * How many machines run: none where that is asked for, 1 where nothing is said, or where people
   * start and stop them.
   */
  static int replicas(Resource machine) {
    if (isHalted(machine)) {
      return 0;
    }
    Optional<Object> written =
        machine.kind().equals("VirtualMachine")
            ? Optional.empty()
            : map(machine.tree(), "spec").flatMap(spec -> value(spec, "replicas"));
    return written.orElse(null) instanceof Long number ? number.intValue() : 1;
  }

  /** Whether it, or each of the machines that it makes, is to stand still. */
  static boolean isHalted(Resource machine) {
    Optional<Node.Mapping> spec = map(machine.tree(), "spec");
    return (machine.kind().equals("VirtualMachine")
            ? spec
            : spec.flatMap(of -> map(of, "virtualMachineTemplate")).flatMap(of -> map(of, "spec")))
        .filter(VirtualMachines::isHalted)
        .isPresent();
  }

  // running: false is runStrategy: Halted by its older name
  private static boolean isHalted(Node.Mapping spec) {
    return Optional.of((Object) false).equals(value(spec, "running"))
        || spec.string("runStrategy").filter("Halted"::equals).isPresent();
  }

  private static Optional<Node.Mapping> map(Node.Mapping of, String key) {
    return of.get(key).flatMap(Node::asMapping);
  }

  private static Optional<Object> value(Node.Mapping of, String key) {
    return of.get(key).orElse(null) instanceof Node.Scalar scalar
        ? Optional.ofNullable(scalar.value())
        : Optional.empty();
  }

  /**
   * What some workloads made of other ones of them: the instance that runs a machine and has its
   * name, and the pod that runs an instance. It stands for nothing that is not there without it.
   */
  static List<Workload> copies(List<Workload> workloads) {
    Set<String> machines = new HashSet<>();
    for (Workload workload : workloads) {
      if (workload.isVirtual()) {
        machines.add(workload.toString());
      }
    }
    List<Workload> copies = new ArrayList<>();
    for (Workload workload : machines.isEmpty() ? List.<Workload>of() : workloads) {
      if (makers(workload).stream()
          .anyMatch(maker -> machines.contains(maker.formatted(workload.namespace())))) {
        copies.add(workload);
      }
    }
    return copies;
  }

  /** {@code Kind %s/name} of what made a workload, with room for its namespace. */
  private static List<String> makers(Workload workload) {
    List<String> makers = new ArrayList<>();
    if (workload.kind().equals("VirtualMachineInstance")) {
      makers.add("VirtualMachine %s/" + workload.name());
    }
    for (V1OwnerReference owner : owners(workload)) {
      makers.add(owner.getKind() + " %s/" + owner.getName());
      if ("VirtualMachineInstance".equals(owner.getKind())) {
        makers.add("VirtualMachine %s/" + owner.getName());
      }
    }
    return makers;
  }

  // of the others the metadata is that of the template
  private static List<V1OwnerReference> owners(Workload workload) {
    V1ObjectMeta meta = workload.podMeta();
    boolean isItsOwn =
        workload.kind().equals("Pod") || workload.kind().equals("VirtualMachineInstance");
    return isItsOwn && meta != null ? Lists.orEmpty(meta.getOwnerReferences()) : List.of();
  }
}
