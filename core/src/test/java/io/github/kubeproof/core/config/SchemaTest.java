package io.github.kubeproof.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.github.kubeproof.core.lint.Confidence;
import io.github.kubeproof.core.lint.RuleInfo;
import io.github.kubeproof.core.lint.Severity;
import io.github.kubeproof.core.source.Limits;
import io.github.kubeproof.core.source.Node;
import io.github.kubeproof.core.source.Node.Mapping;
import io.github.kubeproof.core.source.Node.Scalar;
import io.github.kubeproof.core.source.Source;
import io.github.kubeproof.core.source.UserError;
import io.github.kubeproof.core.source.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the loader takes, the schema takes; what it refuses, the schema refuses. */
class SchemaTest {

  static final List<RuleInfo> RULES =
      List.of(
          rule("KP205", "wide"), rule("KP404", "dead"), rule("KP407", "node-port-out-of-range"));

  @TempDir private Path folder;

  private static final Path SAMPLES =
      Path.of("src", "test", "resources", "io", "github", "kubeproof", "core", "config");

  private static RuleInfo rule(String id, String name) {
    return RuleInfo.of(id, name, Severity.WARNING, Confidence.PROVED, "a summary");
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  static List<Path> good() throws IOException {
    return files("good");
  }

  static List<Path> bad() throws IOException {
    return files("bad");
  }

  private static JsonSchema schema() throws JsonProcessingException {
    return JsonSchemaFactory.getInstance(VersionFlag.V7)
        .getSchema(new ObjectMapper().readTree(Schema.text(RULES)));
  }

  private static Set<ValidationMessage> judge(String text) throws JsonProcessingException {
    return schema().validate(json(text));
  }

  private static JsonNode json(String text) {
    Source source = new Source("sample.yaml", text);
    return new YamlReader(Limits.DEFAULT)
        .read(source).documents().stream()
            .findFirst()
            .map(document -> json(document.root()))
            .orElseGet(() -> json().nullNode());
  }

  private static JsonNodeFactory json() {
    return JsonNodeFactory.instance;
  }

  /** As editors see it, by YAML 1.2: only true and false are booleans. */
  private static JsonNode json(Node node) {
    if (node instanceof Mapping mapping) {
      ObjectNode object = json().objectNode();
      mapping.entries().forEach(entry -> object.set(entry.key(), json(entry.value())));
      return object;
    }
    if (node instanceof Scalar scalar) {
      Object value = scalar.value();
      if (value instanceof Long number) {
        return json().numberNode(number);
      }
      if (value instanceof Double number) {
        return json().numberNode(number);
      }
      if (value instanceof Boolean flag && scalar.text().equals(flag.toString())) {
        return json().booleanNode(flag);
      }
      return value == null ? json().nullNode() : json().textNode(scalar.text());
    }
    ArrayNode array = json().arrayNode();
    node.asItems().forEach(item -> array.add(json(item)));
    return array;
  }

  @ParameterizedTest
  @MethodSource("good")
  void bothTakeWhatIsGood(Path file) throws IOException {
    assertThat(Configuration.read(file, RULES).file()).isEqualTo(file.toAbsolutePath());
    assertThat(judge(Files.readString(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void bothRefuseWhatIsBad(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String expected = lines.get(0).substring("# expect: ".length());
    assertThatThrownBy(() -> Configuration.read(file, RULES))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("src/test/resources/")
        .hasMessageContaining(expected);
    boolean beyondTheSchema =
        lines.size() > 1 && lines.get(1).startsWith("# schema: accepts, because ");
    assertThat(judge(Files.readString(file)).isEmpty()).isEqualTo(beyondTheSchema);
  }

  @Test
  void theSchemaIsOneItself() throws JsonProcessingException {
    JsonSchema draft =
        JsonSchemaFactory.getInstance(VersionFlag.V7)
            .getSchema(java.net.URI.create("http://json-schema.org/draft-07/schema#"));

    assertThat(draft.validate(new ObjectMapper().readTree(Schema.text(RULES)))).isEmpty();
    assertThat(Schema.text(RULES)).contains("\"KP404\", \"dead\"").doesNotContain("@");
  }

  /** The keys that may stand at each place: {@code inputs.units[]} and so on. */
  @Test
  void bothKnowTheSameKeys() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(Schema.text(RULES));
    Path sample = SAMPLES.resolve("good").resolve("everything.yaml");
    Map<String, Set<String>> read = new TreeMap<>();
    Map<String, Set<String>> described = new TreeMap<>();
    JsonNode everything = json(Files.readString(sample));
    for (JsonPointer at : maps(everything, JsonPointer.empty())) {
      List<JsonNode> here = at(at, List.of(schema), schema);
      if (here.stream().anyMatch(node -> node.has("properties"))) {
        String place = place(at);
        read.computeIfAbsent(place, p -> new TreeSet<>()).addAll(known(everything, at));
        Set<String> keys = described.computeIfAbsent(place, p -> new TreeSet<>());
        here.forEach(node -> node.path("properties").fieldNames().forEachRemaining(keys::add));
      }
    }

    assertThat(read).isEqualTo(described).hasSizeGreaterThan(20);
    assertThat(read.get("")).contains("version", "inputs", "intents");
    // every key stands in the sample, so nothing that the schema describes was left out
    read.forEach(
        (place, keys) ->
            assertThat(
                    maps(everything, JsonPointer.empty()).stream()
                        .filter(at -> kind(place(at)).equals(kind(place)))
                        .flatMap(at -> names(everything.at(at)).stream()))
                .as(place)
                .containsAll(keys));
  }

  /** What the loader says it knows beside a key that it does not know. */
  private Set<String> known(JsonNode everything, JsonPointer at) throws IOException {
    JsonNode copy = everything.deepCopy();
    ((ObjectNode) copy.at(at)).put("no-key-of-any-map", true);
    Path file = folder.resolve("everything.yaml");
    Files.writeString(file, copy.toString());
    UserError error = catchThrowableOfType(UserError.class, () -> Configuration.read(file, RULES));
    String message = String.valueOf(error.getMessage());
    assertThat(message).contains("unknown key \"no-key-of-any-map\"; known here: ");
    return Set.of(message.replaceFirst(".*; known here: ", "").split(", "));
  }

  private static String place(JsonPointer at) {
    return at.toString().replaceAll("/[0-9]+", "[]");
  }

  /** Places where the same may be said. */
  private static String kind(String place) {
    return place
        .replaceAll("/intents\\[]/assume", "/assume")
        .replaceAll("^/rules/[^/]+", "/rules/rule")
        .replaceAll("/(allow|deny)", "/flows")
        .replaceAll("/(from|to)", "/party")
        .replaceAll("/(namespace|pod)Selector", "/selector");
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<JsonPointer> maps(JsonNode node, JsonPointer at) {
    List<JsonPointer> found = new ArrayList<>();
    if (node.isObject()) {
      found.add(at);
    }
    node.properties()
        .forEach(field -> found.addAll(maps(field.getValue(), at.appendProperty(field.getKey()))));
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        found.addAll(maps(node.get(i), at.appendIndex(i)));
      }
    }
    return found;
  }

  /** All parts of a schema that speak of a place. */
  private static List<JsonNode> at(JsonPointer place, List<JsonNode> from, JsonNode schema) {
    List<JsonNode> here = from.stream().flatMap(node -> meant(node, schema)).toList();
    if (place.matches()) {
      return here;
    }
    String key = place.getMatchingProperty();
    List<JsonNode> below =
        here.stream()
            .map(
                node ->
                    place.mayMatchElement()
                        ? node.path("items")
                        : node.path("properties").has(key)
                            ? node.path("properties").path(key)
                            : node.path("additionalProperties"))
            .filter(JsonNode::isObject)
            .toList();
    return at(place.tail(), below, schema);
  }

  private static Stream<JsonNode> meant(JsonNode node, JsonNode schema) {
    if (node.has("$ref")) {
      return meant(schema.at(node.get("$ref").asText().substring(1)), schema);
    }
    if (node.has("oneOf") && !node.has("properties")) {
      return StreamSupport.stream(node.get("oneOf").spliterator(), false)
          .flatMap(choice -> meant(choice, schema));
    }
    return Stream.of(node);
  }
}
