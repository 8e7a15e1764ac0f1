package io.github.kubeproof.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kubeproof.core.source.Document;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogueTest {

  @Test
  void catalogueIsWhatTheSchemasSay() throws IOException {
    Path schemas = Oracle.SHARED.resolve("oracle/apiserver/crds");
    assumeTrue(Files.isDirectory(schemas), "no schemas in " + schemas);
    String written;
    try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.txt")) {
      written = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String header = written.substring(0, written.indexOf("\n\n") + 2);

    // to renew the file: put what this expects below the header
    assertThat(written).isEqualTo(header + new Writer().write(schemas));
  }

  private static List<String> problems(String text) {
    return Yaml.read(text).problems().stream().map(Problem::message).toList();
  }

  @Test
  void routeIsCheckedAgainstTheCatalogue() {
    assertThat(
            problems(
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata:
                  name: a
                  labels: {on: 1}
                spec:
                  hostnames: a.example.com
                  parentRefs:
                  - name: gateway
                    port: http
                  rules:
                  - backendRefs:
                    - serviceName: web
                      port: 80.5
                    matches:
                    - path: {type: Exact, value: 1}
                  - timeouts: null
                status: whatever
                """))
        .containsExactly(
            "metadata.labels.true is the number 1, but must be a string",
            "spec.hostnames is the string \"a.example.com\", but must be a list",
            "spec.parentRefs[0].port is the string \"http\", but must be a number",
            "unknown field \"spec.rules[0].backendRefs[0].serviceName\" in HTTPRoute",
            "required field \"spec.rules[0].backendRefs[0].name\" is missing in HTTPRoute",
            "spec.rules[0].backendRefs[0].port is the number 80.5, but must be a whole number",
            "spec.rules[0].matches[0].path.value is the number 1, but must be a string");
  }

  @Test
  void fieldsDependOnTheVersion() {
    String route =
        """
        apiVersion: gateway.networking.k8s.io/%s
        kind: TLSRoute
        metadata: {name: a}
        spec: {rules: []}
        """;

    assertThat(problems(route.formatted("v1alpha2"))).isEmpty();
    assertThat(problems(route.formatted("v1")))
        .containsExactly("required field \"spec.hostnames\" is missing in TLSRoute");
  }

  @Test
  void adminPolicyOfTheOldShapeIsReportedInTheNewKind() {
    assertThat(
            problems(
                """
                apiVersion: policy.networking.k8s.io/v1alpha2
                kind: ClusterNetworkPolicy
                metadata: {name: a}
                spec:
                  tier: Admin
                  priority: 10
                  subject: {namespaces: {app: web}}
                  ingress:
                  - action: Accept
                    from: [{namespaces: {}}]
                    ports: []
                """))
        .containsExactly(
            "unknown field \"spec.subject.namespaces.app\" in ClusterNetworkPolicy, labels belong"
                + " under \"matchLabels\"",
            "unknown field \"spec.ingress[0].ports\" in ClusterNetworkPolicy, did you mean"
                + " \"protocols\"?");
  }

  @Test
  void kindsOutsideTheCatalogueAreNotChecked() {
    assertThat(
            problems(
                """
                apiVersion: gateway.networking.k8s.io/v1alpha9
                kind: HTTPRoute
                metadata: {name: a}
                spec: {anything: goes}
                """))
        .isEmpty();
  }

  /** Writes the lines of the catalogue from the schemas. */
  private static final class Writer {
    private final Map<String, String> kinds = new TreeMap<>();
    private final Map<String, String> namesByFields = new LinkedHashMap<>();

    String write(Path folder) throws IOException {
      List<Path> files = new ArrayList<>();
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.yaml")) {
        found.forEach(files::add);
      }
      files.sort(null);
      for (Path file : files) {
        for (Document document : Yaml.documents(file.toString(), Files.readString(file))) {
          document.root().asMapping().ifPresent(this::addKind);
        }
      }
      StringBuilder text = new StringBuilder();
      kinds.forEach((kind, shape) -> text.append(kind).append(": ").append(shape).append('\n'));
      namesByFields.forEach(
          (fields, name) -> text.append(name).append(": ").append(fields).append('\n'));
      return text.toString();
    }

    private void addKind(Node.Mapping crd) {
      Node.Mapping spec = map(crd, "spec");
      String group = spec.string("group").orElseThrow();
      if (group.endsWith(".x-k8s.io")) {
        return;
      }
      String kind = map(spec, "names").string("kind").orElseThrow();
      for (Node version : spec.get("versions").orElseThrow().asItems()) {
        Node.Mapping schema =
            map(map(version.asMapping().orElseThrow(), "schema"), "openAPIV3Schema");
        String name = version.asMapping().orElseThrow().string("name").orElseThrow();
        kinds.put(group + "/" + name + " " + kind, shape(schema, kind, ""));
      }
    }

    private String shape(Node.Mapping schema, String key, String parent) {
      List<String> required =
          schema.get("required").map(Node::asItems).orElse(List.of()).stream()
              .map(item -> item.asString().orElseThrow())
              .toList();
      String name = Character.toUpperCase(key.charAt(0)) + key.substring(1);
      StringBuilder fields = new StringBuilder();
      for (Node.Entry property : map(schema, "properties").entries()) {
        Node.Mapping type = property.value().asMapping().orElseThrow();
        String written =
            parent.isEmpty() && property.key().equals("metadata")
                ? "ObjectMeta"
                : parent.isEmpty() && property.key().equals("status")
                    ? "any"
                    : type(type, property.key(), parent.isEmpty() ? key : parent + name);
        // what has a default may be left out
        boolean needed = required.contains(property.key()) && type.get("default").isEmpty();
        fields.append(fields.isEmpty() ? "" : " ").append(property.key());
        fields.append(needed ? "!=" : "=").append(written);
      }
      String known = namesByFields.get(fields.toString());
      if (known != null) {
        return known;
      }
      String free = key.equals("spec") || namesByFields.containsValue(name) ? parent + name : name;
      for (int i = 2; namesByFields.containsValue(free); i++) {
        free = parent + name + i;
      }
      namesByFields.put(fields.toString(), free);
      return free;
    }

    private String type(Node.Mapping schema, String key, String parent) {
      String type = schema.string("type").orElseThrow();
      return switch (type) {
        case "string" -> "string";
        case "integer" -> "int";
        case "boolean" -> "bool";
        case "array" -> "[" + type(map(schema, "items"), key, parent) + "]";
        case "object" ->
            schema.get("properties").isPresent()
                ? shape(schema, key, parent)
                : schema.get("additionalProperties").isPresent()
                    ? "{" + type(map(schema, "additionalProperties"), key, parent) + "}"
                    : "{}";
        default -> throw new AssertionError("a type that the catalogue has no word for: " + type);
      };
    }

    private static Node.Mapping map(Node.Mapping parent, String key) {
      return parent.get(key).flatMap(Node::asMapping).orElseThrow();
    }
  }
}
