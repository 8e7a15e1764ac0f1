package io.github.kubeproof.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.traffic.Address;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.Flow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WitnessesTest {

  private static final Pod WEB =
      new Pod(
          "Deployment shop/web", 0, "shop", Map.of(), Map.of("app", "web"), Map.of(), List.of());

  private static Pod unknown(
      String namespace, Map<String, String> namespaceLabels, Map<String, String> labels) {
    return new Pod("a pod", 0, namespace, namespaceLabels, labels, Map.of(), List.of());
  }

  @Test
  void aPodOfTheInputIsCalledByItsName() {
    Flow flow = new Flow(new Outside(Address.of("203.0.113.1")), WEB, Protocol.TCP, 8080);
    assertThat(Witnesses.sentence(flow))
        .isEqualTo("203.0.113.1 (outside the cluster) -> Deployment shop/web on port 8080/TCP");
  }

  @Test
  void twoPodsOfOneWorkloadAreToldApart() {
    Pod other = new Pod(WEB.id(), 1, "shop", Map.of(), WEB.labels(), Map.of(), List.of());
    assertThat(Witnesses.sentence(new Flow(WEB, other, Protocol.TCP, 80)))
        .isEqualTo("Deployment shop/web -> another pod of Deployment shop/web on port 80/TCP");
    assertThat(Witnesses.sentence(new Flow(WEB, WEB, Protocol.TCP, 80)))
        .isEqualTo("Deployment shop/web -> Deployment shop/web on port 80/TCP");
  }

  @Test
  void anyOtherPodIsDescribedByItsLabels() {
    assertThat(Witnesses.phrase(unknown("dev", Map.of("team", "x"), Map.of("b", "2", "a", "1"))))
        .isEqualTo("a pod labelled a=1, b=2 in namespace dev");
    assertThat(
            Witnesses.phrase(
                unknown("", Map.of("kubernetes.io/metadata.name", "other", "team", "y"), Map.of())))
        .isEqualTo("a pod without labels in a namespace labelled team=y");
    assertThat(Witnesses.phrase(unknown("", Map.of(), Map.of("app", "x"))))
        .isEqualTo("a pod labelled app=x in a namespace without labels");
  }

  @Test
  void aHostIsANodeOrAWorkloadOnIt() {
    assertThat(Witnesses.phrase(new Host("a node", List.of()))).isEqualTo("a node");
    assertThat(Witnesses.phrase(new Host("DaemonSet kube-system/proxy", List.of())))
        .isEqualTo("DaemonSet kube-system/proxy (on its node's network)");
  }
}
