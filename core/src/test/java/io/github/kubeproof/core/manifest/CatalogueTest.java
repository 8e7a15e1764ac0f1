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
import java.util.stream.Collectors;
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

    // -Dcatalogue.renew=true writes the file anew; the header is by hand
    String renewed = header + new Writer().write(schemas);
    if (Boolean.getBoolean("catalogue.renew")) {
      Files.writeString(
          Path.of("src/main/resources/io/github/kubeproof/core/manifest/catalogue.txt"), renewed);
    }
    assertThat(written).isEqualTo(renewed);
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
        spec: {rules: [{backendRefs: [{name: a, port: 1}]}]}
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
    private static final List<String> LIMITS =
        List.of(
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties");

    private static final String ADDRESS =
        "[{\"properties\": {\"type\": {\"enum\": [\"IPAddress\"]}, \"value\": {\"anyOf\": [{\"format\":"
            + " \"ipv4\"}, {\"format\": \"ipv6\"}]}}}, {\"properties\": {\"type\": {\"not\":"
            + " {\"enum\": [\"IPAddress\"]}}}}]";

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
      List<String> facts = new ArrayList<>(facts(schema, "."));
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
        if (!written.equals("any")) {
          facts.addAll(factsBelow(type, property.key()));
        }
        type.get("default")
            .ifPresent(value -> facts.add(property.key() + " default " + json(value)));
      }
      facts.forEach(fact -> fields.append("\n- ").append(fact));
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

    /** The facts about a value and its items; those about a shape stand below the shape. */
    private static List<String> factsBelow(Node.Mapping schema, String field) {
      List<String> facts = new ArrayList<>();
      if (schema.get("properties").isEmpty()) {
        facts.addAll(facts(schema, field));
      }
      schema
          .get("items")
          .flatMap(Node::asMapping)
          .ifPresent(items -> facts.addAll(factsBelow(items, field + "[]")));
      schema
          .get("additionalProperties")
          .flatMap(Node::asMapping)
          .ifPresent(values -> facts.addAll(factsBelow(values, field + "{}")));
      return facts;
    }

    /** What a schema asks of a value beyond its type, a line each. */
    private static List<String> facts(Node.Mapping schema, String field) {
      List<String> facts = new ArrayList<>();
      for (String fact : LIMITS) {
        schema
            .get(fact)
            .map(value -> ((Node.Scalar) value).text())
            .ifPresent(limit -> facts.add(field + " " + fact + " " + limit));
      }
      schema.get("enum").ifPresent(words -> facts.add(field + " enum " + json(words)));
      schema.string("pattern").ifPresent(pattern -> facts.add(field + " pattern " + pattern));
      schema
          .string("format")
          .filter(format -> format.equals("int32") && schema.get("maximum").isEmpty())
          .ifPresent(
              format -> {
                facts.add(field + " minimum " + Integer.MIN_VALUE);
                facts.add(field + " maximum " + Integer.MAX_VALUE);
              });
      if (schema.get("oneOf").isPresent()) {
        // the one schema with alternatives: an address is an IPv4 or IPv6 one if its type says so
        assertThat(json(schema.get("oneOf").get())).isEqualTo(ADDRESS);
        facts.add(field + " address -");
      }
      switch (schema.string("x-kubernetes-list-type").orElse("")) {
        case "set" -> facts.add(field + " different .");
        case "map" ->
            facts.add(
                schema.get("x-kubernetes-list-map-keys").orElseThrow().asItems().stream()
                    .map(key -> key.asString().orElseThrow())
                    .collect(Collectors.joining(",", field + " different ", "")));
        default -> {
          // atomic: the items need not differ
        }
      }
      for (Node rule :
          schema.get("x-kubernetes-validations").map(Node::asItems).orElse(List.of())) {
        Node.Mapping map = rule.asMapping().orElseThrow();
        String condition = map.string("rule").orElseThrow().strip().replaceAll("\\s*\n\\s*", " ");
        // what compares with the object before is not asked when an object is made
        if (!condition.contains("oldSelf")) {
          facts.add(field + " rule " + condition + " ## " + map.string("message").orElseThrow());
        }
      }
      return facts;
    }

    private static String json(Node node) {
      if (node instanceof Node.Mapping map) {
        return map.entries().stream()
            .map(entry -> "\"" + entry.key() + "\": " + json(entry.value()))
            .collect(Collectors.joining(", ", "{", "}"));
      }
      if (node instanceof Node.Sequence list) {
        return list.items().stream().map(Writer::json).collect(Collectors.joining(", ", "[", "]"));
      }
      return node.asString()
          .map(text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
          .orElse(((Node.Scalar) node).text());
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
