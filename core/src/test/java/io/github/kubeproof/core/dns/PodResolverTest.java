package io.github.kubeproof.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kubeproof.core.dns.PodResolver.Event;
import io.github.kubeproof.core.dns.PodResolver.Kubelet;
import io.kubernetes.client.openapi.models.V1PodDNSConfig;
import io.kubernetes.client.openapi.models.V1PodDNSConfigOption;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What kubelet's own code made of pods and nodes. */
class PodResolverTest {

  private static final Path ANSWERS =
      Path.of("..", "..", "shared", "oracle", "coredns", "poddns.jsonl");

  @TestFactory
  Stream<DynamicTest> podsAreResolvedAsKubeletDoes() throws IOException {
    assumeTrue(Files.exists(ANSWERS), "kubelet's answers are not beside the project");
    Gson gson = new Gson();
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : Files.readAllLines(ANSWERS)) {
      JsonObject answer = gson.fromJson(line, JsonObject.class);
      tests.add(dynamicTest(answer.get("name").getAsString(), () -> compare(answer)));
    }
    return tests.stream();
  }

  private static void compare(JsonObject answer) {
    JsonObject node = answer.getAsJsonObject("node");
    Optional<NodeResolver> resolver = resolver(node);
    if (resolver.isEmpty()) {
      assertThat(answer.get("result").isJsonNull()).as("no pod is made").isTrue();
      return;
    }
    JsonObject pod = answer.getAsJsonObject("pod");
    Kubelet kubelet =
        new Kubelet(
            resolver.get(),
            texts(node.get("cluster_dns")),
            node.get("cluster_domain").getAsString());
    PodResolver ours = PodResolver.of(spec(pod), pod.get("namespace").getAsString(), kubelet);
    JsonObject result = answer.getAsJsonObject("result");
    assertThat(ours.nameservers()).isEqualTo(texts(result.get("nameservers")));
    assertThat(ours.searches()).isEqualTo(texts(result.get("searches")));
    assertThat(ours.options()).isEqualTo(texts(result.get("options")));
    JsonObject dropped = answer.getAsJsonObject("dropped_by_limits");
    assertThat(ours.droppedNameservers()).isEqualTo(texts(dropped.get("nameservers")));
    assertThat(ours.droppedSearches()).isEqualTo(texts(dropped.get("searches")));
    assertThat(ours.events("p_shop(u)")).isEqualTo(events(answer.getAsJsonArray("events")));
  }

  /** Empty where the node has no file that kubelet was told to read: then it makes no pod. */
  private static Optional<NodeResolver> resolver(JsonObject node) {
    if (node.get("resolv_conf").isJsonNull()) {
      return Optional.of(NodeResolver.without(texts(node.get("node_ips"))));
    }
    String text = node.get("resolv_conf").getAsString();
    return text.equals("missing") ? Optional.empty() : Optional.of(NodeResolver.of(text));
  }

  private static V1PodSpec spec(JsonObject pod) {
    V1PodSpec spec = new V1PodSpec();
    if (pod.has("dnsPolicy")) {
      spec.setDnsPolicy(pod.get("dnsPolicy").getAsString());
    }
    if (pod.has("hostNetwork")) {
      spec.setHostNetwork(pod.get("hostNetwork").getAsBoolean());
    }
    if (pod.has("dnsConfig")) {
      JsonObject config = pod.getAsJsonObject("dnsConfig");
      V1PodDNSConfig model = new V1PodDNSConfig();
      model.setNameservers(texts(config.get("nameservers")));
      model.setSearches(texts(config.get("searches")));
      if (config.has("options")) {
        for (JsonElement option : config.getAsJsonArray("options")) {
          V1PodDNSConfigOption item = new V1PodDNSConfigOption();
          JsonObject json = option.getAsJsonObject();
          item.setName(json.has("name") ? json.get("name").getAsString() : null);
          item.setValue(json.has("value") ? json.get("value").getAsString() : null);
          model.addOptionsItem(item);
        }
      }
      spec.setDnsConfig(model);
    }
    return spec;
  }

  private static List<Event> events(JsonArray events) {
    List<Event> found = new ArrayList<>();
    for (JsonElement event : events) {
      JsonObject json = event.getAsJsonObject();
      assertThat(json.get("type").getAsString()).isEqualTo("Warning");
      found.add(
          new Event(
              json.get("on").getAsString(),
              json.get("reason").getAsString(),
              json.get("message").getAsString()));
    }
    return found;
  }

  private static List<String> texts(JsonElement array) {
    List<String> texts = new ArrayList<>();
    if (array != null) {
      array.getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
    }
    return texts;
  }

  @Test
  void aPodWithoutAnythingAsksTheCluster() {
    assertThat(PodResolver.sourceOf(new V1PodSpec())).isEqualTo(PodResolver.Source.CLUSTER);
    assertThat(PodResolver.sourceOf(new V1PodSpec().hostNetwork(true)))
        .isEqualTo(PodResolver.Source.NODE);
  }
}
