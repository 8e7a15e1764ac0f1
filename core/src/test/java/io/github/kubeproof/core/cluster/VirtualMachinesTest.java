package io.github.kubeproof.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VirtualMachinesTest {

  private static List<Workload> workloads(String yaml) {
    return Worlds.of(yaml).clusters().get(0).workloads();
  }

  private static Workload only(String yaml) {
    List<Workload> workloads = workloads(yaml);
    assertThat(workloads).hasSize(1);
    return workloads.get(0);
  }

  private static String machine(String spec) {
    return """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: db, namespace: shop, labels: {of: machine}}
        spec:
          %s
          template:
            metadata: {labels: {app: db}}
            spec: {}
        """
        .formatted(spec);
  }

  @Test
  void podsHaveTheLabelsOfTheTemplateAndThoseOfKubevirt() {
    Workload machine = only(machine("runStrategy: Always"));
    assertThat(machine).hasToString("VirtualMachine shop/db");
    assertThat(machine.labels())
        .isEqualTo(
            Map.of("app", "db", "kubevirt.io", "virt-launcher", "vm.kubevirt.io/name", "db"));
    assertThat(machine.unknownLabels()).contains("kubevirt.io/created-by");
  }

  @Test
  void aLabelOfUnknownValueMayMatchAndAKnownOneMayNot() {
    Workload machine = only(machine("runStrategy: Always"));
    assertThat(machine.mayMatch(Selector.ofLabels(Map.of("kubevirt.io/created-by", "some"))))
        .isTrue();
    assertThat(machine.mayMatch(Selector.ofLabels(Map.of("vm.kubevirt.io/name", "other"))))
        .isFalse();
    assertThat(machine.mayMatch(Selector.ofLabels(Map.of("pod-template-hash", "some")))).isFalse();
  }

  @Test
  void theNameOnThePodIsTheHostname() {
    Workload machine =
        only(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: db.of.shop}
            spec: {}
            """);
    assertThat(machine.labels()).containsEntry("vm.kubevirt.io/name", "db");
    Workload named =
        only(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: db}
            spec: {hostname: first}
            """);
    assertThat(named.labels()).containsEntry("vm.kubevirt.io/name", "first");
  }

  @Test
  void portsOfInterfacesArePortsOfThePod() {
    Workload machine =
        only(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: db}
            spec:
              domain:
                devices:
                  interfaces:
                  - {name: default, masquerade: {}, ports: [{name: sql, port: 5432}]}
                  - {name: more, bridge: {}, ports: [{port: 53, protocol: UDP}]}
            """);
    assertThat(machine.portNamed("sql", Protocol.TCP)).contains(5432);
    assertThat(machine.ports())
        .extracting(PodPort::number, PodPort::protocol)
        .containsExactly(tuple(5432, Protocol.TCP), tuple(53, Protocol.UDP));
    // what is said about a port can be shown
    assertThat(machine.cluster().at(machine.ports().get(1).model(), "port").span().line())
        .isEqualTo(9);
  }

  @Test
  void aHaltedMachineHasNoPod() {
    assertThat(only(machine("running: false")).replicas()).isZero();
    assertThat(only(machine("runStrategy: Halted")).replicas()).isZero();
    for (String running :
        List.of("running: true", "runStrategy: Manual", "runStrategy: RerunOnFailure")) {
      assertThat(only(machine(running)).replicas()).as(running).isEqualTo(1);
    }
  }

  @Test
  void setsAndPoolsMakeSeveral() {
    Workload set =
        only(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstanceReplicaSet
            metadata: {name: web}
            spec: {replicas: 3, template: {metadata: {labels: {app: web}}, spec: {}}}
            """);
    assertThat(set.replicas()).isEqualTo(3);
    assertThat(set.isOnePod()).isFalse();
    assertThat(set.labels()).isEqualTo(Map.of("app", "web", "kubevirt.io", "virt-launcher"));
    assertThat(set.mayMatch(Selector.ofLabels(Map.of("vm.kubevirt.io/name", "web7x")))).isTrue();
    Workload pool =
        only(
            """
            apiVersion: pool.kubevirt.io/v1beta1
            kind: VirtualMachinePool
            metadata: {name: web}
            spec:
              replicas: 2
              virtualMachineTemplate:
                spec: {running: false, template: {metadata: {labels: {app: web}}, spec: {}}}
            """);
    assertThat(pool.replicas()).isZero();
    assertThat(pool.labels()).containsEntry("app", "web");
  }

  @Test
  void whatRunsAMachineOfTheInputIsNotCountedOnceMore() {
    String running =
        """
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: db, namespace: shop}
        spec: {}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: virt-launcher-db-x7
          namespace: shop
          ownerReferences: [{apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, name: db, uid: u}]
        spec: {containers: [{name: compute, image: launcher}]}
        """;
    assertThat(workloads(machine("running: true") + running))
        .extracting(Workload::toString)
        .containsExactly("VirtualMachine shop/db");
    assertThat(workloads(running))
        .extracting(Workload::toString)
        .containsExactly("VirtualMachineInstance shop/db");
    assertThat(workloads(machine("running: true").replace("shop", "bank") + running))
        .extracting(Workload::toString)
        .containsExactly("VirtualMachine bank/db", "VirtualMachineInstance shop/db");
  }

  @Test
  void aMachineIsNoMakerOfHiddenPods() {
    assertThat(Worlds.of(machine("running: true")).mayHaveHiddenPods()).isFalse();
  }

  @Test
  void aMachineWithoutATemplateIsNoWorkload() {
    assertThat(
            workloads(
                """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachine
                metadata: {name: db}
                spec: {running: true}
                """))
        .isEmpty();
  }
}
