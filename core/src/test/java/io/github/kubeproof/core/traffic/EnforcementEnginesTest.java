package io.github.kubeproof.core.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.cluster.Direction;
import io.github.kubeproof.core.cluster.Policy;
import io.github.kubeproof.core.cluster.Protocol;
import io.github.kubeproof.core.cluster.Workload;
import io.github.kubeproof.core.cluster.World;
import io.github.kubeproof.core.cluster.Worlds;
import io.github.kubeproof.core.traffic.Endpoint.Host;
import io.github.kubeproof.core.traffic.Endpoint.Outside;
import io.github.kubeproof.core.traffic.Endpoint.Pod;
import io.github.kubeproof.core.traffic.PolicySemantics.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Our reading of NetworkPolicy against the verdicts of real enforcement engines. */
class EnforcementEnginesTest {

  private static final Path CASES =
      Path.of("..", "..", "shared", "oracle", "traffic", "networkpolicy");

  @Test
  void everyFlowHasTheVerdictOfTheEngines() throws IOException {
    assumeTrue(
        Files.isDirectory(CASES), "the verdicts of enforcement engines are not beside the project");
    int flows = 0;
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> cases = Files.list(CASES)) {
      for (Path folder : cases.sorted().toList()) {
        flows += check(folder, wrong);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(flows).isGreaterThan(30_000);
  }

  private static int check(Path folder, List<String> wrong) throws IOException {
    World world = Worlds.of(Files.readString(folder.resolve("manifests.yaml")));
    List<Meaning> policies = new ArrayList<>();
    Map<String, Workload> owners = new HashMap<>();
    world
        .clusters()
        .forEach(
            cluster -> {
              for (Policy policy : cluster.policies()) {
                policies.add(PolicySemantics.of(policy).orElseThrow());
              }
              cluster
                  .workloads()
                  .forEach(w -> owners.put(w.namespace() + "/" + w.kind() + "/" + w.name(), w));
            });
    Map<String, Endpoint> endpoints = new HashMap<>();
    for (Map<String, String> row : table(folder.resolve("pods.tsv"))) {
      endpoints.put(row.get("namespace") + "/" + row.get("pod"), endpoint(row, owners, world));
    }
    Traffic egress =
        Traffic.anyOf(new Traffic.ToItself(), Enforcement.of(policies).allowed(Direction.EGRESS));
    Traffic ingress =
        Traffic.anyOf(new Traffic.ToItself(), Enforcement.of(policies).allowed(Direction.INGRESS));
    Traffic allowed = Enforcement.of(policies).allowed();
    int flows = 0;
    for (Map<String, String> row : table(folder.resolve("flows.tsv"))) {
      Flow flow =
          new Flow(
              endpoint(row.get("src"), endpoints),
              endpoint(row.get("dst"), endpoints),
              Protocol.of(row.get("protocol")).orElseThrow(),
              Integer.parseInt(row.get("port")));
      boolean blockIsOutside = row.get("flags").contains("ipblock-matches-pod");
      String expected =
          blockIsOutside
              ? row.get("nopod")
              : row.get("egress") + "/" + row.get("ingress") + "/" + row.get("allowed");
      String actual =
          verdict(flow.from(), egress, flow)
              + "/"
              + verdict(flow.to(), ingress, flow)
              + "/"
              + (FlowEvaluator.contains(allowed, flow) ? "yes" : "no");
      if (!actual.equals(expected)) {
        wrong.add(folder.getFileName() + ": " + flow + ": " + actual + " instead of " + expected);
      }
      flows++;
    }
    return flows;
  }

  private static String verdict(Endpoint guarded, Traffic traffic, Flow flow) {
    if (guarded.asPod().isEmpty()) {
      return "-";
    }
    return FlowEvaluator.contains(traffic, flow) ? "allow" : "deny";
  }

  private static Endpoint endpoint(String text, Map<String, Endpoint> endpoints) {
    Endpoint known = endpoints.get(text);
    return known != null ? known : new Outside(Address.of(text));
  }

  private static Endpoint endpoint(
      Map<String, String> row, Map<String, Workload> owners, World world) {
    String namespace = row.get("namespace");
    String id = namespace + "/" + row.get("pod");
    List<Address> addresses = Stream.of(row.get("ip").split(",")).map(Address::of).toList();
    if (row.get("hostNetwork").equals("yes")) {
      return new Host(id, addresses);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : row.get("labels").split(";", -1)) {
      if (!label.isEmpty() && !label.equals("-")) {
        labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
      }
    }
    Workload owner = owners.get(namespace + "/" + row.get("owner"));
    assertThat(owner).as(row.toString()).isNotNull();
    return new Pod(
        id,
        0,
        namespace,
        // a namespace that no manifest declares has just its name
        world.namespaceLabels(namespace).orElse(Map.of("kubernetes.io/metadata.name", namespace)),
        labels,
        Endpoints.of(owner).asPod().orElseThrow().ports(),
        addresses);
  }

  private static List<Map<String, String>> table(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] header = lines.get(0).split("\t", -1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < header.length; i++) {
        row.put(header[i], i < cells.length ? cells[i] : "");
      }
      rows.add(row);
    }
    return rows;
  }
}
