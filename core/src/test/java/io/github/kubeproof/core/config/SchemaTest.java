package io.github.kubeproof.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the loader takes, the schema takes; what it refuses, the schema refuses. */
class SchemaTest {

  static final List<RuleInfo> RULES =
      List.of(
          rule("KP205", "wide"), rule("KP404", "dead"), rule("KP407", "node-port-out-of-range"));

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
    Source source = new Source("sample.yaml", text);
    List<Node> roots =
        new YamlReader(Limits.DEFAULT)
            .read(source).documents().stream().map(d -> d.root()).toList();
    return schema().validate(roots.isEmpty() ? json().nullNode() : json(roots.get(0)));
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
}
